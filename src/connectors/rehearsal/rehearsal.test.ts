/** The network made of memory: it must behave like a real one, and tell its story once. */
import { expect, test } from 'vitest'
import { makeOutside } from '../../base/outside.ts'
import type { Bookmark, Channel, HeardEvent, HeardPost, Io, Source } from '../connector.ts'
import { brand } from './cast.ts'
import { makeRehearsal, type Rehearsal } from './rehearsal.ts'
import { story } from './story.ts'

const workspaceId = '0190aaaa-0000-7000-8000-00000000abcd'
const source: Source = { sourceId: `rehearsal ${workspaceId}`, kind: 'rehearsal', address: workspaceId }
const channel: Channel = {
  channelId: '0190aaaa-0000-7000-8000-000000000001',
  workspaceId,
  network: 'rehearsal',
  accountId: brand.accountId,
  handle: brand.handle,
  serviceUrl: brand.serviceUrl,
  secret: brand.secret,
}
const noon = new Date('2026-11-02T12:00:00Z')
const outside = makeOutside([])

function anIo(signal: AbortSignal = new AbortController().signal): Io {
  return { outside, signal, now: () => noon }
}

/** Everything that can be heard now: a clock that stands still, moved on by `advance`. */
async function hear(network: Rehearsal, since: Bookmark | null, ms: number) {
  const world = network.networkOf(workspaceId)
  const stop = new AbortController()
  const events: HeardEvent[] = []
  let bookmark = since
  const listening = (async () => {
    for await (const heard of network.listen(source, since, anIo(stop.signal))) {
      events.push(...heard.events)
      bookmark = heard.bookmark ?? bookmark
    }
  })()
  await settle()
  world.advance(ms)
  await settle()
  stop.abort()
  await listening
  return { events, bookmark: bookmark!, posts: postsOf(events) }
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 20))
const postsOf = (events: HeardEvent[]) => events.flatMap((it) => (it.type === 'post' ? [it.post] : []))
const still = () => makeRehearsal({ now: () => noon })
const quiet = () => makeRehearsal({ now: () => noon, story: [] })

async function answer(network: Rehearsal, to: HeardPost, text: string) {
  const wanted = { text, parentUri: to.uri, threadUri: to.threadUri, langs: ['en'], at: noon }
  const frozen = await network.freeze(channel, wanted, anIo())
  return { frozen, sent: await network.send(channel, frozen, anIo()) }
}

test('the first customer speaks within two seconds, and the whole story takes about four minutes', async () => {
  const network = still()

  const first = await hear(network, null, 2_000)
  const rest = await hear(network, first.bookmark, 240_000)

  expect(first.posts.map((it) => it.author.handle)).toEqual(['fernhill.rehearsal', 'mara.rehearsal'])
  expect(first.events.length + rest.events.length).toBe(story.length)
  expect(Math.max(...story.map((it) => it.at))).toBeGreaterThan(200)
})

test('no two lines of the story share a moment or a name, and every line stands on one that was said before', () => {
  const ids = story.flatMap((it) => ('id' in it ? [it.id] : []))
  const when = new Map(story.flatMap((it) => ('id' in it ? [[it.id, it.at] as const] : [])))

  expect(new Set(story.map((it) => it.at)).size).toBe(story.length)
  expect(new Set(ids).size).toBe(ids.length)
  for (const line of story) {
    const standsOn =
      'to' in line ? line.to : 'deletes' in line ? line.deletes : 'edits' in line ? line.edits : null
    if (standsOn) expect(when.get(standsOn), standsOn).toBeLessThan(line.at)
  }
})

test('the cursor rises with every batch, and going on from a bookmark repeats nothing', async () => {
  const network = still()

  const first = await hear(network, null, 30_000)
  const second = await hear(network, first.bookmark, 30_000)

  expect(Number(second.bookmark.cursor)).toBeGreaterThan(Number(first.bookmark.cursor))
  const uris = [...first.posts, ...second.posts].map((it) => it.uri)
  expect(new Set(uris).size).toBe(uris.length)
})

test('after a restart the story goes on from the bookmark, under the uris it had before', async () => {
  const before = await hear(still(), null, 60_000)

  const restarted = still()
  const after = await hear(restarted, before.bookmark, 200_000)

  const knownUris = new Set(before.posts.map((it) => it.uri))
  // Only what was due in the last second may be told again.
  expect(after.posts.filter((it) => knownUris.has(it.uri)).map((it) => it.author.handle)).toEqual([
    'fernhi1l-support.rehearsal',
  ])
  expect(after.posts.some((it) => it.author.handle === 'yusuf.rehearsal')).toBe(true)
  const thread = await restarted.readThread(channel, before.posts[1]!.uri, anIo())
  expect(thread.map((it) => (it.gone ? null : it.author.handle))).toEqual([
    'mara.rehearsal',
    'fernhi1l-support.rehearsal',
    'mara.rehearsal',
  ])
})

test('a bookmark that this network never gave out stops the listening and asks', async () => {
  const network = still()
  await hear(network, null, 2_000)

  const ahead = network.listen(source, { cursor: '99999999', host: 'rehearsal' }, anIo())
  const garbled = network.listen(source, { cursor: 'yesterday', host: 'rehearsal' }, anIo())

  await expect(ahead[Symbol.asyncIterator]().next()).rejects.toMatchObject({ reason: 'future-cursor' })
  await expect(garbled[Symbol.asyncIterator]().next()).rejects.toMatchObject({ reason: 'bad-cursor' })
})

test('one deletes, one edits, and both are heard as such', async () => {
  const { events } = await hear(still(), null, 120_000)

  const deleted = events.find((it) => it.type === 'delete')
  const edited = events.find((it) => it.type === 'post' && it.op === 'update')
  expect(deleted?.type === 'delete' && deleted.authorId).toBe('did:rehearsal:ray')
  expect(edited?.type === 'post' && edited.post.text).toContain('77210')
})

test('two people with the same words have 1.24 million followers and seven', async () => {
  const network = still()
  const { posts } = await hear(network, null, 120_000)
  const twins = posts.filter((it) => it.text.includes('without pedals'))

  const reaches = await Promise.all(twins.map((it) => network.readReach(it.author.accountId, anIo())))

  expect(new Set(twins.map((it) => it.text)).size).toBe(1)
  expect(reaches).toEqual([
    { followers: 1_240_000, badges: ['creator'], verified: true },
    { followers: 7, badges: [], verified: false },
  ])
  expect(await network.readReach('did:rehearsal:nobody', anIo())).toBe('unknown')
})

test('facets count bytes: the handle after Japanese text is where it says', async () => {
  const { posts } = await hear(still(), null, 120_000)
  const chain = posts.find((it) => it.author.handle === 'kenji.rehearsal')!

  const { byteStart, byteEnd, value } = chain.facets.find((it) => it.kind === 'mention')!

  expect(Buffer.from(chain.text).subarray(byteStart, byteEnd).toString()).toBe('@fernhill.rehearsal')
  expect(value).toBe(brand.accountId)
})

test('pictures are PNGs with words beside them, and only those that exist', async () => {
  const network = still()
  const { posts } = await hear(network, null, 30_000)
  const image = posts.find((it) => it.embed)!.embed!.images[0]!

  const read = await network.readImage('did:rehearsal:priya', image.ref, anIo())

  expect(image.alt).toContain("child's bike")
  expect(read!.mime).toBe('image/png')
  expect([...read!.bytes.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47])
  expect(await network.readImage('did:rehearsal:priya', 'toString', anIo())).toBeNull()
})

test('the same frozen reply twenty times at once is one post; another one under its key is refused', async () => {
  const network = quiet()
  const asked = network.networkOf(workspaceId).say('kim', 'my Fernhill squeaks')
  const { frozen } = await answer(network, asked, 'Which model is it?')

  const again = await Promise.all(Array.from({ length: 20 }, () => network.send(channel, frozen, anIo())))
  const other = { ...frozen, record: { ...frozen.record, text: 'Something else' } }

  expect(new Set(again.map((it) => it.outcome === 'sent' && it.cid)).size).toBe(1)
  expect((await network.send(channel, other, anIo())).outcome).toBe('refused')
  expect(
    network
      .networkOf(workspaceId)
      .ourPosts()
      .map((it) => it.text),
  ).toEqual(['Which model is it?'])
})

test('300 family emoji fit and 301 do not', async () => {
  const network = quiet()
  const asked = network.networkOf(workspaceId).say('kim', 'hello Fernhill')

  expect((await answer(network, asked, '👍🏽'.repeat(300))).sent.outcome).toBe('sent')
  expect((await answer(network, asked, 'a'.repeat(301))).sent.outcome).toBe('refused')
  expect((await answer(network, asked, '👨‍👩‍👧‍👦'.repeat(300))).sent.outcome).toBe('refused') // 7,500 bytes
})

test('what a lost answer became can be asked: there, absent, deleted by us, nobody answers', async () => {
  const network = quiet()
  const world = network.networkOf(workspaceId)
  const asked = world.say('kim', 'hello Fernhill')

  world.fail('cut')
  const cut = await answer(network, asked, 'one')
  world.fail('lost')
  const lost = await answer(network, asked, 'two')

  expect([cut.sent.outcome, lost.sent.outcome]).toEqual(['unknown', 'unknown'])
  expect((await network.findSent(channel, cut.frozen, anIo())).outcome).toBe('there')
  expect((await network.findSent(channel, lost.frozen, anIo())).outcome).toBe('absent')
  world.remove(cut.frozen.uri)
  expect((await network.findSent(channel, cut.frozen, anIo())).outcome).toBe('deleted-by-owner')
  world.fail('unreachable')
  expect((await network.findSent(channel, cut.frozen, anIo())).outcome).toBe('unreachable')
})

test('a refusal, a "later" and a lost password can be rehearsed', async () => {
  const network = quiet()
  const world = network.networkOf(workspaceId)
  const asked = world.say('kim', 'hello Fernhill')

  world.fail('refused', 'Not today.')
  expect((await answer(network, asked, 'one')).sent).toEqual({ outcome: 'refused', detail: 'Not today.' })
  world.fail('later')
  expect((await answer(network, asked, 'two')).sent.outcome).toBe('later')
  world.fail('paused')
  await expect(answer(network, asked, 'three')).rejects.toMatchObject({ reason: 'password-refused' })
  expect(world.ourPosts()).toEqual([])
})

test('a gated thread, a block and a deleted post shut the gate; hidden is seen after sending', async () => {
  const network = still()
  const { posts } = await hear(network, null, 240_000)
  const world = network.networkOf(workspaceId)
  const gate = (id: string) => network.askGate(channel, world.uriOf(id), world.uriOf(id), anIo())
  const by = (handle: string) => posts.find((it) => it.author.handle === handle)!

  expect(await gate('parcel')).toEqual({ outcome: 'open' })
  expect(await gate('gated')).toMatchObject({ why: 'thread-gate' })
  expect(await gate('blocked')).toMatchObject({ why: 'author-blocks-us' })
  expect(await gate('rude')).toMatchObject({ why: 'parent-deleted' })
  const shown = await answer(network, by('mara.rehearsal'), 'Looking into it.')
  const hidden = await answer(network, by('pavel.rehearsal'), 'Here it is.')
  expect(await network.look(channel, shown.frozen.uri, anIo())).toEqual({ outcome: 'shown' })
  expect(await network.look(channel, hidden.frozen.uri, anIo())).toMatchObject({ outcome: 'hidden' })
})

test('people answer a question, confirm a solution, and then only like what we say', async () => {
  const network = still()
  const world = network.networkOf(workspaceId)
  const { posts, bookmark } = await hear(network, null, 2_000)
  const mara = posts[1]!

  await answer(network, mara, 'I am sorry. When did you order?')
  const told = await hear(network, bookmark, 20_000)
  const back = told.posts.find((it) => it.text.startsWith('Ordered on the 3rd'))!
  await answer(network, back, 'Thank you. A replacement is on its way to you by courier.')
  const thanked = await hear(network, told.bookmark, 20_000)
  const last = thanked.posts.find((it) => it.text.startsWith('It came this morning'))!
  const ending = await answer(network, last, 'This is solved: the parcel was replaced.')
  const silent = await hear(network, thanked.bookmark, 20_000)

  expect(back.threadUri).toBe(mara.uri)
  expect(
    silent.posts.filter((it) => it.author.handle === 'mara.rehearsal' && it.parentUri === ending.frozen.uri),
  ).toEqual([])
  expect(world.likesOf(ending.frozen.uri)).toBe(1)
})

test('who got no answer asks again, who got one does not', async () => {
  const nagging = async (isAnswered: boolean) => {
    const network = still()
    const { bookmark, posts } = await hear(network, null, 10_000)
    if (isAnswered)
      await answer(network, posts.find((it) => it.author.handle === 'tom.rehearsal')!, 'Yes, 10 to 4.')
    const later = await hear(network, bookmark, 200_000)
    return later.posts.some((it) => it.text === 'anyone?')
  }

  expect(await nagging(false)).toBe(true)
  expect(await nagging(true)).toBe(false)
})

test('each workspace has a network of its own', async () => {
  const network = quiet()
  const theirs = network.networkOf('0190bbbb-0000-7000-8000-00000000dcba')
  const said = theirs.say('kim', 'hello Fernhill')

  expect(network.networkOf(workspaceId).find(said.uri)).toBeNull()
  expect(await network.readThread(channel, said.uri, anIo())).toEqual([])
})

test('a deleted post leaves a gap in its thread, and its answers stay', async () => {
  const network = quiet()
  const world = network.networkOf(workspaceId)
  const root = world.say('kim', 'my Fernhill squeaks')
  const reply = world.say('lou', 'mine too', { replyTo: root.uri })

  world.remove(root.uri)

  const thread = await network.readThread(channel, reply.uri, anIo())
  expect(thread.map((it) => [it.uri, it.gone])).toEqual([
    [reply.uri, false],
    [root.uri, true],
  ])
})

test('only the one password opens the rehearsal', async () => {
  const network = quiet()
  const wrong = { serviceUrl: brand.serviceUrl, handle: brand.handle, secret: 'hunter2' }

  expect(await network.signIn(wrong, anIo())).toMatchObject({ outcome: 'refused', why: 'password-refused' })
  expect(await network.signIn({ ...wrong, secret: brand.secret }, anIo())).toMatchObject({
    outcome: 'signed-in',
    accountId: 'did:rehearsal:fernhill',
    displayName: 'Fernhill Bikes',
  })
})

test('hostile text is carried as it is', async () => {
  const network = quiet()
  const world = network.networkOf(workspaceId)
  const texts = [
    'Fernhill \u0000 nul',
    'Fernhill \ud800 half',
    '‮Fernhill',
    'Z̷̡͑'.repeat(2_000),
    'é'.repeat(50_000),
  ]

  for (const text of texts) world.say('kim', text)

  const { posts } = await hear(network, null, 10)
  expect(posts.map((it) => it.text)).toEqual(texts)
})

test('at sixty times its pace the story is over in four seconds, and stopping ends the listening at once', async () => {
  const network = makeRehearsal({ pace: 60 })
  const stop = new AbortController()
  let heard = 0

  for await (const { events } of network.listen(source, null, anIo(stop.signal))) {
    heard += events.length
    if (heard === story.length) stop.abort()
  }

  expect(heard).toBe(story.length)
}, 10_000)
