/** Against a Jetstream of ours, written after the documented format; the public one is not reached from tests. */
import { expect, test } from 'vitest'
import {
  aPost,
  type JetstreamOptions,
  type JetstreamServer,
  startJetstream,
} from '../../../test/jetstream-server.ts'
import { listenTo, textsOf } from '../../../test/listening.ts'
import { makeOutside } from '../../base/outside.ts'
import { type Bookmark, NeedsDecision } from '../connector.ts'
import { makeBluesky } from './bluesky.ts'
import { bounds } from './socket.ts'

const bluesky = makeBluesky({ appViewUrl: null, plcUrl: 'https://plc.directory' })
const now = () => new Date('2026-11-22T12:00:00.000Z')
const nowMicros = now().getTime() * 1000
const minute = 60_000_000
const v2 =
  '/xrpc/network.bsky.jetstream.subscribeEvents?collections=app.bsky.feed.post&kinds=commit&kinds=identity&kinds=account'
const v1 = '/subscribe?wantedCollections=app.bsky.feed.post'

function listen(server: JetstreamServer, since: Bookmark | null = null, path = '') {
  const source = {
    sourceId: `jetstream ${server.url}`,
    kind: 'jetstream',
    address: server.url + path,
  } as const
  return listenTo(bluesky, source, since, { outside: makeOutside([server.host]), now })
}
async function withJetstream(options: JetstreamOptions, run: (server: JetstreamServer) => Promise<void>) {
  await using server = await startJetstream(options)
  await run(server)
}
const asked = (server: JetstreamServer, times: number) =>
  expect.poll(() => server.asked.length, { interval: 10 }).toBe(times)
/** The upgrade is answered a moment after it was asked for. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 50))

test('version 2 is asked first; posts, edits, deletions, accounts and names are heard', () =>
  withJetstream({}, async (server) => {
    const stream = listen(server)
    await asked(server, 1)
    await settled()
    const did = 'did:plc:kimlee'
    server.witness(
      aPost(1, 'my parcel is brokn'),
      aPost(2, 'my parcel is broken', { operation: 'update' }),
      aPost(3, '', { operation: 'delete' }),
      {
        seq: 4,
        micros: nowMicros,
        did,
        kind: 'account',
        body: { did, seq: 900, active: false, status: 'deleted', time: '' },
      },
      {
        seq: 5,
        micros: nowMicros,
        did,
        kind: 'identity',
        body: { did, seq: 901, handle: 'kim.test', time: '' },
      },
    )
    await stream.until((it) => it.length === 5)
    await stream.stop()

    expect(server.asked).toEqual([v2])
    expect(stream.events).toMatchObject([
      {
        type: 'post',
        op: 'create',
        post: { uri: `at://${did}/app.bsky.feed.post/post1`, text: 'my parcel is brokn' },
      },
      { type: 'post', op: 'update', post: { text: 'my parcel is broken' } },
      { type: 'delete', uri: `at://${did}/app.bsky.feed.post/post3`, authorId: did },
      { type: 'account', authorId: did, status: 'deleted' },
      { type: 'identity', authorId: did, handle: null },
    ])
    expect(stream.bookmark()).toEqual({ cursor: '5', host: server.host })
  }))

test('where version 2 is not known, version 1 serves, with times for a bookmark', () =>
  withJetstream({ versions: [1] }, async (server) => {
    const stream = listen(server)
    await asked(server, 2)
    await settled()
    server.witness(aPost(1, 'hello', { micros: nowMicros }))
    await stream.until((it) => it.length === 1)
    await stream.stop()

    expect(server.asked).toEqual([v2, v1])
    expect(textsOf(stream.events)).toEqual(['hello'])
    expect(stream.bookmark()).toEqual({ cursor: String(nowMicros), host: server.host })
  }))

test('an address that names version 1 is not asked for version 2', () =>
  withJetstream({}, async (server) => {
    const stream = listen(server, null, '/subscribe')
    await asked(server, 1)
    await stream.stop()

    expect(server.asked).toEqual([v1])
  }))

test.each([[2], [1]] as const)('going on from the bookmark of version %i loses nothing', (version) =>
  withJetstream({ versions: [version] }, async (server) => {
    server.witness(
      ...[1, 2, 3, 4].map((seq) => aPost(seq, `post ${seq}`, { micros: nowMicros - 10 * minute + seq })),
    )
    const cursor = version === 2 ? '2' : String(nowMicros - 10 * minute + 3)
    const stream = listen(server, { cursor, host: server.host })
    await stream.until((it) => textsOf(it).includes('post 4'))
    await stream.stop()

    expect(textsOf(stream.events)).toEqual(['post 3', 'post 4'])
  }),
)

test('version 2 says that a bookmark is too old: the gap is told, and listening goes on from now', () =>
  withJetstream({ oldestSeq: 500 }, async (server) => {
    const stream = listen(server, { cursor: '7', host: server.host })
    await asked(server, 2)
    await settled()
    server.witness(aPost(900, 'still here'))
    await stream.until((it) => textsOf(it).includes('still here'))
    await stream.stop()

    expect(server.asked).toEqual([`${v2}&cursor=7`, v2])
    expect(stream.events[0]).toEqual({ type: 'gap', cause: 'outdated-cursor', from: '7', to: null })
  }))

test('version 1 moves an old bookmark forward without a word: the first time heard gives it away', () =>
  withJetstream({ versions: [1] }, async (server) => {
    const kept = nowMicros - 36 * 60 * minute
    server.witness(aPost(1, 'the oldest kept', { micros: kept }), aPost(2, 'next', { micros: kept + 1 }))
    const since = String(nowMicros - 50 * 60 * minute)
    const stream = listen(server, { cursor: since, host: server.host })
    await stream.until((it) => it.length === 3)
    await stream.stop()

    expect(stream.events.map((it) => it.type)).toEqual(['gap', 'post', 'post'])
    expect(stream.events[0]).toEqual({ type: 'gap', cause: 'clamped', from: since, to: String(kept) })
  }))

test('a short absence on version 1 is no gap', () =>
  withJetstream({ versions: [1] }, async (server) => {
    server.witness(aPost(1, 'quiet hour', { micros: nowMicros - minute }))
    const stream = listen(server, { cursor: String(nowMicros - 20 * minute), host: server.host })
    await stream.until((it) => it.length === 1)
    await stream.stop()

    expect(textsOf(stream.events)).toEqual(['quiet hour'])
  }))

test('on another host a time is rewound by five seconds, and a number is a gap', () =>
  withJetstream({}, async (server) => {
    const byTime = listen(server, { cursor: String(nowMicros), host: 'elsewhere.test' })
    await asked(server, 1)
    await byTime.stop()
    const byNumber = listen(server, { cursor: '41', host: 'elsewhere.test' })
    await asked(server, 2)
    await byNumber.until((it) => it.length === 1)
    await byNumber.stop()

    expect(server.asked).toEqual([`${v2}&cursor=${nowMicros - 5_000_000}`, v2])
    expect(byTime.events).toEqual([])
    expect(byNumber.events).toEqual([{ type: 'gap', cause: 'host-changed', from: '41', to: null }])
  }))

test('an instance that never counted so far starts at its tip, the gap is told, and what follows is heard', () =>
  withJetstream({}, async (server) => {
    server.witness(aPost(1, 'one'))
    const stream = listen(server, { cursor: '5000', host: server.host })
    await stream.until((it) => it.length === 1)
    server.witness(aPost(2, 'two'), aPost(3, 'three'))
    await stream.until((it) => textsOf(it).includes('three'))
    await stream.stop()

    expect(stream.events[0]).toEqual({ type: 'gap', cause: 'host-changed', from: '5000', to: null })
    expect(textsOf(stream.events)).toEqual(['two', 'three'])
    expect(stream.bookmark()).toEqual({ cursor: '3', host: server.host })
  }))

test('an instance that counts anew without a word is heard, and the gap is told once', () =>
  withJetstream({ silentRestart: true }, async (server) => {
    const stream = listen(server, { cursor: '5000', host: server.host })
    await asked(server, 1)
    await settled()
    const micros = nowMicros + minute
    server.witness(
      aPost(1, 'one', { micros }),
      aPost(2, 'two', { micros }),
      aPost(5000, 'the same number again', { micros }),
    )
    await stream.until((it) => it.length === 4)
    await stream.stop()

    expect(stream.events.map((it) => it.type)).toEqual(['gap', 'post', 'post', 'post'])
    expect(stream.events[0]).toEqual({ type: 'gap', cause: 'host-changed', from: '5000', to: '1' })
    expect(textsOf(stream.events)).toEqual(['one', 'two', 'the same number again'])
    expect(stream.bookmark()?.cursor).toBe('5000')
  }))

test('what an instance tells once more is no sign that it counts anew, and moves nothing back', () =>
  withJetstream({ silentRestart: true }, async (server) => {
    const stream = listen(server, { cursor: '5000', host: server.host })
    await asked(server, 1)
    await settled()
    server.witness(
      ...[4998, 4999, 5000].map((seq) => aPost(seq, `post ${seq}`, { micros: nowMicros - minute })),
    )
    await stream.until((it) => it.length === 3)
    const before = stream.bookmark()
    server.witness(aPost(5001, 'post 5001', { micros: nowMicros + minute }))
    await stream.until((it) => textsOf(it).includes('post 5001'))
    await stream.stop()

    expect(before?.cursor).toBe('5000')
    expect(textsOf(stream.events)).toEqual(['post 4998', 'post 4999', 'post 5000', 'post 5001'])
    expect(stream.events.some((it) => it.type === 'gap')).toBe(false)
    expect(stream.bookmark()?.cursor).toBe('5001')
  }))

test('an instance that counts anew and whose clock is behind is known by how much it tells', () =>
  withJetstream({ silentRestart: true }, async (server) => {
    const stream = listen(server, { cursor: '5000', host: server.host })
    await asked(server, 1)
    await settled()
    server.witness(
      ...Array.from({ length: 1_100 }, (_, n) => aPost(n + 1, 'x', { micros: nowMicros - minute })),
    )
    await stream.until((it) => it.length === 1_101)
    await stream.stop()

    expect(stream.events.filter((it) => it.type === 'gap')).toEqual([
      { type: 'gap', cause: 'host-changed', from: '5000', to: '1001' },
    ])
    expect(stream.bookmark()?.cursor).toBe('1100')
  }))

test.each([[2], [1]] as const)(
  'a frame beyond all bounds on version %i stops and asks: coming back would only meet it again',
  (version) =>
    withJetstream({ versions: [version] }, async (server) => {
      server.witness(
        aPost(1, 'one', { micros: nowMicros }),
        aPost(2, 'x'.repeat(bounds.frameBytes), { micros: nowMicros + 1 }),
        aPost(3, 'after it', { micros: nowMicros + 2 }),
      )
      const stream = listen(server, { cursor: version === 2 ? '0' : String(nowMicros), host: server.host })

      expect(await stream.ended()).toEqual(new NeedsDecision('bad-cursor'))
      expect(textsOf(stream.events)).toEqual(['one'])
    }),
)

test('hostile frames are set aside, and the stream goes on', () =>
  withJetstream({}, async (server) => {
    const stream = listen(server)
    await asked(server, 1)
    await settled()
    const raw = [
      '',
      '{',
      '[]',
      'null',
      '"text"',
      '{"$type":"message"}',
      '{"$type":"message","payload":{"seq":"1"}}',
      '['.repeat(100_000),
    ]
    for (const text of raw) server.sendText(text)
    server.witness(
      aPost(1, '', { record: { text: 7 } }),
      aPost(2, '', { record: { text: 'half \ud800 pair and \0' } }),
      aPost(3, '', { record: { createdAt: 'never', langs: 7, facets: 'x', embed: [] } }),
      aPost(4, 'x'.repeat(100_000)),
      aPost(5, 'the end'),
    )
    await stream.until((it) => textsOf(it).includes('the end'))
    await stream.stop()

    expect(stream.events.filter((it) => it.type === 'poison')).toHaveLength(raw.length + 1)
    expect(textsOf(stream.events)).toEqual(['half � pair and �', '', 'x'.repeat(100_000), 'the end'])
    expect(stream.bookmark()?.cursor).toBe('5')
  }))

test('too slow ends it quietly; a server that hangs up ends it too', () =>
  withJetstream({}, async (server) => {
    const slow = listen(server)
    await asked(server, 1)
    await settled()
    server.sendText('{"$type":"error","error":"ConsumerTooSlow"}')
    expect(await slow.ended()).toBeNull()

    const cut = listen(server)
    await asked(server, 2)
    await settled()
    server.cut()
    expect(await cut.ended()).toBeNull()
  }))
