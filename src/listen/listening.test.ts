/** Sources on the real database, batches from networks written here: what a stream does is said by the test. */
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { testKey } from '../../test/key.ts'
import { newId } from '../base/clock.ts'
import { findAll, inWorkspace } from '../base/db.ts'
import { makeOutside } from '../base/outside.ts'
import { renewSecret, saveChannel } from '../connectors/channel.sql.ts'
import {
  type Bookmark,
  ChannelPaused,
  type Connector,
  type Heard,
  NeedsDecision,
  type Source,
} from '../connectors/connector.ts'
import { joinSource, leaveSource } from '../connectors/joined-source.sql.ts'
import { makeRehearsal } from '../connectors/rehearsal/rehearsal.ts'
import { type ListeningTools, startListening } from './listening.jobs.ts'

let it: TestDb
let workspaceId: string
beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())
beforeEach(async () => {
  await sql`delete from sources`.execute(it.owner)
  workspaceId = (await aWorkspace(it.db)).workspaceId
})

type Stream = (source: Source, since: Bookmark | null, signal: AbortSignal) => AsyncIterable<Heard>
const aBatch = (cursor: string): Heard => ({
  events: [],
  bookmark: { cursor, host: 'h' },
  heardAt: new Date(),
})
const forever = (signal: AbortSignal) => sleep(60_000, undefined, { signal }).catch(() => {})

function begin(stream: Stream, takeIn: ListeningTools['takeIn'] = async () => {}) {
  const network: Connector = {
    ...makeRehearsal(),
    listen: (source, since, io) => stream(source, since, io.signal),
  }
  return startListening({
    db: it.db,
    connectors: { bluesky: network, rehearsal: network },
    outside: makeOutside([]),
    master: testKey,
    now: () => new Date(),
    log: { info: () => {}, warn: () => {} },
    takeIn,
  })
}
const inside = <T>(work: Parameters<typeof inWorkspace<T>>[2]) => inWorkspace(it.db, workspaceId, work)
const join = (address: string) => inside((tx) => joinSource(tx, { kind: 'firehose', address }))
const sources = () =>
  findAll(
    it.db,
    sql<{
      state: string
      stateReason: string | null
      connects: number
    }>`select state, state_reason, connects from sources`,
  )

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  for (let left = 100; !(await what()); left--) {
    if (left === 0) throw new Error('it did not happen')
    await sleep(50)
  }
}

test('a server that takes us and hangs up is tried later and later', async () => {
  await join('https://hangs-up.test')
  let connects = 0
  const listening = begin(async function* () {
    connects++
    yield { events: [], bookmark: null, heardAt: new Date() }
  })
  await sleep(4_000)
  await listening.stop()

  expect(connects).toBeGreaterThan(1)
  expect(connects).toBeLessThan(8)
})

test('a source that is added while we run is heard, and one that is left is not heard any more', async () => {
  const open = new Set<string>()
  const listening = begin(async function* (source, _since, signal) {
    open.add(source.address)
    yield aBatch('1')
    await forever(signal)
    open.delete(source.address)
  })
  await join('https://one.test')
  await until(() => open.has('https://one.test'))
  const second = await join('https://two.test')
  await until(() => open.has('https://two.test'))
  await inside((tx) => leaveSource(tx, second))
  await until(() => !open.has('https://two.test'))

  expect([...open]).toEqual(['https://one.test'])
  await listening.stop()
  expect([...open]).toEqual([])
})

test('a batch is kept in hand until it is stored, and only then the next one is pulled', async () => {
  await join('https://retry.test')
  const tries: string[] = []
  let pulled = 0
  const listening = begin(
    async function* (_source, _since, signal) {
      for (const cursor of ['1', '2']) {
        pulled++
        yield aBatch(cursor)
      }
      await forever(signal)
    },
    async (heard) => {
      tries.push(`${heard.bookmark?.cursor} of ${pulled}`)
      if (tries.length < 3) throw new Error('the database is away')
    },
  )
  await until(() => tries.length === 4)
  await listening.stop()

  expect(tries).toEqual(['1 of 1', '1 of 1', '1 of 1', '2 of 2'])
})

test('after a broken connection it goes on from the bookmark, later and later', async () => {
  await join('https://broken.test')
  const since: (string | undefined)[] = []
  const listening = begin(
    async function* (_source, from) {
      since.push(from?.cursor)
      if (since.length > 2) throw new Error('cut')
      yield aBatch(String(since.length))
      throw new Error('cut')
    },
    async ({ bookmark }) =>
      void (await sql`update sources set cursor = ${bookmark!.cursor}, cursor_host = 'h'`.execute(it.db)),
  )
  await until(() => since.length >= 4)
  await listening.stop()

  expect(since.slice(0, 4)).toEqual([undefined, '1', '2', '2'])
  expect((await sources())[0]!.connects).toBeLessThan(10)
})

test('what a person has to decide ends the loop: no connecting again until it is decided', async () => {
  await join('https://future.test')
  let connects = 0
  const listening = begin(async function* (_source, _since, signal) {
    if (++connects === 1) throw new NeedsDecision('future-cursor')
    yield aBatch('1')
    await forever(signal)
  })
  await until(async () => (await sources())[0]!.state === 'needs-decision')
  await sleep(1_200)
  expect(connects).toBe(1)
  expect(await sources()).toEqual([{ state: 'needs-decision', stateReason: 'future-cursor', connects: 1 }])

  await sql`update sources set state = 'running', state_reason = null`.execute(it.db)
  await until(() => connects === 2)
  await listening.stop()
})

test('a channel that cannot be used is paused and heard again when it has a new password', async () => {
  const channelId = newId()
  const account = {
    accountId: 'did:plc:acme',
    handle: 'acme.example',
    displayName: null,
    serviceUrl: 'https://pds.test',
  }
  await inside(async (tx) => {
    await saveChannel(
      tx,
      { ...account, channelId, network: 'bluesky', secret: 'old', at: new Date() },
      testKey,
    )
    await joinSource(tx, { kind: 'notifications', address: channelId, channelId })
  })
  const secrets: (string | undefined)[] = []
  const listening = begin(async function* ({ channel }, _since, signal) {
    secrets.push(channel?.secret)
    if (channel?.secret === 'old') throw new ChannelPaused('password-refused', 'Invalid password')
    yield aBatch('1')
    await forever(signal)
  })
  const channel = () =>
    inside((tx) => findAll(tx, sql`select state, paused_reason, paused_detail from channels`))
  await until(async () => JSON.stringify(await channel()).includes('paused"'))
  expect(await channel()).toEqual([
    { state: 'paused', pausedReason: 'password-refused', pausedDetail: 'Invalid password' },
  ])
  await sleep(700)
  expect(secrets).toEqual(['old'])

  await inside((tx) =>
    renewSecret(tx, channelId, { secret: 'new', handle: 'acme.example', displayName: null }, testKey),
  )
  await until(() => secrets.length === 2)
  await listening.stop()
  expect(secrets).toEqual(['old', 'new'])
})

test('trouble with one source is its own', async () => {
  await join('https://bad.test')
  await join('https://good.test')
  const heard: string[] = []
  const listening = begin(
    async function* (source, _since, signal) {
      if (source.address.includes('bad')) throw new Error('no such host')
      yield aBatch('1')
      await forever(signal)
    },
    async (_heard, source) => void heard.push(source.address),
  )
  await until(() => heard.length > 0)
  await listening.stop()

  expect(heard).toEqual(['https://good.test'])
})

test('stopping waits for the batch in hand', async () => {
  await join('https://stop.test')
  let stored = false
  let began = false
  const listening = begin(
    async function* () {
      yield aBatch('1')
    },
    async () => {
      began = true
      await sleep(300)
      stored = true
    },
  )
  await until(() => began)
  await listening.stop()

  expect(stored).toBe(true)
})
