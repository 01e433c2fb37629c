/** What every connector must keep, whatever network is behind it: the port's promises as tests. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listenTo, textsOf } from '../../test/listening.ts'
import { type Ref, startPds } from '../../test/pds.ts'
import { makeOutside } from '../base/outside.ts'
import { Refusal } from '../base/refusal.ts'
import { makeBluesky } from './bluesky/bluesky.ts'
import {
  type Bookmark,
  type Channel,
  type Connector,
  type Frozen,
  type Io,
  NeedsDecision,
  type Source,
} from './connector.ts'
import { makeRehearsal, rehearsalBrand } from './rehearsal/rehearsal.ts'

/** A network with one customer and one account of ours on it. */
type World = {
  connector: Connector
  source: Source
  channel: Channel
  password: string
  io(): Io
  /** The customer says something, in the thread of `to` when given; answers its address. */
  say(text: string, to?: string): Promise<string>
  edit(uri: string, text: string): Promise<void>
  remove(uri: string): Promise<void>
  close(): Promise<void>
}

async function aBluesky(): Promise<World> {
  const pds = await startPds()
  const customer = await pds.makeAccount('kimlee')
  const brand = await pds.makeAccount('acmecare')
  const said = new Map<string, { root: Ref; ref: Ref }>()
  const keyOf = (uri: string) => uri.split('/').at(-1)!
  return {
    connector: makeBluesky(pds.settings),
    source: { sourceId: 'firehose', kind: 'firehose', address: pds.url },
    channel: brand.channel,
    password: brand.appPassword,
    io: () => pds.io(),
    async say(text, to) {
      const parent = to ? said.get(to)! : null
      const ref = await customer.say(text, parent ? { root: parent.root, parent: parent.ref } : undefined)
      said.set(ref.uri, { root: parent?.root ?? ref, ref })
      return ref.uri
    },
    async edit(uri, text) {
      const record = { $type: 'app.bsky.feed.post', text, createdAt: new Date().toISOString() }
      const at = { repo: customer.did, collection: 'app.bsky.feed.post', rkey: keyOf(uri) }
      await customer.agent.com.atproto.repo.putRecord({ ...at, record })
    },
    async remove(uri) {
      await customer.agent.deletePost(uri)
    },
    async close() {
      await pds[Symbol.asyncDispose]()
    },
  }
}

async function aRehearsal(): Promise<World> {
  const connector = makeRehearsal({ story: [] })
  const workspaceId = '0190aaaa-0000-7000-8000-00000000abcd'
  const network = connector.networkOf(workspaceId)
  return {
    connector,
    source: { sourceId: `rehearsal ${workspaceId}`, kind: 'rehearsal', address: workspaceId },
    channel: {
      channelId: 'channel',
      workspaceId,
      network: 'rehearsal',
      accountId: rehearsalBrand.accountId,
      handle: rehearsalBrand.handle,
      serviceUrl: rehearsalBrand.serviceUrl,
      secret: rehearsalBrand.secret,
    },
    password: rehearsalBrand.secret,
    io: () => ({ outside: makeOutside([]), signal: new AbortController().signal, now: () => new Date() }),
    say: async (text, to) => network.say('kimlee', text, to ? { replyTo: to } : {}).uri,
    edit: async (uri, text) => network.edit(uri, text),
    remove: async (uri) => network.remove(uri),
    close: async () => {},
  }
}

describe.each([
  ['bluesky', aBluesky],
  ['rehearsal', aRehearsal],
] as const)('%s', (name, makeWorld) => {
  let it: World
  beforeAll(async () => {
    it = await makeWorld()
  })
  afterAll(() => it?.close())

  const freeze = (text: string, parentUri: string) =>
    it.connector.freeze(
      it.channel,
      { text, parentUri, threadUri: parentUri, langs: ['en'], at: new Date() },
      it.io(),
    )
  const send = (frozen: Frozen) => it.connector.send(it.channel, frozen, it.io())
  const listen = (since: Bookmark | null) => listenTo(it.connector, it.source, since, it.io())
  /** Everything from the network's beginning until `text` was said, and the bookmark there. */
  async function hearUntil(text: string, since: Bookmark | null) {
    const stream = listen(since)
    await stream.until((events) => textsOf(events).includes(text))
    await stream.stop()
    return stream
  }
  const beginning = () => ({ cursor: '0', host: new URL(it.source.address, 'http://rehearsal').host })
  async function tip(): Promise<Bookmark> {
    const text = `tip ${crypto.randomUUID()}`
    await it.say(text)
    return (await hearUntil(text, beginning())).bookmark()!
  }
  const times = (text: string) =>
    hearUntil(text, beginning()).then((stream) => textsOf(stream.events).filter((one) => one === text).length)
  /** Whether words get out at all: refused when frozen or when sent is both a no. */
  async function getsOut(text: string, parentUri: string): Promise<boolean> {
    try {
      return (await send(await freeze(text, parentUri))).outcome === 'sent'
    } catch (error) {
      if (error instanceof Refusal) return false
      throw error
    }
  }

  test('says which network it is and how long a reply may be', () => {
    expect(it.connector).toMatchObject({ network: name, limits: { graphemes: 300, bytes: 3000 } })
  })

  test('signs in with the right password, and says why not with another', async () => {
    const account = { serviceUrl: it.channel.serviceUrl, handle: it.channel.handle, secret: it.password }
    expect(await it.connector.signIn(account, it.io())).toMatchObject({
      outcome: 'signed-in',
      accountId: it.channel.accountId,
      handle: it.channel.handle,
    })
    expect(await it.connector.signIn({ ...account, secret: 'guessed' }, it.io())).toMatchObject({
      outcome: 'refused',
      why: 'password-refused',
    })
  })

  test('hears posts, replies, edits and deletions in the order they happened', async () => {
    const since = await tip()
    const stream = listen(since)
    const question = await it.say('where is my parcel?')
    const more = await it.say('hello?', question)
    await it.edit(more, 'hello??')
    await it.remove(more)
    await stream.until((events) => events.some((one) => one.type === 'delete'))
    await stream.stop()

    expect(stream.events).toMatchObject([
      { type: 'post', op: 'create', post: { uri: question, threadUri: question, parentUri: null } },
      { type: 'post', op: 'create', post: { uri: more, threadUri: question, parentUri: question } },
      { type: 'post', op: 'update', post: { uri: more, text: 'hello??' } },
      { type: 'delete', uri: more },
    ])
    const revs = stream.events.map((one) =>
      one.type === 'post' ? one.post.rev : one.type === 'delete' ? one.rev : '',
    )
    expect(revs.slice(1)).toEqual(revs.slice(1).toSorted())
  })

  test('a stream says at once that it stands, and moves no bookmark by that', async () => {
    const since = await tip()
    const stream = listen(since)
    await expect.poll(() => stream.batches.length, { interval: 10 }).toBeGreaterThan(0)
    await stream.stop()

    expect(stream.batches[0]).toMatchObject({ events: [], bookmark: null })
    expect(stream.bookmark()).toEqual(since)
  })

  test('goes on from its bookmark without losing or repeating anything', async () => {
    let bookmark = await tip()
    const heard: string[] = []
    for (const word of ['one', 'two', 'three']) {
      await it.say(`${word} a`)
      await it.say(`${word} b`)
      const stream = await hearUntil(`${word} b`, bookmark)
      heard.push(...textsOf(stream.events))
      bookmark = stream.bookmark()!
    }
    expect(heard).toEqual(['one a', 'one b', 'two a', 'two b', 'three a', 'three b'])
  })

  test('stops and asks when its bookmark lies in the future', async () => {
    const stream = listen({ ...beginning(), cursor: '99999999999' })
    expect(await stream.ended()).toEqual(new NeedsDecision('future-cursor'))
  })

  test('a frozen reply sent many times is one post, in the thread it answers', async () => {
    const question = await it.say('can you help?')
    const frozen = await freeze('of course', question)
    const sent = await Promise.all([1, 2, 3, 4, 5].map(() => send(frozen)))

    expect(sent.map((one) => one.outcome)).toEqual(['sent', 'sent', 'sent', 'sent', 'sent'])
    expect(new Set(sent.map((one) => JSON.stringify(one))).size).toBe(1)
    expect(await times('of course')).toBe(1)
    const stream = await hearUntil('of course', beginning())
    expect(stream.posts().find((one) => one.uri === frozen.uri)).toMatchObject({
      threadUri: question,
      parentUri: question,
      author: { accountId: it.channel.accountId },
    })
  })

  test('other words under the same key are refused', async () => {
    const frozen = await freeze('the real answer', await it.say('which one?'))
    await send(frozen)
    const other = { ...frozen, record: { ...frozen.record, text: 'something else' } }

    expect((await send(other)).outcome).toBe('refused')
    expect(await times('the real answer')).toBe(1)
  })

  test('finds what was sent, and says absent of what was not', async () => {
    const frozen = await freeze('did it arrive?', await it.say('anyone?'))
    expect(await it.connector.findSent(it.channel, frozen, it.io())).toEqual({ outcome: 'absent' })
    const sent = await send(frozen)
    expect(await it.connector.findSent(it.channel, frozen, it.io())).toEqual({
      outcome: 'there',
      cid: sent.outcome === 'sent' && sent.cid,
    })
  })

  test('keys differ for every reply', async () => {
    const question = await it.say('again?')
    const keys = await Promise.all([1, 2, 3, 4, 5].map(async () => (await freeze('yes', question)).key))
    expect(new Set(keys).size).toBe(5)
  })

  test('the limit of a text is kept: by characters as people count them, and by bytes', async () => {
    const question = await it.say('how long?')
    expect(await getsOut('é'.repeat(300), question)).toBe(true)
    expect(await getsOut('x'.repeat(301), question)).toBe(false)
    expect(await getsOut('👩‍👩‍👧‍👦'.repeat(200), question)).toBe(false)
  })

  test('a post that was deleted gets no answer', async () => {
    const question = await it.say('forget it')
    await it.remove(question)
    await expect(freeze('too late', question)).rejects.toMatchObject({
      name: 'Refusal',
      code: 'post-deleted',
    })
  })

  test.each([
    ['NUL and half a pair', 'a\0b \ud800 c'],
    ['right to left', '\u202eשלום\u202c'],
    ['zalgo', 'Z̷̢͈̓͝ä̴́lgo'],
  ])('%s can be answered with, and comes back as text a database takes', async (_name, text) => {
    const frozen = await freeze(text, await it.say('hm?'))
    const written = String(frozen.record.text)
    expect(await send(frozen)).toMatchObject({ outcome: 'sent' })
    await hearUntil(written, beginning())
    expect(written).toBe(text.toWellFormed().replaceAll('\0', '�'))
  })

  test('an author is somebody, and nobody is nobody', async () => {
    const [post] = (await hearUntil('who am I?', { ...(await sayAndTip('who am I?')) })).posts().slice(-1)
    expect((await it.connector.readAuthor(post!.author.accountId, it.io()))?.handle).toMatch(/^kimlee\./)
    expect(await it.connector.readAuthor('did:plc:aaaaaaaaaaaaaaaaaaaaaaaa', it.io())).toBeNull()
  })
  async function sayAndTip(text: string) {
    const since = await tip()
    await it.say(text)
    return since
  }
})
