/** S-05: whoever is suspended or gets another role hears no more within two seconds, and what waited on them goes on. */
import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { aCaseThere } from '../../test/cases.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { openStream, type Stream } from '../../test/event-stream.ts'
import { newId } from '../base/clock.ts'
import { findOne } from '../base/db.ts'
import { colleagueRoutes } from '../staff/colleague.routes.ts'
import { roleRoutes } from '../staff/role.routes.ts'
import { workspaceRoutes } from '../staff/workspace-switch.routes.ts'
import { type Live, startLive } from './live.jobs.ts'
import { liveRoutes } from './live.routes.ts'
import { returnCases, returnUnseen } from './returning.jobs.ts'

let it: TestDb
beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())

let house: TestApp
let live: Live
let ana: { workspaceId: string; agentId: string; cookie: string }
let kim: { agentId: string; cookie: string }
const open: Stream[] = []
beforeEach(async () => {
  const links = { bluesky: { urlOf: () => null }, rehearsal: { urlOf: () => null } }
  live = startLive({ url: it.url, db: it.db, links })
  await live.ready
  house = await testApp(it, {
    rooms: (mount, tools) => {
      liveRoutes(mount, { live, callers: tools.callers })
      colleagueRoutes(mount, { returnCases, returnUnseen })
      roleRoutes(mount)
      workspaceRoutes(mount, tools)
    },
  })
  await house.app.listen({ port: 0, host: '127.0.0.1' })
  const made = await aWorkspace(it.db)
  ana = { ...made, ...(await house.signIn(made)) }
  kim = await anAgent('Kim')
})
afterEach(async () => {
  for (const stream of open.splice(0)) stream.close()
  await live.stop()
  house.app.server.closeAllConnections()
  await house.app.close()
})

async function anAgent(name: string) {
  const agentId = newId()
  await sql`insert into agents (workspace_id, agent_id, user_id, name, email, role)
    values (${ana.workspaceId}, ${agentId}, ${`user-${agentId}`}, ${name}, 'kim@acme.test', 'agent')`.execute(
    it.owner,
  )
  return { agentId, ...(await house.signIn({ agentId })) }
}
async function listenAs({ cookie }: { cookie: string }): Promise<Stream> {
  const { port } = house.app.server.address() as AddressInfo
  const stream = await openStream(`http://127.0.0.1:${port}/api/events`, { cookie })
  open.push(stream)
  await stream.next('hello')
  return stream
}
const ask = (method: 'POST' | 'PUT' | 'DELETE', url: string, payload?: object, { cookie } = ana) =>
  house.app.inject({ method, url, headers: { cookie }, ...(payload && { payload }) })
const cardsHeard = (stream: Stream) => stream.news().filter((name) => name === 'card')

test('a suspended agent’s streams end, hear nothing after, and none opens again', async () => {
  const theirs = [await listenAs(kim), await listenAs(kim)]
  const ours = await listenAs(ana)

  await ask('PUT', `/api/agents/${kim.agentId}/suspension`)
  const ended = await Promise.all(theirs.map((stream) => stream.endsSoon()))
  await aCaseThere(it.db, ana.workspaceId)
  await ours.next('card')
  const stillIn = () => house.app.inject({ url: '/api/me', headers: { cookie: kim.cookie } })
  await expect.poll(async () => (await stillIn()).statusCode, { timeout: 1_500 }).toBe(401)
  const again = await house.app.inject({ url: '/api/events', headers: { cookie: kim.cookie } })

  expect(ended).toEqual([true, true])
  expect(theirs.flatMap(cardsHeard)).toEqual([])
  expect(again.statusCode).toBe(401)
  expect(live.countStreams()).toBe(1)
})

test('cases in which a customer waits for them are in the queue again, with a line in their history', async () => {
  const { caseId } = await aCaseThere(it.db, ana.workspaceId)
  await sql`update cases set assignee_id = ${kim.agentId} where case_id = ${caseId}`.execute(it.owner)

  const answer = await ask('PUT', `/api/agents/${kim.agentId}/suspension`)
  const nowHeld = await findOne(
    it.owner,
    sql<{ assigneeId: string | null }>`select assignee_id from cases where case_id = ${caseId}`,
  )
  const event = await findOne(
    it.owner,
    sql<{ type: string; detail: object }>`select type, detail from case_events
      where case_id = ${caseId} order by event_id desc limit 1`,
  )

  expect(answer.json()).toEqual({ casesReturned: 1 })
  expect(nowHeld).toEqual({ assigneeId: null })
  expect(event).toMatchObject({ type: 'returned', detail: { from: kim.agentId, to: null, by: ana.agentId } })
})

test.each([
  [
    'role',
    () => ask('PUT', `/api/agents/${kim.agentId}`, { role: 'viewer', sees: 'workspace', teamIds: [] }),
  ],
  ['view', () => ask('PUT', `/api/agents/${kim.agentId}`, { role: 'agent', sees: 'teams', teamIds: [] })],
])('another %s ends the streams of that agent and of no other', async (_what, change) => {
  const theirs = await listenAs(kim)
  const ours = await listenAs(ana)

  await change()

  expect(await theirs.endsSoon()).toBe(true)
  expect(live.countStreams()).toBe(1)
  expect((await ours.next('stale')).data).toEqual({ what: 'agent' })
})

test('another shape of a role ends the streams of all who have it', async () => {
  const { roleId } = (await ask('POST', '/api/roles', { name: 'Nights', copyOf: 'agent' })).json()
  await ask('PUT', `/api/agents/${kim.agentId}`, { role: roleId, sees: 'workspace', teamIds: [] })
  await expect.poll(async () => (await listenAs(kim)).status, { timeout: 2_000 }).toBe(200)
  const theirs = await listenAs(kim)

  await ask('PUT', `/api/roles/${roleId}`, { name: 'Nights', may: ['cases.read'] })

  expect(await theirs.endsSoon()).toBe(true)
})

test('going to another workspace ends the streams of the one before', async () => {
  const other = await aWorkspace(it.db)
  await sql`insert into agents (workspace_id, user_id, name, email, role)
    select ${other.workspaceId}, user_id, name, email, 'viewer' from agents where agent_id = ${kim.agentId}`.execute(
    it.owner,
  )
  const before = await listenAs(kim)

  await ask(
    'PUT',
    '/api/session/workspace',
    { workspaceId: other.workspaceId },
    { ...ana, cookie: kim.cookie },
  )
  const ended = await before.endsSoon()
  const after = await listenAs(kim)
  await aCaseThere(it.db, ana.workspaceId)
  const { caseId } = await aCaseThere(it.db, other.workspaceId)

  expect(ended).toBe(true)
  expect((await after.next('card')).data).toMatchObject({ caseId })
  expect(cardsHeard(after)).toHaveLength(1)
})
