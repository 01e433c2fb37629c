/** R-20, V-07, F26: a backup of a running program, a restore beside its data, and what must not come back. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, expect, test, vi } from 'vitest'
import { ownerPassword } from '../src/base/database.ts'
import { findAll, findOne, inWorkspace, openDb } from '../src/base/db.ts'
import { freePort } from '../src/base/embedded-postgres.ts'
import { urlAs } from '../src/base/roles.ts'
import { aWorkspace } from './db.ts'
import { freshFolder, runCommand, runProgram, runScript, stopPrograms } from './running-program.ts'

vi.setConfig({ testTimeout: 120_000 })

const folders: string[] = []
afterAll(async () => {
  await stopPrograms()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
const ready = /Evenhand is at/

async function aPlace() {
  const folder = freshFolder()
  folders.push(folder)
  return { EVENHAND_DATA: join(folder, 'data'), PORT: String(await freePort()) }
}

/** As the owner, into the database of a program that runs. */
function ownerOf(data: string) {
  const master = Buffer.from(readFileSync(join(data, 'key'), 'utf8'), 'base64')
  const port = readFileSync(join(data, 'postgres/postmaster.pid'), 'utf8').split('\n')[3]
  const url = `postgres://evenhand:${encodeURIComponent(ownerPassword(master))}@127.0.0.1:${port}/postgres`
  const owner = openDb(url, { max: 2 })
  const app = openDb(urlAs(url, 'evenhand_app', master), { max: 2 })
  return {
    owner: owner.db,
    app: app.db,
    close: async () => void (await Promise.all([owner.db.destroy(), app.db.destroy()])),
  }
}

const canary = 'my parcel 8841 never came'

async function furnish(data: string) {
  const { owner, app, close } = ownerOf(data)
  const { workspaceId, agentId } = await aWorkspace(app)
  await inWorkspace(app, workspaceId, async (tx) => {
    for (const name of ['kim', 'lee']) {
      await sql`insert into authors (workspace_id, network, account_id, handle)
        values (${workspaceId}, 'bluesky', ${`did:plc:${name}`}, ${`${name}.example`})`.execute(tx)
      await sql`insert into posts (workspace_id, network, uri, cid, rev, thread_uri, author_account_id, author_id,
          text, said_at)
        select ${workspaceId}, 'bluesky', ${`at://${name}/1`}, 'c', 'r', ${`at://${name}/1`}, account_id, author_id,
          ${`${canary}, says ${name}`}, now() from authors where handle = ${`${name}.example`}`.execute(tx)
    }
    await sql`insert into cases (workspace_id, number, network, thread_uri, author_id, status, opened_at,
        last_said_at, kind, urgency, language, triage)
      select ${workspaceId}, 1, 'bluesky', 'at://kim/1', author_id, 'new', now(), now(), 'complaint', 1, 'en', '{}'
      from authors where handle = 'kim.example'`.execute(tx)
    await sql`insert into channels (workspace_id, network, account_id, handle, service_url, sealed_secret)
      values (${workspaceId}, 'bluesky', 'did:plc:us', 'acme.example', 'https://pds.example', 'sealed')`.execute(
      tx,
    )
    await sql`insert into replies (workspace_id, reply_id, case_id, channel_id, by_agent_id, text, thread_uri,
        parent_uri, frozen_key, frozen_uri, frozen_record, state, send_after)
      select ${workspaceId}, uuidv7(), case_id, channels.channel_id, ${agentId}, 'We look into it.', 'at://kim/1',
        'at://kim/1', 'k', 'at://us/1', '{}', 'queued', now() + interval '1 hour' from cases, channels`.execute(
      tx,
    )
    await sql`select graphile_worker.add_job('read-author', '{}'::json, run_at => now() + interval '1 hour')`.execute(
      tx,
    )
  })
  await sql`insert into auth_users (id, name, email) values ('u1', 'Ana', 'ana@acme.test')`.execute(owner)
  await sql`insert into auth_sessions (id, "userId", token, "expiresAt")
    values ('s1', 'u1', 'token', now() + interval '1 day')`.execute(owner)
  await close()
  return workspaceId
}

const textsOf = async (data: string, workspaceId: string) => {
  const { app, close } = ownerOf(data)
  const rows = await inWorkspace(app, workspaceId, (tx) =>
    findAll(tx, sql<{ uri: string; text: string | null }>`select uri, text from posts order by uri`),
  )
  await close()
  return rows
}

test('backed up while it runs, restored: what was erased since stays erased, nothing is sent again', async () => {
  const place = await aPlace()
  const data = place.EVENHAND_DATA
  const file = join(data, 'b.zip')
  const first = runProgram(place)
  await first.until(ready)
  const workspaceId = await furnish(data)

  const backup = runScript('scripts/backup.ts', place, ['--to', file])
  expect(await backup.exitCode, backup.said()).toBe(0)
  expect(backup.said()).toMatch(/b\.zip: \d+ tables, \d+ rows, .* MB in .* s\.\n.*personal data/)
  expect(backup.said()).toContain('The key is not in it')
  expect(statSync(file).mode & 0o777).toBe(0o600)

  // After the backup: Kim deletes her post, Lee his account; the one is filed, the other only in the database.
  const after = ownerOf(data)
  await inWorkspace(after.app, workspaceId, (tx) =>
    sql`update posts set text = null, embed = null, facets = '[]', deleted_at = now() where uri = 'at://kim/1'`.execute(
      tx,
    ),
  )
  await expect
    .poll(
      () => existsSync(join(data, 'erasures.jsonl')) && readFileSync(join(data, 'erasures.jsonl'), 'utf8'),
      {
        timeout: 20_000,
      },
    )
    .toMatch(/^\{"digest":"[0-9a-f]{64}","kind":"post","at":"[^"]+"\}\n$/)
  const busy = runScript('scripts/restore.ts', place, [file])
  expect(await busy.exitCode).toBe(1)
  expect(busy.said()).toMatch(/^Evenhand already runs on/)
  await first.stop()
  await after.close()
  const ledger = readFileSync(join(data, 'erasures.jsonl'), 'utf8')
  expect(ledger).not.toContain('kim')

  const restore = runScript('scripts/restore.ts', place, [file])
  expect(await restore.exitCode, restore.said()).toBe(0)
  expect(restore.said()).toContain('Erased again: 1. Replies that wait for a person instead of going out: 1.')
  expect(restore.said()).toContain('Invitations revoked: 0.')
  expect(readdirSync(data).filter((it) => it.startsWith('postgres.before-restore-'))).toHaveLength(1)

  const second = runProgram(place)
  await second.until(ready)
  expect(await textsOf(data, workspaceId)).toEqual([
    { uri: 'at://kim/1', text: null },
    { uri: 'at://lee/1', text: `${canary}, says lee` },
  ])
  const there = ownerOf(data)
  expect(await findAll(there.owner, sql`select state, detail from replies`)).toEqual([
    { state: 'needs-person', detail: 'restored' },
  ])
  expect(await findAll(there.owner, sql`select count(*)::int as n from auth_sessions`)).toEqual([{ n: 0 }])
  const jobs = sql`select task_identifier from graphile_worker.jobs
    where task_identifier in ('read-author', 'send-reply')`
  expect(await findAll(there.owner, jobs)).toEqual([{ taskIdentifier: 'read-author' }])
  expect(await findOne(there.owner, sql`select count(*)::int as n from backups`)).toEqual({ n: 0 })
  await there.close()
  await second.stop()
})

/** Instead of putting the restored database in its place: `node --import`. */
const killBeforeTheLastRename = `data:text/javascript,${encodeURIComponent(`
  import fs from 'node:fs'
  import { syncBuiltinESMExports } from 'node:module'
  const rename = fs.renameSync
  fs.renameSync = (from, to) => {
    if (to.endsWith('/postgres')) process.kill(process.pid, 'SIGKILL')
    rename(from, to)
  }
  syncBuiltinESMExports()`)}`

test('a restore killed between its renames is finished by the next start, and no empty house is made', async () => {
  const place = await aPlace()
  const data = place.EVENHAND_DATA
  const file = join(data, 'b.zip')
  const first = runProgram(place)
  await first.until(ready)
  const workspaceId = await furnish(data)
  expect(await runScript('scripts/backup.ts', place, ['--to', file]).exitCode).toBe(0)
  await first.stop()
  const killed = runCommand(
    process.execPath,
    ['--import', killBeforeTheLastRename, 'scripts/restore.ts', file],
    place,
  )
  expect(await killed.exitCode, killed.said()).toBe(null)
  expect(existsSync(join(data, 'postgres'))).toBe(false)
  const tooSoon = runScript('scripts/backup.ts', place)
  expect(await tooSoon.exitCode).toBe(1)
  expect(tooSoon.said()).toBe('A restore was stopped on its last step: start Evenhand, which finishes it.\n')

  const second = runProgram(place)
  await second.until(ready)

  expect(second.said()).toContain('A restore was stopped on its last step, and is finished now')
  expect(await textsOf(data, workspaceId)).toHaveLength(2)
  await second.stop()
  rmSync(join(data, 'postgres'), { recursive: true })
  const third = runProgram(place)
  expect(await third.exitCode).toBe(1)
  expect(third.said()).toMatch(
    /^There is no database in .*, but one that a restore put aside: rename postgres\.before/,
  )
})

test('an erasure of the last moment stands only in the database that is replaced, and holds all the same', async () => {
  const place = await aPlace()
  const data = place.EVENHAND_DATA
  const file = join(data, 'b.zip')
  const first = runProgram(place)
  await first.until(ready)
  const workspaceId = await furnish(data)
  await first.stop()
  expect(await runScript('scripts/backup.ts', place, ['--to', file, '--with-key']).exitCode).toBe(0)

  const second = runProgram(place)
  await second.until(ready)
  const there = ownerOf(data)
  await inWorkspace(there.app, workspaceId, (tx) =>
    sql`update authors set status = 'deleted' where account_id = 'did:plc:lee'`.execute(tx),
  )
  await there.close()
  await second.stop('SIGKILL')
  rmSync(join(data, 'erasures.jsonl'), { force: true })
  const reached = runScript('scripts/restore.ts', place, [file])

  expect(await reached.exitCode, reached.said()).toBe(0)
  const third = runProgram(place)
  await third.until(ready)
  expect(await textsOf(data, workspaceId)).toEqual([
    { uri: 'at://kim/1', text: `${canary}, says kim` },
    { uri: 'at://lee/1', text: null },
  ])
  await third.stop()
})

test('a new place with the key in the backup opens it; without the key it says what to do', async () => {
  const place = await aPlace()
  const first = runProgram(place)
  await first.until(ready)
  const workspaceId = await furnish(place.EVENHAND_DATA)
  const [plain, keyed] = ['plain.zip', 'keyed.zip'].map((it) => join(place.EVENHAND_DATA, it))
  expect(await runScript('scripts/backup.ts', place, ['--to', plain!]).exitCode).toBe(0)
  const withKey = runScript('scripts/backup.ts', place, ['--to', keyed!, '--with-key'])
  expect(await withKey.exitCode).toBe(0)
  expect(withKey.said()).toContain('whoever has this file can speak as your brand')
  await first.stop()

  const elsewhere = await aPlace()
  const without = runScript('scripts/restore.ts', elsewhere, [plain!])
  expect(await without.exitCode).toBe(1)
  expect(without.said()).toMatch(/^The key is not in the backup: put its file `key` into /)
  const other = { ...elsewhere, EVENHAND_KEY: '08'.repeat(32) }
  const wrong = runScript('scripts/restore.ts', other, [plain!])
  expect(await wrong.exitCode).toBe(1)
  expect(wrong.said()).toMatch(/^This backup was made under another key/)
  expect(existsSync(join(elsewhere.EVENHAND_DATA, 'postgres'))).toBe(false)

  const restored = runScript('scripts/restore.ts', elsewhere, [keyed!])
  expect(await restored.exitCode, restored.said()).toBe(0)
  const second = runProgram(elsewhere)
  await second.until(ready)
  expect(await textsOf(elsewhere.EVENHAND_DATA, workspaceId)).toHaveLength(2)
  await second.stop()

  // One flipped bit in the packed rows of a table is found before anything is touched.
  const bytes = readFileSync(keyed!)
  const name = 'tables/posts.copy'
  bytes[bytes.indexOf(name) + name.length + 40]! ^= 1
  const broken = join(place.EVENHAND_DATA, 'broken.zip')
  writeFileSync(broken, bytes)
  const damaged = runScript('scripts/restore.ts', elsewhere, [broken])
  expect(await damaged.exitCode).toBe(1)
  expect(damaged.said()).toMatch(/damaged|no backup/)
})

test('where the rows are in an outside database, its own tools are named', async () => {
  const place = { ...(await aPlace()), DATABASE_URL: 'postgres://x:y@127.0.0.1:1/z' }
  const backup = runScript('scripts/backup.ts', place)

  expect(await backup.exitCode).toBe(1)
  expect(backup.said()).toMatch(/use `pg_dump`/)
})
