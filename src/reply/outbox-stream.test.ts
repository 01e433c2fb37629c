/** What is not there: never sent, or deleted by its owner? A real PDS, and our own ears on its stream. */
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { freshDb, type TestDb } from '../../test/db.ts'
import { testKey } from '../../test/key.ts'
import { startPds, type TestAccount, type TestPds } from '../../test/pds.ts'
import { aBlueskyScene } from '../../test/replies.ts'
import { newId } from '../base/clock.ts'
import { findOne } from '../base/db.ts'
import type { Connector } from '../connectors/connector.ts'
import { makeMemory, takeIn } from '../intake.ts'
import { type Listening, startListening } from '../listen/listening.jobs.ts'

let it: TestDb
let pds: TestPds
let customer: TestAccount
let brand: TestAccount
let scene: Awaited<ReturnType<typeof aBlueskyScene>>
let listening: Listening | null = null
let made = 0
beforeAll(async () => {
  it = await freshDb()
  pds = await startPds()
  customer = await pds.makeAccount('kimlee')
})
afterAll(async () => {
  await pds[Symbol.asyncDispose]()
  await it[Symbol.asyncDispose]()
})
beforeEach(async () => {
  brand = await pds.makeAccount(`acmecare${++made}`)
  scene = await aBlueskyScene(it, pds, { brand, customer })
  await scene.stream(sql`connected_at = null, alive_at = null, heard_since = null`)
})
afterEach(stopHearing)

async function hear(): Promise<void> {
  const memory = makeMemory()
  const { db, connectors, outside, now } = scene.tools
  listening = startListening({
    db,
    connectors,
    outside,
    now,
    master: testKey,
    log: { info: () => {}, warn: () => {} },
    takeIn: (heard, source) => takeIn(heard, source, { db, newId, memory }),
  })
  await expect.poll(pulse, { timeout: 5_000 }).toMatchObject({ isConnected: true })
}

async function stopHearing(): Promise<void> {
  await listening?.stop()
  listening = null
}

const pulse = () =>
  findOne(
    it.owner,
    sql<{ isConnected: boolean; isHeard: boolean }>`select connected_at is not null as is_connected,
      heard_since is not null as is_heard from sources where source_id = ${scene.sourceId}`,
  )

/** `arrives`: the answer alone is lost. */
function cutLine(arrives: boolean) {
  const { bluesky } = scene.tools.connectors
  const broken: Connector = {
    ...bluesky,
    send: async (...args) => {
      if (arrives) await bluesky.send(...args)
      throw new TypeError('fetch failed')
    },
  }
  return { connectors: { ...scene.tools.connectors, bluesky: broken } }
}

const words = async () => (await scene.said()).map((post) => post.text)
async function sendUntilSettled(reply: { replyId: string }): Promise<void> {
  const trying = async () => {
    await scene.send(reply)
    return (await scene.reply(reply)).state
  }
  await expect.poll(trying, { interval: 100, timeout: 25_000 }).not.toBe('unknown')
}

test('a reply that never arrived goes out, though nothing else happens on the network', async () => {
  await hear()
  const queued = await scene.queue('We are looking into it')
  await scene.send(queued, cutLine(false))

  await sendUntilSettled(queued)

  expect(await scene.reply(queued)).toMatchObject({ state: 'sent' })
  expect(await words()).toEqual(['We are looking into it'])
}, 30_000)

test('where others talk, a reply that never arrived goes out as soon as the stream has told that much', async () => {
  await hear()
  const queued = await scene.queue('We are looking into it')
  await scene.send(queued, cutLine(false))
  const talking = setInterval(() => void customer.say('Nice weather today').catch(() => {}), 200)

  await sendUntilSettled(queued).finally(() => clearInterval(talking))

  expect(await scene.reply(queued)).toMatchObject({ state: 'sent' })
  expect(await words()).toEqual(['We are looking into it'])
}, 30_000)

test('its owner deletes the reply while nobody listens: it waits for the stream, and stays deleted', async () => {
  await hear()
  const queued = await scene.queue('On second thought')
  // The stream has a bookmark: what comes before it is heard.
  const { uri } = await customer.say('One more thing')
  await expect.poll(() => isPast(uri), { timeout: 5_000 }).toBe(true)
  await stopHearing()
  await scene.send(queued, cutLine(true))
  await brand.agent.deletePost(queued.frozenUri)

  for (let round = 0; round < 5; round++) await scene.send(queued)
  const deaf = await scene.reply(queued)
  await hear()
  const states = new Set<string>()
  await expect
    .poll(
      async () => {
        await scene.send(queued)
        const { state } = await scene.reply(queued)
        states.add(state)
        return state
      },
      { interval: 50, timeout: 15_000 },
    )
    .toBe('deleted-by-owner')

  expect(deaf).toMatchObject({ state: 'unknown', detail: 'not-there-yet' })
  expect(states).not.toContain('sent')
  expect(await words()).toEqual([])
}, 30_000)

test.each([
  ['is cut off', sql`connected_at = null, alive_at = null`, 'unknown'],
  ['was cut off without a word', sql`alive_at = now() - interval '5 minutes'`, 'unknown'],
  [
    'waits for a decision',
    sql`state = 'needs-decision', connected_at = null, alive_at = null, heard_since = null`,
    'needs-person',
  ],
  ['was left', sql`state = 'stopped', connected_at = null, alive_at = null`, 'needs-person'],
  ['began after the reply went out', sql`heard_since = now() + interval '1 minute'`, 'needs-person'],
])('its owner deletes the reply while the stream %s: it is not sent again', async (_how, how, state) => {
  await scene.stream(sql`connected_at = now(), alive_at = 'infinity', heard_since = '-infinity'`)
  const queued = await scene.queue('On second thought')
  await scene.send(queued, cutLine(true))
  await brand.agent.deletePost(queued.frozenUri)
  await scene.stream(how)

  for (let round = 0; round < 4; round++) await scene.send(queued)

  expect((await scene.reply(queued)).state).toBe(state)
  expect(await words()).toEqual([])
  await scene.stream(sql`state = 'running'`)
})

test.each([
  ['', 0],
  [', among the holes of a thousand others', 1_001],
])(
  'its owner deletes the reply in a hole of the stream that began long ago%s: it is not sent again',
  async (_, others) => {
    await scene.stream(sql`connected_at = now(), alive_at = 'infinity', heard_since = '-infinity'`)
    await miss(brand.did, '2')
    const queued = await scene.queue('On second thought')
    await scene.send(queued, cutLine(true))
    await brand.agent.deletePost(queued.frozenUri)
    await miss(brand.did, '3')
    await sql`insert into gaps (source_id, cause, author_id)
    select ${scene.sourceId}, 'desynchronized', 'did:plc:other' || i from generate_series(1, ${others}::int) i`.execute(
      it.owner,
    )
    await miss(customer.did, '2')

    for (let round = 0; round < 4; round++) await scene.send(queued)

    expect((await scene.reply(queued)).state).toBe('needs-person')
    expect(await words()).toEqual([])
    await sql`delete from gaps`.execute(it.owner)
  },
)

test('a hole of the account that ended before the reply went out does not keep it from going', async () => {
  await scene.stream(sql`connected_at = now(), alive_at = 'infinity', heard_since = '-infinity'`)
  await miss(brand.did, '2')
  const queued = await scene.queue('We are looking into it')
  await scene.send(queued, cutLine(false))
  for (let round = 0; round < 4; round++) await scene.send(queued)

  expect((await scene.reply(queued)).state).toBe('sent')
  expect(await words()).toEqual(['We are looking into it'])
  await sql`delete from gaps`.execute(it.owner)
})

/** The stream says that some of what this account did was not told. */
async function miss(authorId: string, to: string): Promise<void> {
  const gap = { type: 'gap' as const, cause: 'desynchronized' as const, from: '1', to, authorId }
  await takeIn(
    { events: [gap], bookmark: null, heardAt: new Date() },
    { sourceId: scene.sourceId, kind: 'firehose' },
    { db: it.db, newId, memory: makeMemory() },
  )
}

test('a stream on which the account was never heard vouches for nothing; once it was heard there, it does', async () => {
  const relay = `jetstream wss://relay${made}.test`
  await scene.stream(sql`state = 'stopped'`)
  await scene.run(async (tx) => {
    await sql`insert into sources (source_id, kind, address, connected_at, alive_at, heard_since)
      values (${relay}, 'jetstream', 'x', now(), 'infinity', '-infinity')`.execute(tx)
    await sql`insert into workspace_sources (workspace_id, source_id)
      values (current_workspace(), ${relay})`.execute(tx)
  })
  const strange = await scene.queue('One')
  await scene.send(strange, cutLine(true))
  await brand.agent.deletePost(strange.frozenUri)
  for (let round = 0; round < 3; round++) await scene.send(strange)

  const authorId = brand.did
  const event = { type: 'delete' as const, uri: `at://${authorId}/app.bsky.feed.post/x`, authorId, rev: '3' }
  await takeIn(
    { events: [event], bookmark: null, heardAt: new Date() },
    { sourceId: relay, kind: 'jetstream' },
    { db: it.db, newId, memory: makeMemory() },
  )
  const carried = await scene.queue('Two')
  await scene.send(carried, cutLine(false))
  for (let round = 0; round < 3; round++) await scene.send(carried)

  expect(await scene.reply(strange)).toMatchObject({ state: 'needs-person', detail: 'nobody-can-tell' })
  expect(await scene.reply(carried)).toMatchObject({ state: 'sent' })
  expect(await words()).toEqual(['Two'])
  await scene.stream(sql`state = 'running'`)
})

/** The bookmark stands behind this post. */
async function isPast(uri: string): Promise<boolean> {
  const { rows } = await sql<{ cursor: string | null }>`select cursor from sources
    where source_id = ${scene.sourceId}`.execute(it.owner)
  const newest = await pds.network.pds.ctx.sequencer.curr()
  return uri !== '' && Number(rows[0]?.cursor ?? 0) >= (newest ?? 0)
}
