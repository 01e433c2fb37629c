/** The live stream over real HTTP, told by real commits of other connections. */
import { type AddressInfo, connect } from 'node:net'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { aCaseThere, anAuthor } from '../../test/cases.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { type Event, openStream, type Stream } from '../../test/event-stream.ts'
import { newId } from '../base/clock.ts'
import { findAll, inWorkspace, openDb } from '../base/db.ts'
import { changeCase } from './case.sql.ts'
import { answerSent } from './case.ts'
import { type Card, Card as CardSchema } from './case-views.ts'
import { type Live, startLive } from './live.jobs.ts'
import { liveRoutes } from './live.routes.ts'

const links = { bluesky: { urlOf: () => null }, rehearsal: { urlOf: () => null } }

let it: TestDb
beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())

let house: TestApp
let live: Live
let url: string
let ana: { workspaceId: string; agentId: string }
const open: Stream[] = []
beforeEach(async () => {
  live = startLive({ url: it.url, db: it.db, links })
  await live.ready
  house = await testApp(it, {
    rooms: (mount, { callers }) => liveRoutes(mount, { live, callers, pingMs: 50 }),
  })
  await house.app.listen({ port: 0, host: '127.0.0.1' })
  url = `http://127.0.0.1:${(house.app.server.address() as AddressInfo).port}/api/events`
  ana = await aWorkspace(it.db)
})
afterEach(async () => {
  for (const stream of open.splice(0)) stream.close()
  await live.stop()
  // Clients keep connections in reserve on which they have not asked for anything: nothing else closes those.
  house.app.server.closeAllConnections()
  await house.app.close()
})

async function listenAs(agent: { agentId: string }): Promise<Stream> {
  const stream = await openStream(url, await house.signIn(agent))
  open.push(stream)
  await stream.next('hello')
  return stream
}
const cardOf = (event: Event) => CardSchema.parse(event.data) as Card

test('a case committed by another connection arrives as a card, whole and by itself', async () => {
  const screen = await listenAs(ana)
  const elsewhere = openDb(it.url, { max: 1 })

  const { caseId } = await aCaseThere(elsewhere.db, ana.workspaceId)
  const card = cardOf(await screen.next('card'))
  await inWorkspace(elsewhere.db, ana.workspaceId, (tx) =>
    changeCase(tx, caseId, (was) => answerSent(was, { replyId: null, sentAt: new Date() })),
  )
  const answered = cardOf(await screen.next('card'))

  expect(screen.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(screen.headers.get('x-accel-buffering')).toBe('no')
  expect(screen.headers.get('cache-control')).toBe('no-store, private')
  expect(screen.headers.get('x-content-type-options')).toBe('nosniff')
  expect(card).toMatchObject({ caseId, number: 1, status: 'new', excerpt: 'My parcel never came' })
  expect(answered).toMatchObject({ caseId, status: 'waiting', version: 2, unansweredSince: null })
  await elsewhere.db.destroy()
})

test('an agent of some teams hears of their cases and of none other, and that one is gone when it leaves them', async () => {
  const { workspaceId } = ana
  const [repairs, parcels, tom] = [newId(), newId(), newId()]
  const change = (work: ReturnType<typeof sql>) => inWorkspace(it.db, workspaceId, (tx) => work.execute(tx))
  await change(sql`insert into teams (workspace_id, team_id, name)
    values (${workspaceId}, ${repairs}, 'Repairs'), (${workspaceId}, ${parcels}, 'Parcels')`)
  await change(sql`insert into agents (workspace_id, agent_id, user_id, name, email, role, sees)
    values (${workspaceId}, ${tom}, ${`user-${tom}`}, 'Tom', 'tom@acme.test', 'agent', 'teams')`)
  await change(
    sql`insert into team_agents (workspace_id, team_id, agent_id) values (${workspaceId}, ${repairs}, ${tom})`,
  )
  const everybody = await listenAs(ana)
  const theirs = await listenAs({ agentId: tom })
  const give = (caseId: string, teamId: string | null) =>
    change(sql`update cases set team_id = ${teamId} where case_id = ${caseId}`)

  const { caseId } = await aCaseThere(it.db, workspaceId)
  expect(cardOf(await theirs.next('card'))).toMatchObject({ caseId, teamId: null })
  await give(caseId, repairs)
  expect(cardOf(await theirs.next('card'))).toMatchObject({ caseId, teamId: repairs })
  await give(caseId, parcels)
  expect((await theirs.next('gone')).data).toEqual({ caseId })
  await change(sql`update cases set urgency = 2 where case_id = ${caseId}`)
  const hidden = await aCaseThere(it.db, workspaceId)
  await give(hidden.caseId, repairs)

  // What comes next to them is the case of their own team: of the other one nothing came in between.
  for (let n = 0; n < 4; n++) await everybody.next('card')
  const heard = theirs.news()
  expect(cardOf(await theirs.next('card')).caseId).toBe(hidden.caseId)
  expect(heard.slice(0, 4)).toEqual(['hello', 'card', 'card', 'gone'])
  const afterwards = theirs.seen.slice(theirs.seen.findIndex((event) => event.event === 'gone') + 1)
  expect(JSON.stringify(afterwards)).not.toContain(caseId)
})

test('a thing rolled back is told to nobody', async () => {
  const screen = await listenAs(ana)
  const { caseId } = await aCaseThere(it.db, ana.workspaceId)
  await screen.next('card')

  const failing = inWorkspace(it.db, ana.workspaceId, async (tx) => {
    await changeCase(tx, caseId, (was) => answerSent(was, { replyId: null, sentAt: new Date() }))
    throw new Error('the power went')
  })
  await expect(failing).rejects.toThrow('the power went')
  const after = await aCaseThere(it.db, ana.workspaceId)

  expect(cardOf(await screen.next('card')).caseId).toBe(after.caseId)
})

test('another workspace hears nothing of it', async () => {
  const stranger = await aWorkspace(it.db)
  const theirs = await listenAs(stranger)
  const ours = await listenAs(ana)

  await aCaseThere(it.db, ana.workspaceId)
  await ours.next('card')
  const own = await aCaseThere(it.db, stranger.workspaceId)

  expect(cardOf(await theirs.next('card')).caseId).toBe(own.caseId)
  expect(theirs.news()).toEqual(['hello', 'card'])
})

test('a note makes the card come again, and none of its words with it', async () => {
  const { caseId } = await aCaseThere(it.db, ana.workspaceId)
  const screen = await listenAs(ana)

  await inWorkspace(it.db, ana.workspaceId, (tx) =>
    sql`insert into notes (workspace_id, case_id, by_agent_id, text)
      values (${ana.workspaceId}, ${caseId}, ${ana.agentId}, 'careful: zebra-7Q')`.execute(tx),
  )

  expect(cardOf(await screen.next('card')).caseId).toBe(caseId)
  expect(JSON.stringify(screen.seen)).not.toContain('zebra-7Q')
})

test('changes of one moment come once, and both screens of an agent hear them', async () => {
  const screens = [await listenAs(ana), await listenAs(ana)]
  const authorId = await anAuthor(it.db, ana.workspaceId)
  const { caseId, postId } = await aCaseThere(it.db, ana.workspaceId, { authorId })
  for (const screen of screens) await screen.next('card')

  await inWorkspace(it.db, ana.workspaceId, async (tx) => {
    await changeCase(tx, caseId, (was) => answerSent(was, { replyId: null, sentAt: new Date() }))
    await sql`update posts set rev = '2' where post_id = ${postId}`.execute(tx)
  })
  const end = await aCaseThere(it.db, ana.workspaceId)

  for (const screen of screens) {
    expect(cardOf(await screen.next('card'))).toMatchObject({ caseId, status: 'waiting' })
    expect(cardOf(await screen.next('card')).caseId).toBe(end.caseId)
  }
})

test('what is not a case is told as stale; what belongs to the installation, to every workspace', async () => {
  const stranger = await aWorkspace(it.db)
  const ours = await listenAs(ana)
  const theirs = await listenAs(stranger)

  await inWorkspace(it.db, ana.workspaceId, (tx) =>
    sql`insert into watches (workspace_id, name, terms) values (${ana.workspaceId}, 'Acme', '{}')`.execute(
      tx,
    ),
  )
  expect((await ours.next('stale')).data).toEqual({ what: 'watch' })

  await sql`insert into sources (source_id, kind, address) values (${`jetstream ${newId()}`}, 'jetstream', 'wss://x')`.execute(
    it.db,
  )
  await sql`update sources set state = 'stopped'`.execute(it.db)
  expect((await ours.next('stale')).data).toEqual({ what: 'source' })
  expect((await theirs.next('stale')).data).toEqual({ what: 'source' })
})

test('handing out a case number is no news of the workspace', async () => {
  const screen = await listenAs(ana)

  await aCaseThere(it.db, ana.workspaceId)
  await screen.next('card')
  await inWorkspace(it.db, ana.workspaceId, (tx) => sql`update workspaces set brand = 'Acme 2'`.execute(tx))
  await screen.next('stale')

  expect(screen.news()).toEqual(['hello', 'card', 'stale'])
})

test('after more than a screen should take at once, it is told to ask anew', async () => {
  const screen = await listenAs(ana)
  const authorId = await anAuthor(it.db, ana.workspaceId)

  await inWorkspace(it.db, ana.workspaceId, (tx) =>
    sql`insert into cases (workspace_id, number, network, thread_uri, author_id, status, opened_at, last_said_at,
        kind, urgency, language, triage)
      select ${ana.workspaceId}, 1000 + n, 'bluesky', 'at://' || n, ${authorId}, 'new', now(), now(), 'question', 0, 'en', '{}'
      from generate_series(1, 201) as n`.execute(tx),
  )
  await screen.next('lagged')

  expect(screen.news()).toEqual(['hello', 'lagged'])
})

test('when the database’s word was lost for a while, everyone is told to ask anew, and hears again', async () => {
  const screen = await listenAs(ana)

  await findAll(
    it.owner,
    sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'evenhand changes' and datname = current_database()`,
  )
  await screen.next('lagged')
  const { caseId } = await aCaseThere(it.db, ana.workspaceId)

  expect(cardOf(await screen.next('card')).caseId).toBe(caseId)
})

test('without a session there is no stream', async () => {
  expect((await fetch(url)).status).toBe(401)
})

test('an eleventh stream of one agent is refused; one closed makes room', async () => {
  const streams = await Promise.all(Array.from({ length: 10 }, () => listenAs(ana)))
  const headers = await house.signIn(ana)

  const refused = await fetch(url, { headers })
  expect(refused.status).toBe(429)
  streams[0]!.close()
  await expect.poll(() => live.countStreams()).toBe(9)

  await listenAs(ana)
  expect(live.countStreams()).toBe(10)
})

test('a screen hears that it is still heard', async () => {
  const screen = await listenAs(ana)

  expect((await screen.next('ping')).data).toEqual({})
  expect((await screen.next('ping')).data).toEqual({})
})

test('a screen that reads nothing is let go, and the others go on', async () => {
  const { cookie } = await house.signIn(ana)
  const { hostname, port } = new URL(url)
  const deaf = connect(Number(port), hostname)
  deaf.pause()
  deaf.write(`GET /api/events HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncookie: ${cookie}\r\n\r\n`)
  await expect.poll(() => live.countStreams()).toBe(1)
  const screen = await listenAs(ana)

  // 150 cards of 2 KB a round, until what the sockets hold between us is full and a megabyte waits behind it.
  const authorId = await anAuthor(it.db, ana.workspaceId, { handle: `${'k'.repeat(1_500)}.example` })
  await inWorkspace(it.db, ana.workspaceId, (tx) =>
    sql`insert into cases (workspace_id, number, network, thread_uri, author_id, status, opened_at, last_said_at,
        kind, urgency, language, triage)
      select ${ana.workspaceId}, 1000 + n, 'bluesky', 'at://' || n, ${authorId}, 'new', now(), now(), 'question', 0, 'en', '{}'
      from generate_series(1, 150) as n`.execute(tx),
  )
  await screen.next('card')
  for (let round = 0; round < 100 && live.countStreams() > 1; round++) {
    await inWorkspace(it.db, ana.workspaceId, (tx) => sql`update cases set version = version + 1`.execute(tx))
    await screen.next('card')
  }

  expect(live.countStreams()).toBe(1)
  const { caseId } = await aCaseThere(it.db, ana.workspaceId, { authorId, threadUri: 'at://after' })
  await expect.poll(() => screen.seen.some((it) => (it.data as Card).caseId === caseId)).toBe(true)
  deaf.destroy()
})
