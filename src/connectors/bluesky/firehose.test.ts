/** Listening to a real PDS. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listenTo, postsOf, textsOf } from '../../../test/listening.ts'
import { startPds, type TestAccount, type TestPds } from '../../../test/pds.ts'
import { type Bookmark, NeedsDecision, type Source } from '../connector.ts'
import { makeBluesky } from './bluesky.ts'

let pds: TestPds
let kim: TestAccount
let acme: TestAccount
let source: Source
beforeAll(async () => {
  pds = await startPds()
  kim = await pds.makeAccount('kimlee')
  acme = await pds.makeAccount('acmecare')
  source = sourceOf(pds)
})
afterAll(() => pds[Symbol.asyncDispose]())

const sourceOf = (it: TestPds): Source => ({
  sourceId: `firehose ${it.url}`,
  kind: 'firehose',
  address: it.url,
})
const listen = (since: Bookmark | null) => listenTo(makeBluesky(pds.settings), source, since, pds.io())
/** From the beginning of this PDS: the tests need not wait until the stream stands. */
const start = () => ({ cursor: '0', host: new URL(pds.url).host })

/** Where the stream is after everything said so far. */
async function tip(): Promise<Bookmark> {
  const stream = listen(start())
  const last = await kim.say(`tip ${crypto.randomUUID()}`)
  await stream.until((it) => postsOf(it).some((post) => post.uri === last.uri))
  await stream.stop()
  return stream.bookmark()!
}

/** A stream without a bookmark stands when it stands: until then what is said passes by. */
async function sayUntilHeard(who: TestAccount, text: string, stream: ReturnType<typeof listenTo>) {
  const saying = async () => {
    await who.say(text)
    return textsOf(stream.events)
  }
  await expect.poll(saying, { interval: 50, timeout: 5_000 }).toContain(text)
}

test('a post and its reply are heard with their words, their thread and their author', async () => {
  const stream = listen(await tip())
  const first = await kim.say('@acme my parcel is broken 📦')
  await acme.say('We are sorry!', { root: first, parent: first })
  await stream.until((it) => textsOf(it).includes('We are sorry!'))
  await stream.stop()

  const [question, answer] = stream.posts()
  expect(question).toMatchObject({
    uri: first.uri,
    cid: first.cid,
    threadUri: first.uri,
    parentUri: null,
    author: { accountId: kim.did, handle: null, displayName: null },
    text: '@acme my parcel is broken 📦',
    facets: [],
    embed: null,
  })
  expect(answer).toMatchObject({
    threadUri: first.uri,
    parentUri: first.uri,
    author: { accountId: acme.did },
  })
})

test('without a bookmark only what is said from now on is heard', async () => {
  await kim.say('long ago')
  const stream = listen(null)
  await sayUntilHeard(kim, 'now', stream)
  await stream.stop()

  expect(textsOf(stream.events)).not.toContain('long ago')
})

test('an edit is heard as an update and a deletion as a delete, each newer than the one before', async () => {
  const stream = listen(await tip())
  const { uri } = await kim.say('it is brokn')
  const [rkey, repo] = [uri.split('/').at(-1)!, kim.did]
  const record = { $type: 'app.bsky.feed.post', text: 'it is broken', createdAt: new Date().toISOString() }
  await kim.agent.com.atproto.repo.putRecord({ repo, collection: 'app.bsky.feed.post', rkey, record })
  await kim.agent.deletePost(uri)
  await stream.until((it) => it.some((event) => event.type === 'delete'))
  await stream.stop()

  const [made, edited, deleted] = stream.events
  expect([made, edited, deleted]).toMatchObject([
    { type: 'post', op: 'create', post: { uri, text: 'it is brokn' } },
    { type: 'post', op: 'update', post: { uri, text: 'it is broken' } },
    { type: 'delete', uri, authorId: kim.did },
  ])
  const revs = [
    postsOf([made!])[0]!.rev,
    postsOf([edited!])[0]!.rev,
    deleted!.type === 'delete' && deleted!.rev,
  ]
  expect(revs).toEqual(revs.toSorted())
})

test('an account that is deactivated and comes back is heard', async () => {
  const moody = await pds.makeAccount('moodyperson')
  const stream = listen(await tip())
  await moody.agent.com.atproto.server.deactivateAccount({})
  await moody.agent.com.atproto.server.activateAccount()
  await stream.until((it) => it.some((event) => event.type === 'account' && event.status === 'active'))
  await stream.stop()

  const statuses = stream.events.flatMap((it) =>
    it.type === 'account' && it.authorId === moody.did ? [it.status] : [],
  )
  expect(statuses).toEqual(['deactivated', 'active'])
})

test('going on from each bookmark loses nothing and repeats nothing', async () => {
  let bookmark: Bookmark = await tip()
  const heard: string[] = []
  for (let round = 0; round < 4; round++) {
    for (let i = 0; i < 5; i++) await kim.say(`round ${round} post ${i}`)
    const stream = listen(bookmark)
    await stream.until((it) => it.length >= 3)
    await stream.stop()
    heard.push(...textsOf(stream.events))
    bookmark = stream.bookmark()!
  }
  const rest = listen(bookmark)
  await rest.until((it) => heard.length + it.length >= 20)
  await rest.stop()

  const all = Array.from({ length: 20 }, (_, i) => `round ${Math.floor(i / 5)} post ${i % 5}`)
  expect([...heard, ...textsOf(rest.events)]).toEqual(all)
})

test('a bookmark that fell out of the window is a gap, and listening goes on', async () => {
  await using short = await startPds({ repoBackfillLimitMs: 300 })
  const lee = await short.makeAccount('leepark')
  await lee.say('will be forgotten')
  await new Promise((resolve) => setTimeout(resolve, 500))
  const since = { cursor: '1', host: new URL(short.url).host }
  const stream = listenTo(makeBluesky(short.settings), sourceOf(short), since, short.io())
  await stream.until((it) => it.some((event) => event.type === 'gap'))
  await sayUntilHeard(lee, 'heard', stream)
  await stream.stop()

  expect(stream.events[0]).toEqual({ type: 'gap', cause: 'outdated-cursor', from: '1', to: null })
  expect(textsOf(stream.events)).not.toContain('will be forgotten')
})

test('a bookmark from the future stops and asks, without trying again and again', async () => {
  let connects = 0
  const counting = {
    ...pds.outside,
    assertAllowed(url: string | URL) {
      connects++
      pds.outside.assertAllowed(url)
    },
  }
  const since = { cursor: '999999', host: new URL(pds.url).host }
  const io = { ...pds.io(), outside: counting }
  const stream = listenTo(makeBluesky(pds.settings), source, since, io)

  expect(await stream.ended()).toEqual(new NeedsDecision('future-cursor'))
  expect(connects).toBe(1)
})

test('rich text, images with their words, link cards and quotes arrive whole', async () => {
  const quoted = await acme.say('our opening hours')
  const stream = listen(await tip())
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  const { data } = await kim.agent.uploadBlob(png, { encoding: 'image/png' })
  const text = '👩‍👩‍👧 שלום @acmecare.test #broken'
  const byte = (it: string) => Buffer.byteLength(text.slice(0, text.indexOf(it)))
  await kim.agent.post({
    text,
    langs: ['he', 'en'],
    facets: [
      {
        index: { byteStart: byte('@'), byteEnd: byte(' #') },
        features: [{ $type: 'app.bsky.richtext.facet#mention', did: acme.did }],
      },
    ],
    embed: {
      $type: 'app.bsky.embed.recordWithMedia',
      record: { $type: 'app.bsky.embed.record', record: quoted },
      media: {
        $type: 'app.bsky.embed.images',
        images: [{ image: data.blob, alt: 'a broken box', aspectRatio: { width: 1, height: 1 } }],
      },
    },
  })
  await kim.agent.post({
    text: 'a card',
    embed: {
      $type: 'app.bsky.embed.external',
      external: { uri: 'https://acme.example/help', title: 'Help', description: 'How to reach us' },
    },
  })
  await stream.until((it) => textsOf(it).includes('a card'))
  await stream.stop()

  const [rich, card] = stream.posts()
  const ref = data.blob.ref.toString()
  expect(rich).toMatchObject({
    text,
    langs: ['he', 'en'],
    facets: [{ byteStart: 28, byteEnd: 42, kind: 'mention', value: acme.did }],
    embed: {
      images: [{ ref, alt: 'a broken box', mime: 'image/png', width: 1, height: 1 }],
      quote: { uri: quoted.uri },
      link: null,
      other: null,
    },
  })
  expect(card!.embed!.link).toEqual({
    url: 'https://acme.example/help',
    title: 'Help',
    description: 'How to reach us',
  })
  expect(await makeBluesky(pds.settings).readImage(kim.did, ref, pds.io())).toEqual({
    mime: 'image/png',
    bytes: new Uint8Array(png),
  })
  expect(await makeBluesky(pds.settings).readImage(kim.did, '../../etc/passwd', pds.io())).toBeNull()
})
