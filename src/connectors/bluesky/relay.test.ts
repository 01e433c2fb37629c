/** What only a misbehaving server does, against a relay of ours on this machine. */
import { expect, test } from 'vitest'
import { listenTo, textsOf } from '../../../test/listening.ts'
import {
  commitFrame,
  errorFrame,
  messageFrame,
  postFrame,
  type Relay,
  type RelayOptions,
  revOf,
  startRelay,
} from '../../../test/relay-server.ts'
import { makeOutside } from '../../base/outside.ts'
import { type Bookmark, NeedsDecision } from '../connector.ts'
import { makeBluesky } from './bluesky.ts'
import { bounds } from './socket.ts'

const bluesky = makeBluesky({ appViewUrl: null, plcUrl: 'https://plc.directory' })
const now = () => new Date('2026-11-22T12:00:00.000Z')

function listen(relay: Relay, since: Bookmark | null = null) {
  const source = { sourceId: `firehose ${relay.url}`, kind: 'firehose', address: relay.url } as const
  return listenTo(bluesky, source, since, { outside: makeOutside([relay.host]), now })
}
async function withRelay(options: RelayOptions, run: (relay: Relay) => Promise<void>) {
  await using relay = await startRelay(options)
  await run(relay)
}
const connected = (relay: Relay, times = 1) => expect.poll(() => relay.connects, { interval: 10 }).toBe(times)
const at = (relay: Relay, cursor: string): Bookmark => ({ cursor, host: relay.host })

test(
  'a consumer that sleeps makes the network wait: memory stays bounded and nothing is lost',
  () =>
    withRelay({}, async (relay) => {
      const frames = 3_000
      const long = 'x'.repeat(20_000)
      const stopping = new AbortController()
      const source = { sourceId: 'firehose', kind: 'firehose', address: relay.url } as const
      const io = { outside: makeOutside([relay.host]), now, signal: stopping.signal }
      const batches = bluesky.listen(source, null, io)[Symbol.asyncIterator]()
      expect((await batches.next()).value).toMatchObject({ events: [], bookmark: null })
      const first = batches.next()
      await connected(relay)
      relay.send(await postFrame(1, 'wake up'))
      await first

      // Asleep: everything is sent, and what does not fit stays with the sender.
      const burst = await Promise.all(Array.from({ length: frames }, (_, i) => postFrame(i + 2, long)))
      const before = process.memoryUsage().arrayBuffers
      relay.send(...burst)
      await new Promise((resolve) => setTimeout(resolve, 500))
      expect(relay.waiting()).toBeGreaterThan((frames - 2 * bounds.frames) * 20_000)
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(relay.waiting() + 4 * bounds.bytes)

      let heard = 1
      let cursor = '1'
      while (heard < frames + 1) {
        const { value } = await batches.next()
        heard += value.events.length
        expect(value.events.length).toBeLessThanOrEqual(bounds.batch)
        expect(Number(value.bookmark.cursor)).toBeGreaterThan(Number(cursor))
        cursor = value.bookmark.cursor
      }
      stopping.abort()
      expect(cursor).toBe(String(frames + 1))
      expect((await batches.next()).done).toBe(true)
    }),
  60_000,
)

test('everything said three times is handed over three times, in order, with the same bookmark at the end', () =>
  withRelay({ repeat: 3 }, async (relay) => {
    const stream = listen(relay)
    await connected(relay)
    relay.send(await postFrame(1, 'one'), await postFrame(2, 'two', { since: revOf(1) }))
    await stream.until((it) => it.length === 6)
    await stream.stop()

    expect(textsOf(stream.events)).toEqual(['one', 'one', 'one', 'two', 'two', 'two'])
    expect(stream.bookmark()).toEqual(at(relay, '2'))
  }))

test('ConsumerTooSlow ends the stream quietly, and the bookmark leads on from there', () =>
  withRelay({}, async (relay) => {
    const stream = listen(relay)
    await connected(relay)
    relay.send(await postFrame(1, 'one'), errorFrame('ConsumerTooSlow'))
    expect(await stream.ended()).toBeNull()
    relay.send(await postFrame(2, 'two'))
    const again = listen(relay, stream.bookmark())
    await again.until((it) => textsOf(it).includes('two'))
    await again.stop()

    expect(relay.cursors).toEqual([null, '1'])
    expect(textsOf([...stream.events, ...again.events])).toEqual(['one', 'two'])
  }))

test.each([
  ['FutureCursor', 'future-cursor'],
  ['InvalidRequest', 'bad-cursor'],
])('%s stops and asks, however the server says it', async (error, reason) => {
  await withRelay({ greet: (socket) => socket.send(errorFrame(error).bytes) }, async (relay) => {
    expect(await listen(relay, at(relay, '9')).ended()).toEqual(new NeedsDecision(reason as 'bad-cursor'))
  })
  await withRelay({ greet: (socket) => socket.close(1008, error) }, async (relay) => {
    expect(await listen(relay, at(relay, '9')).ended()).toEqual(new NeedsDecision(reason as 'bad-cursor'))
    expect(relay.connects).toBe(1)
  })
})

test('a frame beyond all bounds stops and asks: coming back would only meet it again', () =>
  withRelay({}, async (relay) => {
    const stream = listen(relay)
    await connected(relay)
    relay.send(await postFrame(1, 'one'), { seq: null, bytes: new Uint8Array(bounds.frameBytes + 1) })

    expect(await stream.ended()).toEqual(new NeedsDecision('bad-cursor'))
    expect(textsOf(stream.events)).toEqual(['one'])
  }))

test('a bookmark from another host is not used: the gap is said, and listening begins at the tip', () =>
  withRelay({}, async (relay) => {
    const stream = listen(relay, { cursor: '41', host: 'pds.elsewhere.test' })
    await connected(relay)
    relay.send(await postFrame(7, 'here'))
    await stream.until((it) => textsOf(it).includes('here'))
    await stream.stop()

    expect(relay.cursors).toEqual([null])
    expect(stream.events[0]).toEqual({ type: 'gap', cause: 'host-changed', from: '41', to: null })
    expect(stream.bookmark()).toEqual(at(relay, '7'))
  }))

test('a jump in the revisions of one author is a gap of that author; a jump in the numbers is none', () =>
  withRelay({}, async (relay) => {
    const stream = listen(relay)
    await connected(relay)
    relay.send(
      await postFrame(1, 'one', { since: null }),
      await postFrame(50, 'two', { since: revOf(1) }),
      await postFrame(51, 'four', { since: `${revOf(49)}x` }),
      messageFrame('#sync', { seq: 52, did: 'did:plc:kimlee', rev: revOf(51), blocks: new Uint8Array() }),
      messageFrame('#sync', { seq: 53, did: 'did:plc:kimlee', rev: revOf(60), blocks: new Uint8Array() }),
      messageFrame('#sync', { seq: 54, did: 'did:plc:stranger', rev: revOf(60), blocks: new Uint8Array() }),
      await postFrame(55, 'end', { did: 'did:plc:somebody' }),
    )
    await stream.until((it) => textsOf(it).includes('end'))
    await stream.stop()

    const gap = { type: 'gap', cause: 'desynchronized', authorId: 'did:plc:kimlee' }
    expect(stream.events.filter((it) => it.type === 'gap')).toEqual([
      { ...gap, from: `${revOf(49)}x`, to: revOf(51) },
      { ...gap, from: revOf(60), to: revOf(60) },
    ])
  }))

test('accounts that close, come back or change their name are told; what is about a server is not', () =>
  withRelay({}, async (relay) => {
    const stream = listen(relay)
    await connected(relay)
    const account = (seq: number, active: boolean, status?: string) =>
      messageFrame('#account', {
        seq,
        did: 'did:plc:kimlee',
        active,
        ...(status ? { status } : {}),
        time: 't',
      })
    relay.send(
      account(1, false, 'deactivated'),
      account(2, false, 'suspended'),
      account(3, false, 'takendown'),
      account(4, false, 'deleted'),
      account(5, false, 'throttled'),
      account(6, false),
      account(7, true),
      messageFrame('#identity', { seq: 8, did: 'did:plc:kimlee', handle: 'acme.com', time: 't' }),
      messageFrame('#nobody-knows', { seq: 9 }),
      await postFrame(10, 'end'),
    )
    await stream.until((it) => textsOf(it).includes('end'))
    await stream.stop()

    const status = (it: string) => ({ type: 'account', authorId: 'did:plc:kimlee', status: it })
    expect(stream.events.slice(0, -1)).toEqual([
      ...['deactivated', 'suspended', 'takendown', 'deleted', 'deactivated', 'active'].map(status),
      { type: 'identity', authorId: 'did:plc:kimlee', handle: null },
    ])
  }))

test('what is nobody’s business moves the bookmark and nothing else', () =>
  withRelay({}, async (relay) => {
    const stream = listen(relay)
    await connected(relay)
    const like = { $type: 'app.bsky.feed.like', subject: {}, createdAt: '2026-11-22T10:00:00.000Z' }
    const ops = [{ action: 'create', rkey: 'l', record: like, collection: 'app.bsky.feed.like' }] as const
    for (let seq = 1; seq <= 300; seq++) {
      relay.send(await commitFrame({ seq, did: `did:plc:p${seq}`, rev: revOf(seq), ops: [...ops] }))
    }
    await expect.poll(() => stream.bookmark(), { timeout: 5_000 }).toEqual(at(relay, '300'))
    await stream.stop()

    expect(stream.events).toEqual([])
    expect(stream.batches.length).toBeLessThan(5)
  }))

test('an address on this machine is refused before anything is connected', async () =>
  withRelay({}, async (relay) => {
    for (const address of [relay.url, 'http://[::1]:1', 'http://169.254.169.254', 'file:///etc/passwd']) {
      const source = { sourceId: 'firehose', kind: 'firehose', address } as const
      const stream = listenTo(bluesky, source, null, { outside: makeOutside([]), now })
      expect(await stream.ended()).toMatchObject({ name: 'NotAllowed' })
    }
    expect(relay.connects).toBe(0)
  }))

test('stopping is immediate, whether frames come or not', () =>
  withRelay({ stalled: true }, async (relay) => {
    const stream = listen(relay)
    await connected(relay)
    await stream.stop()
    const early = listen(relay)
    await early.stop()

    expect([await stream.ended(), await early.ended()]).toEqual([null, null])
  }))

test('a quiet stream says that it stands, and says so again only while the other side answers', async () => {
  await using alive = await startRelay({ stalled: true })
  await using dead = await startRelay({ stalled: true })
  let time = now().getTime()
  const streams = [alive, dead].map((relay) => {
    const source = { sourceId: 'firehose', kind: 'firehose', address: relay.url } as const
    const io = { outside: makeOutside([relay.host]), now: () => new Date(time) }
    return listenTo(bluesky, source, at(relay, '7'), io)
  })
  for (const it of streams) await expect.poll(() => it.batches.length, { interval: 10 }).toBe(1)
  dead.mute()
  time += 5_000
  await new Promise((resolve) => setTimeout(resolve, 9_000))
  for (const it of streams) await it.stop()

  const empty = { events: [], bookmark: null }
  const later = new Date('2026-11-22T12:00:05.000Z')
  expect(streams[0]!.batches).toEqual([
    { ...empty, heardAt: now() },
    { ...empty, heardAt: later },
  ])
  expect(streams[1]!.batches).toEqual([{ ...empty, heardAt: now() }])
}, 20_000)

test('what a server sends again although the bookmark has it is left out', () =>
  withRelay(
    {
      greet: async (socket) => {
        for (const seq of [3, 4, 5]) socket.send((await postFrame(seq, `post ${seq}`)).bytes)
      },
    },
    async (relay) => {
      const stream = listen(relay, at(relay, '4'))
      await stream.until((it) => textsOf(it).includes('post 5'))
      await stream.stop()

      expect(textsOf(stream.events)).toEqual(['post 5'])
    },
  ))
