/** Asked again after a crash, and for how long: F03, and the hourly round that forgets. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, expect, inject, onTestFinished, test, vi } from 'vitest'
import { findOne, openDb } from '../src/base/db.ts'
import { freePort } from '../src/base/embedded-postgres.ts'
import { makeKey } from '../src/staff/api-key.ts'
import { forgetOldWishes } from '../src/staff/wish.jobs.ts'
import { aWorkspace, freshDb } from './db.ts'
import { testKey } from './key.ts'
import { runProgram, stopPrograms } from './running-program.ts'

// A start is a second on an idle machine and many on a busy one.
vi.setConfig({ testTimeout: 90_000 })
afterAll(stopPrograms)

const setupLink = /\/setup#(\S{20,})/

test('killed between doing and answering, the same key answers with the one thing that was made', async () => {
  const place = await aPlace()
  const home = `http://localhost:${place.PORT}`
  const first = runProgram({ ...place, EVENHAND_FAILPOINT: 'before_answer' })
  const [, token] = await first.until(setupLink)
  const key = await aKeyAfterSetup(home, token!, place.DATABASE_URL)
  const watch = { name: 'Late parcels', terms: { words: ['late parcel'] } }
  const ask = () => post(`${home}/api/watches`, watch, key)

  await expect(ask()).rejects.toThrow()
  expect(await first.exitCode).toBeNull()
  const second = runProgram(place)
  await second.until(/localhost:\d+/)
  const answers = [await ask(), await ask()]

  const made = await Promise.all(answers.map((it) => it.json()))
  expect(answers.map((it) => it.headers.get('idempotent-replayed'))).toEqual(['true', 'true'])
  expect(made[0]).toMatchObject({ name: 'Late parcels' })
  expect(made[1]).toEqual(made[0])
  expect(
    await countIn(place.DATABASE_URL, sql<{ count: number }>`select count(*) as count from watches`),
  ).toBe(1)
  expect(
    await countIn(
      place.DATABASE_URL,
      sql<{ count: number }>`select count(*) as count from audit where act = 'watch.added'`,
    ),
  ).toBe(1)
})

test('keys of requests are remembered for a day and forgotten then, in every workspace', async () => {
  await using it = await freshDb()
  const places = [await aWorkspace(it.db), await aWorkspace(it.db)]
  for (const { workspaceId, agentId } of places)
    for (const hours of [23, 25])
      await sql`insert into idempotency_keys (workspace_id, holder_id, key, request_digest, created_at)
        values (${workspaceId}, ${agentId}, ${`${hours}`}, ${randomBytes(32)}, now() - ${`${hours} hours`}::interval)`.execute(
        it.owner,
      )

  await forgetOldWishes({ db: it.db, now: () => new Date() })

  const { rows } = await sql<{ key: string }>`select key from idempotency_keys`.execute(it.owner)
  expect(rows.map((row) => row.key)).toEqual(['23', '23'])
})

async function aPlace() {
  const folder = mkdtempSync(join(tmpdir(), 'evenhand-wish-'))
  const name = `wish_${randomBytes(5).toString('hex')}`
  const admin = openDb(inject('postgresUrl'), { max: 1 })
  await sql`create database ${sql.id(name)}`.execute(admin.db)
  onTestFinished(async () => {
    await stopPrograms()
    await sql`drop database ${sql.id(name)} with (force)`.execute(admin.db)
    await admin.db.destroy()
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    DATABASE_URL: inject('postgresUrl').replace(/postgres$/, name),
    EVENHAND_DATA: join(folder, 'data'),
    EVENHAND_KEY: testKey.toString('base64'),
    EVENHAND_JETSTREAM: 'off',
    EVENHAND_APPVIEW: 'off',
    PORT: String(await freePort()),
  }
}

/** Setting up asks with no Idempotency-Key, so that the program outlives it. */
async function aKeyAfterSetup(home: string, token: string, ownerUrl: string): Promise<string> {
  const founder = { name: 'Ana Ruiz', email: 'ana@acme.test', password: 'four random words here' }
  const answer = await post(`${home}/api/setup`, { token, ...founder, brand: 'Acme', timeZone: 'UTC' })
  expect(answer.status).toBe(200)
  const owner = openDb(ownerUrl, { max: 1 })
  const { workspaceId, agentId } = (await findOne<{ workspaceId: string; agentId: string }>(
    owner.db,
    sql`select workspace_id, agent_id from agents`,
  ))!
  const { key, digest, hint } = makeKey(workspaceId)
  await sql`insert into api_keys (workspace_id, agent_id, name, may, digest, hint, expires_at)
    values (${workspaceId}, ${agentId}, 'Shop', array['watches.change'], ${digest}, ${hint}, now() + interval '1 day')`.execute(
    owner.db,
  )
  await owner.db.destroy()
  return key
}

const post = (url: string, body: object, key?: string) =>
  fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key && { authorization: `Bearer ${key}`, 'idempotency-key': 'late-parcels-1' }),
    },
    body: JSON.stringify(body),
  })

async function countIn(url: string, query: ReturnType<typeof sql<{ count: number }>>): Promise<number> {
  const owner = openDb(url, { max: 1 })
  const found = await findOne(owner.db, query)
  await owner.db.destroy()
  return found!.count
}
