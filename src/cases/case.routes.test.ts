/** Cases over HTTP, on a real database, with real sessions and the network made of memory. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { aCaseThere, anAuthor, aTriage } from '../../test/cases.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { testKey } from '../../test/key.ts'
import { newId } from '../base/clock.ts'
import { findAll, inWorkspace } from '../base/db.ts'
import { makeOutside } from '../base/outside.ts'
import { seal } from '../base/secret.ts'
import type { Connectors } from '../connectors/connector.ts'
import { makeRehearsal, rehearsalBrand } from '../connectors/rehearsal/rehearsal.ts'
import { saveTombstones } from '../listen/post.sql.ts'
import { caseRoutes } from './case.routes.ts'
import { CaseView } from './case-views.ts'

const rehearsal = makeRehearsal({
  story: [
    {
      at: 0.1,
      who: 'priya',
      id: 'brake',
      says: 'the brake snapped',
      picture: { ref: 'child-bike', alt: 'A bike' },
    },
    {
      at: 0.2,
      who: 'lou',
      id: 'me-too',
      says: 'mine too',
      to: 'brake',
      picture: { ref: 'rusty-bike', alt: 'Rust' },
    },
    { at: 0.3, who: 'tom', id: 'gone', says: 'I regret this', to: 'brake' },
  ],
})
const connectors = { rehearsal, bluesky: { ...rehearsal, network: 'bluesky' } } as Connectors

let it: TestDb
let house: TestApp
let workspaceId: string
let agentId: string
let headers: { cookie: string }
let stranger: { workspaceId: string; agentId: string; headers: { cookie: string } }
let at = new Date('2026-11-18T12:00:00Z')
const now = () => at

beforeAll(async () => {
  it = await freshDb()
  house = await testApp(it, {
    now,
    rooms: (mount, tools) => caseRoutes(mount, { ...tools, connectors, outside: makeOutside([]) }),
  })
  ;({ workspaceId, agentId } = await aWorkspace(it.db))
  headers = await house.signIn({ agentId })
  const other = await aWorkspace(it.db, { name: 'Others' })
  stranger = { ...other, headers: await house.signIn(other) }
})
afterAll(async () => {
  await house.app.close()
  await it[Symbol.asyncDispose]()
})

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE'
const call = (method: Method, url: string, payload?: object, as = headers) =>
  house.app.inject({ method, url, headers: as, ...(payload && { payload }) })
const aCase = (over: Parameters<typeof aCaseThere>[2] = {}) =>
  aCaseThere(it.db, workspaceId, { at: new Date('2026-11-18T10:00:00Z'), network: 'rehearsal', ...over })
const rowsOf = <T>(query: ReturnType<typeof sql<T>>) =>
  inWorkspace(it.db, workspaceId, (tx) => findAll(tx, query))

test('the queue lists its cards with counts, page by page', async () => {
  const { workspaceId, agentId } = await aWorkspace(it.db)
  const mine = await house.signIn({ agentId })
  const cases = []
  for (const time of ['10:00', '10:01', '10:02'])
    cases.push(await aCaseThere(it.db, workspaceId, { at: new Date(`2026-11-18T${time}:00Z`) }))

  const first = (await call('GET', '/api/cases?limit=2', undefined, mine)).json()
  const second = (await call('GET', `/api/cases?limit=2&after=${first.next}`, undefined, mine)).json()

  expect(first.cards.map((card: { caseId: string }) => card.caseId)).toEqual(
    cases.slice(0, 2).map((c) => c.caseId),
  )
  expect(first.counts).toEqual({ queue: 3, mine: 0, answered: 0, closed: 0 })
  expect(second.cards).toMatchObject([
    { caseId: cases[2]!.caseId, excerpt: 'My parcel never came', number: 3 },
  ])
  expect(second.next).toBeNull()
})

test('an opened case shows posts, replies, notes, history, why it came, and the other cases of its author', async () => {
  const watchId = newId()
  await rowsOf(sql`insert into watches (workspace_id, watch_id, name, terms)
    values (${workspaceId}, ${watchId}, 'Our name', '{}')`)
  const matched = [
    { watchId, hits: [{ kind: 'word', term: 'parcel' }] },
    { rule: 'addresses-us', channelId: newId() },
  ]
  const earlier = await aCase({ text: 'Where is my order?' })
  const { caseId } = await aCase({ authorId: earlier.authorId, matched })
  await call('POST', `/api/cases/${caseId}/notes`, { noteId: newId(), text: 'She called on Monday.' })
  await call('PUT', `/api/cases/${caseId}/assignee`, { agentId, version: 1 })

  const seen = CaseView.parse((await call('GET', `/api/cases/${caseId}`)).json())

  expect(seen.card).toMatchObject({ caseId, status: 'open', assigneeId: agentId, version: 2 })
  expect(seen.triage).toEqual(aTriage())
  expect(seen.matchedBy).toEqual([
    { rule: 'addresses-us', name: null },
    { rule: 'watch', name: 'Our name' },
  ])
  expect(seen.posts).toMatchObject([{ voice: 'customer', text: 'My parcel never came', gone: null }])
  expect(seen.notes).toMatchObject([{ text: 'She called on Monday.', byAgentId: agentId }])
  expect(seen.events.map((event) => [event.type, event.byAgentId])).toEqual([
    ['opened', null],
    ['assigned', agentId],
  ])
  expect(seen.otherCases).toMatchObject([
    { caseId: earlier.caseId, excerpt: 'Where is my order?', status: 'new', outcome: null },
  ])
})

test('an opened case tells apart whose words are whose, in order, and what became of our replies', async () => {
  const { caseId, threadUri, authorId } = await aCase()
  const pileOn = await aCase({ text: 'Mine neither!', at: new Date('2026-11-18T10:05:00Z') })
  await rowsOf(sql`update cases set thread_uri = ${threadUri} where case_id = ${pileOn.caseId}`)
  const channelId = newId()
  await rowsOf(sql`insert into channels (workspace_id, channel_id, network, account_id, handle, display_name,
      service_url, sealed_secret, state)
    values (${workspaceId}, ${channelId}, 'rehearsal', 'did:rehearsal:acme', 'acme.rehearsal', 'Acme', 'http://x', 'x',
      'paused')`)
  await rowsOf(sql`insert into posts (workspace_id, network, uri, cid, rev, thread_uri, author_account_id, ours, case_id,
      text, said_at)
    values (${workspaceId}, 'rehearsal', 'at://us/1', 'c', '1', ${threadUri}, 'did:rehearsal:acme', true, ${caseId},
      'We are looking', '2026-11-18T10:03:00Z')`)
  await rowsOf(sql`insert into replies (workspace_id, reply_id, case_id, channel_id, by_agent_id, text, parent_uri,
      thread_uri, frozen_key, frozen_uri, frozen_record, state, detail, send_after, queued_at)
    values (${workspaceId}, ${newId()}, ${caseId}, ${channelId}, ${agentId}, 'Found it', ${threadUri}, ${threadUri},
      'k1', 'at://us/2', '{}', 'refused', 'They block us.', now(), '2026-11-18T10:20:00Z')`)

  const own = CaseView.parse((await call('GET', `/api/cases/${caseId}`)).json())
  const other = CaseView.parse((await call('GET', `/api/cases/${pileOn.caseId}`)).json())

  expect(own.posts.map((post) => [post.voice, post.author.handle, post.text])).toEqual([
    ['customer', 'kim.example', 'My parcel never came'],
    ['us', 'acme.rehearsal', 'We are looking'],
    ['other', 'kim.example', 'Mine neither!'],
  ])
  expect(own.replies).toMatchObject([
    { text: 'Found it', state: 'refused', detail: 'They block us.', uri: 'at://us/2', sentAt: null },
  ])
  expect(own.card).toMatchObject({ replyTrouble: 'refused', author: { authorId } })
  expect(other.posts.map((post) => post.voice)).toEqual(['other', 'us', 'customer'])
  expect(other.replies).toEqual([])
})

test('no answer of ours has a word about reach', async () => {
  const { caseId } = await aCase()

  const answers = [await call('GET', `/api/cases/${caseId}`), await call('GET', '/api/cases')]

  for (const { body } of answers) expect(body).not.toMatch(/follower|badge|verified|reach/i)
})

test('two agents take one case at once: one has it, the other is told', async () => {
  const { caseId } = await aCase()
  const ben = newId()
  await rowsOf(sql`insert into agents (workspace_id, agent_id, user_id, name, email, role)
    values (${workspaceId}, ${ben}, ${`user-${ben}`}, 'Ben', 'ben@acme.test', 'agent')`)
  const benHeaders = await house.signIn({ agentId: ben })

  const answers = await Promise.all([
    call('PUT', `/api/cases/${caseId}/assignee`, { agentId, version: 1 }),
    call('PUT', `/api/cases/${caseId}/assignee`, { agentId: ben, version: 1 }, benHeaders),
  ])

  expect(answers.map((answer) => answer.statusCode).toSorted()).toEqual([200, 409])
  expect(answers.find((answer) => answer.statusCode === 409)?.json().code).toBe('taken-by-another')
})

test('a case goes to nobody who does not work here', async () => {
  const { caseId } = await aCase()

  const answer = await call('PUT', `/api/cases/${caseId}/assignee`, { agentId: stranger.agentId, version: 1 })

  expect(answer.statusCode).toBe(404)
})

test('closing asks for a reason, is refused twice, and reopening gives the place in the queue back', async () => {
  const { caseId } = await aCase()
  const close = (body: object) => call('PUT', `/api/cases/${caseId}/closure`, body)

  const noReason = await close({ outcome: 'declined' })
  const closed = await close({ outcome: 'declined', reason: '  Out of warranty ' })
  const again = await close({ outcome: 'solved' })
  const reopened = await call('DELETE', `/api/cases/${caseId}/closure`)
  const reopenedAgain = await call('DELETE', `/api/cases/${caseId}/closure`)

  expect([noReason.statusCode, noReason.json().code]).toEqual([422, 'outcome-needs-reason'])
  expect(closed.json()).toMatchObject({
    status: 'closed',
    outcome: 'declined',
    outcomeReason: 'Out of warranty',
    closedAt: '2026-11-18T12:00:00.000Z',
    unansweredSince: null,
  })
  expect(again.json().code).toBe('case-closed')
  expect(reopened.json()).toMatchObject({
    status: 'open',
    outcome: null,
    unansweredSince: '2026-11-18T10:00:00.000Z',
  })
  expect(reopenedAgain.json().code).toBe('case-open')
})

test.each([
  ['a NUL', 'be\u0000fore', 'be\ufffdfore'],
  ['half a surrogate pair', 'be\ud83dfore', 'be\ufffdfore'],
  ['right to left and invisible', '\u202eevil\u2066\u200f', '\u202eevil\u2066\u200f'],
  ['marks piled up', `Z${'\u0321\u0489'.repeat(4_000)}`, `Z${'\u0321\u0489'.repeat(4_000)}`],
  [
    'what looks like code',
    `<script>alert(1)</script>'; drop table notes; --`,
    `<script>alert(1)</script>'; drop table notes; --`,
  ],
])('a note and a reason with %s are kept', async (_what, text, kept) => {
  const { caseId } = await aCase()

  const noted = await call('POST', `/api/cases/${caseId}/notes`, { noteId: newId(), text })
  const closed = await call('PUT', `/api/cases/${caseId}/closure`, {
    outcome: 'gave-up',
    reason: text.slice(0, 500),
  })
  const seen = (await call('GET', `/api/cases/${caseId}`)).json()

  expect([noted.statusCode, closed.statusCode]).toEqual([200, 200])
  expect(seen.notes[0].text).toBe(kept)
  expect(seen.card.outcomeReason).toBe(kept.slice(0, 500))
})

test('a note longer than ten thousand characters, or of nothing, is refused and nothing is kept', async () => {
  const { caseId } = await aCase()

  const long = await call('POST', `/api/cases/${caseId}/notes`, { noteId: newId(), text: 'a'.repeat(50_000) })
  const empty = await call('POST', `/api/cases/${caseId}/notes`, { noteId: newId(), text: ' \n ' })

  expect([long.statusCode, empty.statusCode]).toEqual([400, 400])
  expect((await call('GET', `/api/cases/${caseId}`)).json().notes).toEqual([])
})

test('a note whose answer was lost is asked for again and stands there once', async () => {
  const { caseId } = await aCase()
  const other = await aCase()
  const note = { noteId: newId(), text: ' She called on Monday. ' }
  const write = (id: string, body: object, by?: { cookie: string }) =>
    call('POST', `/api/cases/${id}/notes`, body, by)

  const both = await Promise.all([write(caseId, note), write(caseId, note)])
  const again = await write(caseId, note)
  const changed = await write(caseId, { ...note, text: 'She called on Tuesday.' })
  const elsewhere = await write(other.caseId, note)

  for (const answer of [...both, again])
    expect([answer.statusCode, answer.json()]).toEqual([200, { noteId: note.noteId }])
  // Never said to be kept when it was not.
  expect([changed.statusCode, changed.json().code]).toEqual([409, 'changed-meanwhile'])
  expect([elsewhere.statusCode, elsewhere.json().code]).toEqual([409, 'changed-meanwhile'])
  const notes = async (id: string) => (await call('GET', `/api/cases/${id}`)).json().notes
  expect(await notes(caseId)).toMatchObject([{ noteId: note.noteId, text: 'She called on Monday.' }])
  expect(await notes(other.caseId)).toEqual([])

  const theirs = await aCaseThere(it.db, stranger.workspaceId, { network: 'rehearsal' })
  expect((await write(theirs.caseId, note, stranger.headers)).statusCode).toBe(200)
})

test('a note is written into notes and nowhere else in the database', async () => {
  const { caseId } = await aCase()
  const secret = 'She is the mayor, careful: zebra-7Q'
  await call('POST', `/api/cases/${caseId}/notes`, { noteId: newId(), text: secret })

  const tables = await findAll(
    it.owner,
    sql<{ name: string; schema: string }>`select schemaname as schema, tablename as name from pg_tables
      where schemaname in ('public', 'graphile_worker')`,
  )
  const holding: string[] = []
  for (const { schema, name } of tables) {
    const found = await it.owner.transaction().execute(async (tx) => {
      await sql`select set_config('evenhand.workspace', ${workspaceId}, true)`.execute(tx)
      return findAll(tx, sql`select from ${sql.id(schema, name)} as row where row::text like '%zebra-7Q%'`)
    })
    if (found.length > 0) holding.push(name)
  }

  expect(holding).toEqual(['notes'])
})

test('muting as spam closes their open cases as spam, by the agent; muting alone closes nothing', async () => {
  const authorId = await anAuthor(it.db, workspaceId, { network: 'rehearsal' })
  const cases = [await aCase({ authorId }), await aCase({ authorId })]
  const others = await aCase()

  await call('PUT', `/api/authors/${others.authorId}/mute`, { reason: 'muted' })
  await call('PUT', `/api/authors/${authorId}/mute`, { reason: 'spam' })

  for (const { caseId } of cases) {
    const seen = (await call('GET', `/api/cases/${caseId}`)).json()
    expect(seen.card).toMatchObject({
      status: 'closed',
      outcome: 'no-answer-needed',
      outcomeReason: 'spam',
      author: { mutedReason: 'spam' },
    })
    expect(seen.events.at(-1)).toMatchObject({ type: 'closed', byAgentId: agentId })
  }
  expect((await call('GET', `/api/cases/${others.caseId}`)).json().card).toMatchObject({
    status: 'new',
    author: { mutedReason: 'muted' },
  })
  await call('DELETE', `/api/authors/${authorId}/mute`)
  expect((await call('GET', `/api/cases/${cases[0]!.caseId}`)).json().card.author.mutedReason).toBeNull()
})

test('what belongs to another workspace is not found, by any route, and stays as it was', async () => {
  const embed = { images: [{ ref: 'child-bike', alt: 'A bike', mime: 'image/png', width: 1, height: 1 }] }
  const theirs = await aCaseThere(it.db, stranger.workspaceId, { network: 'rehearsal', embed })
  const of = (id: string) => `/api/cases/${id}`
  const calls: [Method, string, object?][] = [
    ['GET', of(theirs.caseId)],
    ['GET', `${of(theirs.caseId)}/thread`],
    ['PUT', `${of(theirs.caseId)}/assignee`, { agentId, version: 1 }],
    ['PUT', `${of(theirs.caseId)}/closure`, { outcome: 'solved' }],
    ['DELETE', `${of(theirs.caseId)}/closure`],
    ['POST', `${of(theirs.caseId)}/notes`, { noteId: newId(), text: 'hello' }],
    ['PUT', `/api/authors/${theirs.authorId}/mute`, { reason: 'spam' }],
    ['DELETE', `/api/authors/${theirs.authorId}/mute`],
    ['GET', `/api/posts/${theirs.postId}/images/0`],
  ]

  for (const [method, url, body] of calls) {
    expect([url, (await call(method, url, body)).statusCode]).toEqual([url, 404])
    expect((await call(method, url.replaceAll(/[0-9a-f-]{36}/g, newId()), body)).statusCode).toBe(404)
    expect([
      url,
      (await house.app.inject({ method, url, ...(body && { payload: body }) })).statusCode,
    ]).toEqual([url, 401])
  }
  const seen = (await call('GET', of(theirs.caseId), undefined, stranger.headers)).json()
  expect(seen).toMatchObject({ card: { status: 'new', assigneeId: null, version: 1 }, notes: [] })
})

test('an image of a stored post comes through us as an image only, and goes with its post', async () => {
  const embed = { images: [{ ref: 'child-bike', alt: 'A bike', mime: 'image/svg+xml', width: 8, height: 6 }] }
  const { caseId, postId } = await aCase({ embed })

  const { images } = (await call('GET', `/api/cases/${caseId}`)).json().posts[0]
  const shown = await call('GET', images[0].src)
  const none = await call('GET', `/api/posts/${postId}/images/1`)
  await rowsOf(sql`update posts set text = null, embed = null, deleted_at = now() where post_id = ${postId}`)
  const gone = await call('GET', images[0].src)

  expect(images).toEqual([{ src: `/api/posts/${postId}/images/0`, alt: 'A bike', width: 8, height: 6 }])
  expect(shown.headers).toMatchObject({
    'content-type': 'image/png',
    'cache-control': 'no-store, private',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  })
  expect(shown.rawPayload.subarray(1, 4).toString()).toBe('PNG')
  expect([none.statusCode, gone.statusCode]).toEqual([404, 404])
  expect((await call('GET', `/api/cases/${caseId}`)).json().posts).toMatchObject([
    { text: null, gone: 'deleted', images: [], url: null },
  ])
})

/** Priya's thread as the network tells it, with our case for it. */
async function priyasThread() {
  const world = rehearsal.networkOf(workspaceId)
  world.start(0)
  world.advance(1_000)
  world.after(0, 1)
  const tag = workspaceId.slice(-12)
  const uri = (who: string, id: string) => `at://did:rehearsal:${who}/app.bsky.feed.post/${tag}-${id}`
  const channelId = newId()
  await rowsOf(sql`insert into channels (workspace_id, channel_id, network, account_id, handle, service_url, sealed_secret)
    values (${workspaceId}, ${channelId}, 'rehearsal', ${rehearsalBrand.accountId}, ${rehearsalBrand.handle},
      ${rehearsalBrand.serviceUrl}, ${seal(rehearsalBrand.secret, testKey, `channel:${channelId}`)})
    on conflict do nothing`)
  const accountId = 'did:rehearsal:priya'
  const authorId = await anAuthor(it.db, workspaceId, { network: 'rehearsal', handle: 'priya', accountId })
  return { ...(await aCase({ threadUri: uri('priya', 'brake'), authorId, text: 'the brake snapped' })), uri }
}

test('the whole thread is fetched for display: other voices are shown and never stored', async () => {
  const { caseId, uri } = await priyasThread()
  const before = await rowsOf(sql<{ count: number }>`select count(*) from posts`)

  const { posts, complete, detail } = (await call('GET', `/api/cases/${caseId}/thread`)).json()

  expect({ complete, detail }).toEqual({ complete: true, detail: null })
  expect(posts.map((post: { voice: string; text: string }) => [post.voice, post.text]).toSorted()).toEqual([
    ['customer', 'the brake snapped'],
    ['other', 'I regret this'],
    ['other', 'mine too'],
  ])
  expect(await rowsOf(sql`select count(*) from posts`)).toEqual(before)
  expect(await rowsOf(sql`select from posts where uri = ${uri('lou', 'me-too')}`)).toEqual([])

  const { images } = posts.find((post: { text: string }) => post.text === 'mine too')
  const shown = await call('GET', images[0].src)
  expect([shown.statusCode, shown.headers['content-type']]).toEqual([200, 'image/png'])

  // Addresses that are not ours, or not any more, fetch nothing.
  const other = images[0].src.replace('rusty-bike', 'child-bike')
  expect(other).not.toBe(images[0].src)
  expect((await call('GET', other)).statusCode).toBe(404)
  expect((await call('GET', images[0].src.replace(/seal=.*/, 'seal=x'))).statusCode).toBe(404)
  expect((await call('GET', images[0].src, undefined, stranger.headers)).statusCode).toBe(404)
  expect((await call('GET', images[0].src.replace(/me-too/, 'brake'))).statusCode).toBe(404)
  const then = at
  at = new Date('2026-11-18T12:30:01Z')
  expect((await call('GET', images[0].src)).statusCode).toBe(404)
  at = then

  // It goes when its account is hidden, and when its post is deleted.
  const { src } = images[0]
  const lou = await anAuthor(it.db, workspaceId, { network: 'rehearsal', accountId: 'did:rehearsal:lou' })
  await rowsOf(sql`update authors set status = 'takendown' where author_id = ${lou}`)
  expect((await call('GET', src)).statusCode).toBe(404)
  await rowsOf(sql`update authors set status = 'active' where author_id = ${lou}`)
  expect((await call('GET', src)).statusCode).toBe(200)
  const tombstone = { uri: uri('lou', 'me-too'), accountId: 'did:rehearsal:lou', authorId: lou, rev: '9' }
  await inWorkspace(it.db, workspaceId, (tx) => saveTombstones(tx, 'rehearsal', [tombstone], at))
  expect((await call('GET', src)).statusCode).toBe(404)

  // What was deleted or hidden here stays so, although the network still shows it.
  await rowsOf(sql`update posts set text = null, deleted_at = now() where case_id = ${caseId}`)
  await anAuthor(it.db, workspaceId, { network: 'rehearsal', accountId: 'did:rehearsal:tom' })
  await rowsOf(sql`update authors set status = 'takendown' where account_id = 'did:rehearsal:tom'`)
  const later = (await call('GET', `/api/cases/${caseId}/thread`)).json().posts
  expect(
    later.map((post: { text: string; gone: string | null }) => [post.text, post.gone]).toSorted(),
  ).toEqual([
    [null, 'deleted'],
    [null, 'deleted'],
    [null, 'hidden'],
  ])
})

test('the reasons of a triage quote no words of an account that is hidden, and do again when it is back', async () => {
  const { caseId, postId } = await aCase({ text: 'My parcel never came' })
  const words = async () =>
    (await call('GET', `/api/cases/${caseId}`))
      .json()
      .triage.kindReasons.map((it: { words: string[] }) => it.words)

  const before = await words()
  await rowsOf(sql`update posts set hidden_at = now() where post_id = ${postId}`)
  const hidden = await words()
  await rowsOf(sql`update posts set hidden_at = null where post_id = ${postId}`)

  expect([before, hidden, await words()]).toEqual([[['never came']], [[]], [['never came']]])
})

test('a network that does not answer leaves what we hold, and says so', async () => {
  const away = await testApp(it, {
    now,
    rooms: (mount, tools) => {
      const broken = { ...rehearsal, readThread: () => Promise.reject(new Error('no route to host')) }
      caseRoutes(mount, {
        ...tools,
        connectors: { ...connectors, rehearsal: broken },
        outside: makeOutside([]),
      })
    },
  })
  const { caseId } = await aCase()

  const answer = await away.app.inject({ url: `/api/cases/${caseId}/thread`, headers })

  expect(answer.json()).toMatchObject({
    complete: false,
    detail: 'no route to host',
    posts: [{ text: 'My parcel never came', voice: 'customer' }],
  })
  await away.app.close()
})
