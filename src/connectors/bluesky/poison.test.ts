/** Frames and records that cannot be read, and what cannot be believed, from a relay of ours on this machine. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { aPost, startJetstream } from '../../../test/jetstream-server.ts'
import { listenTo, textsOf } from '../../../test/listening.ts'
import {
  commitFrame,
  messageFrame,
  postFrame,
  type Relay,
  type RelayOptions,
  revOf,
  startRelay,
} from '../../../test/relay-server.ts'
import { makeOutside } from '../../base/outside.ts'
import type { Bookmark } from '../connector.ts'
import { makeBluesky } from './bluesky.ts'
import { nextTid } from './tid.ts'

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

test('frames that cannot be read are set aside, and the posts around them are heard in order', () =>
  withRelay({}, async (relay) => {
    const spoiled: Record<string, string> = JSON.parse(
      readFileSync(`${import.meta.dirname}/fixtures/poison.json`, 'utf8'),
    )
    const stream = listen(relay)
    await connected(relay)
    let seq = 10
    for (const hex of Object.values(spoiled)) {
      relay.send(await postFrame(seq, `before ${seq}`), { seq: null, bytes: Buffer.from(hex, 'hex') })
      seq++
    }
    relay.send(await postFrame(99, 'the last word'))
    await stream.until((it) => textsOf(it).includes('the last word'))
    await stream.stop()

    const poison = stream.events.filter((it) => it.type === 'poison')
    expect(poison.map((it) => Buffer.from(it.raw).toString('hex'))).toEqual(Object.values(spoiled))
    expect(poison.every((it) => it.error.length > 0)).toBe(true)
    expect(textsOf(stream.events)).toEqual([
      ...Object.keys(spoiled).map((_, i) => `before ${10 + i}`),
      'the last word',
    ])
    expect(stream.bookmark()).toEqual(at(relay, '99'))
    expect(relay.connects).toBe(1)
  }))

test('a record that is no post is set aside alone; its neighbours in the same commit are heard', () =>
  withRelay({}, async (relay) => {
    const stream = listen(relay)
    await connected(relay)
    const good = { $type: 'app.bsky.feed.post', text: 'good', createdAt: '2026-11-22T10:00:00.000Z' }
    const bad = [
      { ...good, text: 7 },
      { ...good, $type: 'app.bsky.feed.like' },
      { ...good, reply: { root: {}, parent: { uri: 'nowhere' } } },
      { $type: 'app.bsky.feed.post' },
    ]
    const ops = [...bad, good].map((record, i) => ({ action: 'create', rkey: `r${i}`, record }) as const)
    relay.send(await commitFrame({ seq: 5, did: 'did:plc:kimlee', rev: revOf(5), ops }))
    await stream.until((it) => it.length === 5)
    await stream.stop()

    expect(stream.events.map((it) => (it.type === 'poison' ? it.error : it.type))).toEqual([
      'at://did:plc:kimlee/app.bsky.feed.post/r0: the post has no text',
      'at://did:plc:kimlee/app.bsky.feed.post/r1: not a post',
      'at://did:plc:kimlee/app.bsky.feed.post/r2: its reply names no post',
      'at://did:plc:kimlee/app.bsky.feed.post/r3: the post has no text',
      'post',
    ])
  }))

test('what cannot be read says whose it is, so that it goes when its post or its account does', () =>
  withRelay({}, async (relay) => {
    const stream = listen(relay)
    await connected(relay)
    const [did, uri] = ['did:plc:kimlee', 'at://did:plc:kimlee/app.bsky.feed.post/canary']
    const record = { $type: 'app.bsky.feed.post', text: 'SECRET words', reply: { root: { uri: 'x' } } }
    const held = await commitFrame({
      seq: 1,
      did,
      rev: revOf(1),
      ops: [{ action: 'create', rkey: 'canary', record }],
    })
    const create = (rkey: string) => ({ action: 'create', path: `app.bsky.feed.post/${rkey}`, cid: null })
    const broken = { repo: did, rev: revOf(2), since: revOf(1), blocks: new Uint8Array([0xde, 0xad]) }
    const remove = { ...create('old'), action: 'delete' }
    relay.send(
      held,
      messageFrame('#commit', { ...broken, seq: 2, ops: [create('canary')] }),
      messageFrame('#commit', { ...broken, seq: 3, ops: [create('one'), remove, create('two')] }),
      messageFrame('#account', { seq: 4, did, active: 'perhaps' }),
      messageFrame('#commit', { ...broken, seq: 5, ops: [create('x'.repeat(3_000))] }),
    )
    await stream.until((it) => it.length === 7)
    await stream.stop()

    const shown = stream.events.map((it) =>
      it.type === 'poison' ? [it.uri, it.authorId, Buffer.from(it.raw).toString('latin1')] : it,
    )
    expect(shown[0]).toEqual([uri, did, expect.stringContaining('SECRET words')])
    expect(shown[1]).toEqual([uri, did, '\xde\xad'])
    expect(shown.slice(2, 5)).toEqual([
      [`at://${did}/app.bsky.feed.post/one`, did, `${did} one 3`],
      { type: 'delete', uri: `at://${did}/app.bsky.feed.post/old`, authorId: did, rev: revOf(2) },
      [`at://${did}/app.bsky.feed.post/two`, did, `${did} two 3`],
    ])
    expect(shown[5]).toEqual([undefined, did, expect.stringContaining('perhaps')])
    expect(shown[6]).toEqual([undefined, did, '\xde\xad'])
    expect(stream.bookmark()).toEqual(at(relay, '5'))
  }))

test('a revision from the future is not believed, and a deletion is, whatever its revision', () =>
  withRelay({}, async (relay) => {
    const stream = listen(relay)
    await connected(relay)
    const ahead = (minutes: number) => nextTid(new Date(now().getTime() + minutes * 60_000))
    const remove = [{ action: 'delete', rkey: 'gone' }] as const
    relay.send(
      await postFrame(1, 'a clock that is fast', { rev: ahead(4) }),
      await postFrame(2, 'from the future', { rev: ahead(6), did: 'did:plc:forger' }),
      await postFrame(3, 'for ever the newest', { rev: 'zzzzzzzzzzzzz', did: 'did:plc:forger' }),
      await commitFrame({ seq: 4, did: 'did:plc:forger', rev: 'zzzzzzzzzzzzz', ops: [...remove] }),
    )
    await stream.until((it) => it.some((event) => event.type === 'delete'))
    await stream.stop()

    expect(textsOf(stream.events)).toEqual(['a clock that is fast'])
    const [future, garbled, gone] = stream.events.filter((it) => it.type !== 'post' && it.type !== 'gap')
    expect(future).toMatchObject({ type: 'poison', uri: 'at://did:plc:forger/app.bsky.feed.post/post2' })
    expect(garbled).toMatchObject({ type: 'poison', uri: 'at://did:plc:forger/app.bsky.feed.post/post3' })
    expect(gone).toMatchObject({ type: 'delete', rev: '2222222222222' })
  }))

test('a Jetstream says the same of whose it is, and is believed no further', async () => {
  await using server = await startJetstream()
  const [did, uri] = ['did:plc:kimlee', (name: string) => `at://did:plc:kimlee/app.bsky.feed.post/${name}`]
  const future = nextTid(new Date(now().getTime() + 6 * 60_000))
  server.witness(
    aPost(1, 'SECRET words', { record: { reply: { root: { uri: 'x' } } } }),
    aPost(2, 'from the future', { rev: future }),
    aPost(3, '', { operation: 'delete', rev: future }),
    aPost(4, 'the end'),
  )
  const source = { sourceId: 'jetstream', kind: 'jetstream', address: server.url } as const
  const io = { outside: makeOutside([server.host]), now }
  const stream = listenTo(bluesky, source, { cursor: '0', host: server.host }, io)
  await stream.until((it) => textsOf(it).includes('the end'))
  await stream.stop()

  expect(stream.events).toMatchObject([
    { type: 'poison', uri: uri('post1'), authorId: did, cursor: '1' },
    { type: 'poison', uri: uri('post2'), authorId: did, cursor: '2' },
    { type: 'delete', uri: uri('post3'), authorId: did },
    { type: 'post', post: { text: 'the end' } },
  ])
})
