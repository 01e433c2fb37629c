/**
 * Every write of the house, as a program makes it: logged once, in the transaction of what it did; and asked twice with
 * one Idempotency-Key, done once.
 */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { AnyRoute } from '../src/base/contract.ts'
import { findAll, findOne } from '../src/base/db.ts'
import type { Ask } from './walls/entries.ts'
import {
  type Answer,
  aKeyOf,
  anAgentOf,
  aWalledHouse,
  closedEntries,
  type Headers,
  saidBy,
  type WalledHouse,
} from './walls/house.ts'
import { digestOf, nowhere, type Place } from './walls/place.ts'

// Some thousand requests: seconds on an idle machine and many more on a busy one.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 })

let house: WalledHouse
let it: WalledHouse['it']
let ours: Place
beforeAll(async () => {
  house = await aWalledHouse()
  ;({ it, ours } = house)
})
afterAll(() => house?.[Symbol.asyncDispose]())

const routeOf = (key: string): AnyRoute => house.contracts.get(key)!
const writes = () => closedEntries().filter(([key]) => !key.startsWith('GET '))
const creates = () => writes().filter(([key, { answers }]) => key.startsWith('POST ') && !answers)
/** A program where it may, and a person in a browser where nobody else may. */
const askerOf = async (key: string, agentId = ours.agentId): Promise<Headers> =>
  routeOf(key).by === 'session' ? house.door.signIn({ agentId }) : aKeyOf(it, { ...ours, agentId })

const wishOf = (key: string) => key.replaceAll(' ', '-')

type Row = { auditId: string; act: string; byAgentId: string; byKey: boolean; xid: string; content: unknown }
const auditSince = (auditId: string) =>
  findAll<Row>(
    it.owner,
    sql`select audit_id, act, by_agent_id, by_key_id is not null as by_key, xmin::text as xid, content from audit
      where workspace_id = ${ours.workspaceId} and audit_id > ${auditId} order by audit_id`,
  )
const lastAudit = async (): Promise<string> =>
  (await findOne<{ id: string }>(
    it.owner,
    sql`select audit_id as id from audit where workspace_id = ${ours.workspaceId} order by audit_id desc limit 1`,
  ))?.id ?? '00000000-0000-0000-0000-000000000000' // biome-ignore format: one thought

test('what is refused is not logged', async () => {
  const viewer = await house.door.signIn({ agentId: await anAgentOf(it, ours, { role: 'viewer' }) })
  const admin = new Map<string, Headers>()
  for (const [key] of writes()) admin.set(key, await house.door.signIn(ours))
  const before = await digestOf(it, ours)
  let refused = 0
  for (const [key, { ask }] of writes()) {
    const { needs } = routeOf(key)
    const asked = [
      ...(needs === 'signed-in' ? [] : [await house.call(key, ask(ours), viewer)]),
      await house.call(key, { ...ask(ours), body: { no: 'sense' } }, routeOf(key).body ? viewer : {}),
      ...(ask(ours).params ? [await house.call(key, ask(nowhere()), admin.get(key))] : []),
    ]
    for (const answer of asked) expect(answer.status, `${key} ${answer.text}`).toBeGreaterThanOrEqual(400)
    refused += asked.length
  }

  expect(refused).toBeGreaterThan(40)
  expect(await digestOf(it, ours)).toEqual(before)
})

test('an Idempotency-Key that is none is refused before anything is done', async () => {
  const headers = await house.door.signIn(ours)
  const before = await digestOf(it, ours)
  for (const [key, { ask }] of creates())
    for (const bad of ['', 'with space', 'x'.repeat(256), 'ü'])
      expect((await house.call(key, ask(ours), { ...headers, 'idempotency-key': bad })).code, key).toBe(
        'bad-input',
      )

  expect(await digestOf(it, ours)).toEqual(before)
})

// Last, because it changes what it asks for.
test('every write is done once and logged once, in its own transaction, however often it is asked with one key', async () => {
  const other = await anAgentOf(it, ours)
  let created = 0
  for (const [key, entry] of writes()) {
    const { act, by } = routeOf(key)
    const isCreate = creates().some(([one]) => one === key)
    const headers = { ...(await askerOf(key)), 'idempotency-key': wishOf(key) }
    const asked = entry.ask(ours)
    const since = await lastAudit()
    const before = await currentXid()

    const answers = await atOnce(isCreate ? 20 : 1, () => house.call(key, asked, headers))

    const [answer] = answers
    const logged = await auditSince(since)
    expect(answer!.code, `${key} ${answer!.text}`).toBe(entry.answers ?? null)
    expect(
      logged.map((row) => row.act),
      key,
    ).toEqual(answer!.status === 200 && act ? [act] : [])
    for (const row of logged) {
      expect(row, key).toMatchObject({ byAgentId: ours.agentId, byKey: by !== 'session' })
      expect(await writtenBeside(before, row.xid), `${key} wrote outside of its transaction`).toEqual([])
    }
    if (!isCreate) continue
    created += 1
    expect(new Set(answers.map((one) => JSON.stringify(keptOf(key, one)))).size, key).toBe(1)
    expect(answers.filter((one) => !isReplayed(one)).length, key).toBe(1)
    await expectDoneOnce(key, asked, { headers, answer: answer!, other })
  }

  expect(created).toBeGreaterThan(4)
})

/** What a repeat says too: secrets that are shown once are null in it (api-key.test.ts and its neighbours say so). */
function keptOf(key: string, answer: Answer) {
  const said = saidBy(answer)
  const { once = [] } = routeOf(key)
  if (once.length === 0 || answer.status !== 200) return said
  const kept = { ...JSON.parse(said.text), ...Object.fromEntries(once.map((name) => [name, null])) }
  return { ...said, text: JSON.stringify(kept) }
}

async function expectDoneOnce(
  key: string,
  asked: Ask,
  { headers, answer, other }: { headers: Headers; answer: Answer; other: string },
): Promise<void> {
  const done = await digestOf(it, ours)
  const again = await house.call(key, asked, headers)
  expect(keptOf(key, again), key).toEqual(keptOf(key, answer))
  expect(isReplayed(again), key).toBe(true)
  expect(withoutUse(await digestOf(it, ours)), key).toEqual(withoutUse(done))

  const varied = anotherBody(routeOf(key), asked)
  if (varied) expect((await house.call(key, varied, headers)).code, key).toBe('key-of-another-request')
  const theirs = { ...(await askerOf(key, other)), 'idempotency-key': wishOf(key) }
  expect(isReplayed(await house.call(key, asked, theirs)), key).toBe(false)
}

const isReplayed = ({ headers }: Answer) => headers['idempotent-replayed'] === 'true'
const atOnce = <T>(times: number, ask: () => Promise<T>) => Promise.all(Array.from({ length: times }, ask))

/** When a key was used last is noted beside the work, whenever that is. */
const withoutUse = ({ api_keys: _, ...rest }: Record<string, string>) => rest

/** The same request with one word of its form changed, still a form that the route takes. */
function anotherBody({ body: schema }: AnyRoute, asked: Ask): Ask | null {
  for (const [name, value] of Object.entries(asked.body ?? {})) {
    const body = { ...asked.body, [name]: typeof value === 'number' ? value + 1 : `${value}x` }
    if (schema?.safeParse(body).success) return { ...asked, body }
  }
  return null
}

const currentXid = async (): Promise<string> =>
  (await findOne<{ xid: string }>(it.owner, sql`select pg_current_xact_id()::text as xid`))!.xid

/** Tables of ours with rows that another transaction than this one wrote since. */
async function writtenBeside(since: string, xid: string): Promise<string[]> {
  const tables = await findAll<{ name: string }>(
    it.owner,
    sql`select c.table_name as name from information_schema.columns c
      where c.table_schema = 'public' and c.column_name = 'workspace_id' and c.table_name <> 'api_keys'`,
  )
  const beside: string[] = []
  for (const { name } of tables) {
    const found = await findOne(
      it.owner,
      sql`select 1 from ${sql.table(name)} where workspace_id = ${ours.workspaceId}
        and xmin::text::bigint > ${since}::bigint and xmin::text <> ${xid} limit 1`,
    )
    if (found) beside.push(name)
  }
  return beside
}
