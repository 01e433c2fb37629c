/** A live stream lives as long as the session that opened it, and no longer than two seconds more. */
import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { aCaseThere } from '../../test/cases.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { openStream, type Stream } from '../../test/event-stream.ts'
import { ownAccountRoutes } from '../staff/own-account.routes.ts'
import { type Live, startLive } from './live.jobs.ts'
import { liveRoutes } from './live.routes.ts'

let it: TestDb
beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())

let house: TestApp
let live: Live
let ana: { workspaceId: string; agentId: string }
const open: Stream[] = []
beforeEach(async () => {
  live = startLive({
    url: it.url,
    db: it.db,
    links: { bluesky: { urlOf: () => null }, rehearsal: { urlOf: () => null } },
  })
  await live.ready
  house = await testApp(it, {
    rooms: (mount, { callers, db, sessions }) => {
      liveRoutes(mount, { live, callers })
      ownAccountRoutes(mount, {
        db,
        sessions,
        callers,
        publicUrl: 'http://localhost:4000',
        tellPerson: async () => {},
      })
    },
  })
  await house.app.listen({ port: 0, host: '127.0.0.1' })
  ana = await aWorkspace(it.db)
})
afterEach(async () => {
  for (const stream of open.splice(0)) stream.close()
  await live.stop()
  house.app.server.closeAllConnections()
  await house.app.close()
})

async function listenWith(headers: { cookie: string }): Promise<Stream> {
  const { port } = house.app.server.address() as AddressInfo
  const stream = await openStream(`http://127.0.0.1:${port}/api/events`, headers)
  open.push(stream)
  await stream.next('hello')
  return stream
}
const signOut = (headers: { cookie: string }) =>
  house.app.inject({ method: 'DELETE', url: '/api/session', headers })

test('signing out ends the streams of that session at once, and of no other', async () => {
  const headers = await house.signIn(ana)
  const here = [await listenWith(headers), await listenWith(headers)]
  const elsewhere = await listenWith(await house.signIn(ana))

  await signOut(headers)
  const told = here.map((it) => it.news())
  const { caseId } = await aCaseThere(it.db, ana.workspaceId)

  expect((await elsewhere.next('card')).data).toMatchObject({ caseId })
  expect(await Promise.all(here.map((it) => it.endsSoon()))).toEqual([true, true])
  expect(here.map((it) => it.news())).toEqual(told)
  expect(live.countStreams()).toBe(1)
})

test('signing out from elsewhere ends the streams there at once, and none here', async () => {
  const [headers, there] = [await house.signIn(ana), await house.signIn(ana)]
  const [here, elsewhere] = [await listenWith(headers), await listenWith(there)]

  const ended = await house.app.inject({ method: 'DELETE', url: '/api/account/sessions', headers })

  expect(ended.json()).toEqual({ ended: 1 })
  expect(await elsewhere.endsSoon()).toBe(true)
  expect(await here.endsSoon()).toBe(false)
})

test('coming in anew ends the streams of the session that the browser had', async () => {
  const headers = await house.signIn(ana)
  const before = await listenWith(headers)
  const { rows } = await sql<{ id: string }>`select user_id as id from agents
    where agent_id = ${ana.agentId}`.execute(it.owner)

  await house.app.inject({ method: 'POST', url: `/test/enter/${rows[0]!.id}`, headers })

  expect(await before.endsSoon()).toBe(true)
})

test.each([
  ['ended by another process', () => sql`delete from auth_sessions`],
  ['run out', () => sql`update auth_sessions set "expiresAt" = now() - interval '1 second'`],
  [
    'of an agent who was suspended',
    () => sql`update agents set suspended_at = now() where agent_id = ${ana.agentId}`,
  ],
  [
    'of an agent who left',
    () => sql`update agents set user_id = 'gone-' || agent_id where agent_id = ${ana.agentId}`,
  ],
])('a stream of a session that was %s ends within two seconds', async (_how, end) => {
  const stream = await listenWith(await house.signIn(ana))

  await end().execute(it.owner)

  expect(await stream.endsSoon()).toBe(true)
  await expect.poll(() => live.countStreams()).toBe(0)
})

test('a stream stays while its session stands', async () => {
  const stream = await listenWith(await house.signIn(ana))

  expect(await stream.endsSoon()).toBe(false)
  expect(live.countStreams()).toBe(1)
})
