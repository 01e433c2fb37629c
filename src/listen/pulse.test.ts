import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { testKey } from '../../test/key.ts'
import { findAll, inWorkspace } from '../base/db.ts'
import { makeOutside } from '../base/outside.ts'
import { type Connector, type Heard, type HeardEvent, NeedsDecision } from '../connectors/connector.ts'
import { joinSource } from '../connectors/joined-source.sql.ts'
import { makeRehearsal } from '../connectors/rehearsal/rehearsal.ts'
import { startListening } from './listening.jobs.ts'
import { isHole, toldUntil } from './pulse.ts'

let it: TestDb
beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())
beforeEach(async () => {
  await sql`delete from sources`.execute(it.owner)
  const { workspaceId } = await aWorkspace(it.db)
  await inWorkspace(it.db, workspaceId, (tx) =>
    joinSource(tx, { kind: 'firehose', address: 'https://a.test' }),
  )
})

const heardAt = new Date('2026-11-22T12:00:00Z')
const silence = (): Heard => ({ events: [], bookmark: null, heardAt: new Date() })
const gap: HeardEvent = { type: 'gap', cause: 'outdated-cursor', from: '1', to: null }
const poison: HeardEvent = { type: 'poison', raw: new Uint8Array(), error: 'no', cursor: null }
const marked = { cursor: '1', host: 'h' }

test('silence says that all was told, but for the first one of a connection', () => {
  const quiet = { events: [], bookmark: null, heardAt }
  expect([toldUntil(quiet, true), toldUntil(quiet, false)]).toEqual([null, heardAt])
})

test('a batch says it by the time that the network gives it; without one it says nothing', () => {
  const anHourAgo = new Date('2026-11-22T11:00:00Z')
  const batch = { events: [], bookmark: marked, heardAt }
  expect(toldUntil({ ...batch, toldAt: anHourAgo }, false)).toEqual(anHourAgo)
  // A clock that is ahead does not make it newer than it is.
  expect(toldUntil({ ...batch, toldAt: new Date('2026-11-22T13:00:00Z') }, false)).toEqual(heardAt)
  expect(toldUntil(batch, false)).toBe(null)
})

test('a hole is what was missed or unreadable and may have been anybody’s', () => {
  expect([gap, poison].map((it) => isHole({ events: [it] }))).toEqual([true, true])
  expect([gap, poison].map((it) => isHole({ events: [{ ...it, authorId: 'did:plc:kim' }] }))).toEqual([
    false,
    false,
  ])
  expect(isHole({ events: [] })).toBe(false)
})

type Stream = (signal: AbortSignal, connects: number) => AsyncIterable<Heard>
function begin(stream: Stream) {
  let connects = 0
  const network: Connector = {
    ...makeRehearsal(),
    listen: (_source, _since, io) => stream(io.signal, ++connects),
  }
  return startListening({
    db: it.db,
    connectors: { bluesky: network, rehearsal: network },
    outside: makeOutside([]),
    master: testKey,
    now: () => new Date(),
    log: { info: () => {}, warn: () => {} },
    takeIn: async ({ bookmark }) => {
      if (bookmark) await sql`update sources set cursor = ${bookmark.cursor}`.execute(it.db)
    },
  })
}
const forever = (signal: AbortSignal) => sleep(60_000, undefined, { signal }).catch(() => {})
type Row = { isConnected: boolean; aliveMs: number | null; heardSince: Date | null }
const row = async () =>
  (
    await findAll(
      it.db,
      sql<Row>`select connected_at is not null as is_connected, heard_since,
        (extract(epoch from clock_timestamp() - alive_at) * 1000)::int as alive_ms from sources`,
    )
  )[0]!

test('a connection that stands is connected at once, alive when it has told all, and neither when it ends', async () => {
  const step = Promise.withResolvers<void>()
  const end = Promise.withResolvers<void>()
  const listening = begin(async function* (signal, connects) {
    if (connects > 1) return await forever(signal)
    yield silence()
    await step.promise
    yield { ...silence(), bookmark: marked, toldAt: new Date(Date.now() - 3_600_000) }
    yield silence()
    await end.promise
    throw new Error('cut')
  })
  await expect.poll(row).toMatchObject({ isConnected: true, aliveMs: null })
  step.resolve()
  await expect.poll(async () => (await row()).aliveMs).toBeGreaterThan(3_500_000)
  const { heardSince } = await row()
  end.resolve()
  await expect.poll(row).toMatchObject({ isConnected: false, aliveMs: null })

  // A bookmark bridges what lies between.
  expect((await row()).heardSince).toEqual(heardSince)
  await listening.stop()
})

test('silence on a connection that stands counts as life', async () => {
  const listening = begin(async function* (signal) {
    yield silence()
    yield silence()
    await forever(signal)
  })
  await expect.poll(async () => (await row()).aliveMs).not.toBe(null)
  expect((await row()).aliveMs).toBeLessThan(2_000)
  await listening.stop()
  expect(await row()).toMatchObject({ isConnected: false, aliveMs: null })
})

test('without a bookmark the next connection begins anew, and so does one with a hole', async () => {
  const again = Promise.withResolvers<void>()
  const hole = Promise.withResolvers<void>()
  const listening = begin(async function* (signal, connects) {
    yield silence()
    if (connects === 1) return await again.promise
    await hole.promise
    yield { ...silence(), events: [gap] }
    await forever(signal)
  })
  const since = async () => (await row()).heardSince?.getTime() ?? 0
  await expect.poll(since).toBeGreaterThan(0)
  const first = await since()
  again.resolve()
  await expect.poll(since).toBeGreaterThan(first)
  const second = await since()
  await sleep(20)
  hole.resolve()
  await expect.poll(since).toBeGreaterThan(second)
  await listening.stop()
})

test('what waits for a decision is neither connected nor heard, and nothing is connected when we begin', async () => {
  await sql`update sources set connected_at = now(), alive_at = now(), heard_since = now()`.execute(it.owner)
  const decide = Promise.withResolvers<void>()
  const listening = begin(async function* () {
    await decide.promise
    yield* []
    throw new NeedsDecision('future-cursor')
  })
  await expect.poll(row).toMatchObject({ isConnected: false, aliveMs: null })
  decide.resolve()
  await expect
    .poll(async () => (await findAll(it.db, sql<{ state: string }>`select state from sources`))[0]!.state)
    .toBe('needs-decision')

  expect(await row()).toEqual({ isConnected: false, aliveMs: null, heardSince: null })
  await listening.stop()
})
