/** F27: from the schema of the main job, and of every release since, to now: nothing is lost, and the house opens. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, expect, inject, test, vi } from 'vitest'
import { type Db, findAll, openDb } from '../src/base/db.ts'
import { freePort } from '../src/base/embedded-postgres.ts'
import { migrate, urlAs } from '../src/base/roles.ts'
import { caseRoutes } from '../src/cases/case.routes.ts'
import { makeConnectors } from '../src/connectors/connectors.ts'
import { testApp } from './app.ts'
import type { TestDb } from './db.ts'
import { testKey } from './key.ts'
import { freshFolder, runProgram, stopPrograms } from './running-program.ts'

vi.setConfig({ testTimeout: 120_000 })
const folder = mkdtempSync(join(tmpdir(), 'evenhand-upgrade-'))
afterAll(async () => {
  await stopPrograms()
  rmSync(folder, { recursive: true, force: true })
})

const mainJob = '6652008'
const git = (...args: string[]) => {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return ''
  }
}

/** The migrations of a commit, as files; null where that history is not at hand. */
function migrationsAt(commit: string): string | null {
  const names = git('ls-tree', '--name-only', commit, 'migrations/').split('\n').filter(Boolean)
  if (names.length === 0) return null
  const place = join(folder, commit)
  mkdirSync(place, { recursive: true })
  for (const name of names)
    writeFileSync(join(folder, commit, name.slice(11)), `${git('show', `${commit}:${name}`)}\n`)
  return place
}

function migrationsOfMainJob(): string {
  const place = join(folder, 'main-job')
  mkdirSync(place)
  copyFileSync('migrations/0001_main_job.sql', join(place, '0001_main_job.sql'))
  return place
}

const releases = git('tag', '--list').split('\n').filter(Boolean)
const from: [string, string][] = [
  ['the shipped schema of the main job', migrationsOfMainJob()],
  ...[mainJob, ...releases].flatMap((it): [string, string][] => {
    const place = migrationsAt(it)
    return place ? [[it, place]] : []
  }),
]

async function anOldDatabase(place: string) {
  const name = `up_${randomBytes(6).toString('hex')}`
  const admin = openDb(inject('postgresUrl'), { max: 1 })
  await sql`create database ${sql.id(name)}`.execute(admin.db)
  const ownerUrl = inject('postgresUrl').replace(/postgres$/, name)
  const owner = openDb(ownerUrl, { max: 2 })
  await migrate(owner.db, owner.pool, { from: place })
  await sql.raw(readFileSync('test/upgrade/main-job.sql', 'utf8')).execute(owner.db)
  return {
    owner,
    ownerUrl,
    async [Symbol.asyncDispose]() {
      await owner.db.destroy()
      await sql`drop database ${sql.id(name)} with (force)`.execute(admin.db)
      await admin.db.destroy()
    },
  }
}

type Shape = { table: string; columns: string[] }
const shapes = (db: Db) =>
  findAll(
    db,
    sql<Shape>`select table_name as "table", array_agg(column_name::text order by ordinal_position) as columns
      from information_schema.columns where table_schema = 'public' and table_name not like 'kysely%' group by 1`,
  )

/** Every row, in the columns that there were. */
async function rowsOf(db: Db, tables: readonly Shape[]): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {}
  for (const { table, columns } of tables) {
    // As they are called: sign-in's columns are in camel case.
    const list = sql.raw(columns.map((it) => `"${it}"`).join(', '))
    const rows = await findAll(
      db,
      sql<{
        row: string
      }>`select to_jsonb(it)::text as row from (select ${list} from ${sql.table(table)}) it order by 1`,
    )
    all[table] = rows.map((it) => it.row)
  }
  return all
}

/** Columns that a later migration folded into others: named one by one, with where they went. */
const moved: Record<string, string[]> = { workspaces: ['work_days', 'work_from_minute', 'work_to_minute'] }

test.each(from)(
  'from %s to now: every row is there, the house opens, a case can be read',
  async (_name, place) => {
    await using old = await anOldDatabase(place)
    const { db, pool } = old.owner
    const before = (await shapes(db)).map((it) => ({
      ...it,
      columns: it.columns.filter((column) => !moved[it.table]?.includes(column)),
    }))
    const rows = await rowsOf(db, before)
    expect(Object.keys(rows).filter((table) => rows[table]!.length === 0)).toEqual([])

    const done = await migrate(db, pool)

    if (place.endsWith('main-job')) expect(done.length).toBeGreaterThan(5)
    // Whoever set the house up had its console: their address counts as proved.
    rows.auth_users = rows.auth_users!.map((it) =>
      it.replace('"emailVerified": false', '"emailVerified": true'),
    )
    expect(await rowsOf(db, before)).toEqual(rows)
    const program = runProgram({
      DATABASE_URL: old.ownerUrl,
      EVENHAND_KEY: testKey.toString('base64'),
      EVENHAND_DATA: join(freshFolder(), 'data'),
      EVENHAND_JETSTREAM: 'off',
      EVENHAND_APPVIEW: 'off',
      PORT: String(await freePort()),
    })
    await program.until(/Evenhand is at/)
    expect(await program.stop()).toBe(0)
    // Paused, so that nothing went out on the way.
    expect(await findAll(db, sql`select state from replies`)).toEqual([{ state: 'queued' }])
    expect(await readCase(old.ownerUrl, db)).toMatchObject({
      card: { number: 1, status: 'open' },
      posts: [{ text: 'Acme, my parcel never came' }],
      notes: [{ text: 'Rang the depot' }],
      replies: [{ state: 'queued', text: 'We look into it.' }],
    })
  },
)

async function readCase(ownerUrl: string, owner: Db): Promise<unknown> {
  const url = urlAs(ownerUrl, 'evenhand_app', testKey)
  const app = openDb(url, { max: 3 })
  const it = { ...app, url, owner, ownerUrl } as unknown as TestDb
  const connectors = makeConnectors({ appViewUrl: null, plcUrl: 'http://127.0.0.1:1', rehearsalPace: 1 })
  const door = await testApp(it, {
    rooms: (mount, tools) => caseRoutes(mount, { ...tools, connectors } as never),
  })
  try {
    const answer = await door.app.inject({
      url: '/api/cases/018f0000-0000-7000-8000-0000000000e1',
      headers: await door.signIn({ agentId: '018f0000-0000-7000-8000-00000000000b' }),
    })
    return answer.json()
  } finally {
    await door.app.close()
    await app.db.destroy()
  }
}
