/** Who is at a case, who is here, and how much they take: over HTTP, by the live stream, inside the walls. */
import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { aCaseThere } from '../../test/cases.ts'
import { aColleague, aTeam } from '../../test/colleagues.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { openStream, type Stream } from '../../test/event-stream.ts'
import { findAll, inWorkspace } from '../base/db.ts'
import { makeOutside } from '../base/outside.ts'
import type { Connectors } from '../connectors/connector.ts'
import { makeRehearsal } from '../connectors/rehearsal/rehearsal.ts'
import { absenceRoutes } from '../staff/absence.routes.ts'
import { caseRoutes } from './case.routes.ts'
import { type Live, startLive } from './live.jobs.ts'
import { liveRoutes } from './live.routes.ts'
import { presenceRoutes } from './presence.routes.ts'

const rehearsal = makeRehearsal({ story: [] })
const connectors = { rehearsal, bluesky: { ...rehearsal, network: 'bluesky' } } as Connectors

let it: TestDb
let house: TestApp
let live: Live
let url: string
let workspaceId: string
let ana: string
let robin: string
let late = 0
const now = () => new Date(Date.now() + late)
const open: Stream[] = []

beforeAll(async () => {
  it = await freshDb()
  live = startLive({ url: it.url, db: it.db, links: connectors })
  await live.ready
  house = await testApp(it, {
    now,
    rooms: (mount, tools) => {
      caseRoutes(mount, { ...tools, connectors, outside: makeOutside([]) })
      presenceRoutes(mount)
      absenceRoutes(mount)
      liveRoutes(mount, { ...tools, live })
    },
  })
  await house.app.listen({ port: 0, host: '127.0.0.1' })
  url = `http://127.0.0.1:${(house.app.server.address() as AddressInfo).port}/api/events`
})
beforeEach(async () => {
  late = 0
  const made = await aWorkspace(it.db)
  workspaceId = made.workspaceId
  ana = made.agentId
  robin = await aColleague(it.db, workspaceId)
})
afterEach(() => {
  for (const stream of open.splice(0)) stream.close()
})
afterAll(async () => {
  await live.stop()
  house.app.server.closeAllConnections()
  await house.app.close()
  await it[Symbol.asyncDispose]()
})

const inside = <T>(query: ReturnType<typeof sql<T>>) =>
  inWorkspace(it.db, workspaceId, (tx) => findAll(tx, query))
async function call(method: 'GET' | 'PUT', path: string, as: string, body?: object) {
  const headers = await house.signIn({ agentId: as })
  const answer = await house.app.inject({ method, url: path, headers, ...(body && { payload: body }) })
  return { status: answer.statusCode, body: answer.json() }
}
const beat = async (as: string, caseId: string | null, writing = false) =>
  (await call('PUT', '/api/presence', as, { caseId, writing })).body.others
async function listenAs(agentId: string): Promise<Stream> {
  const stream = await openStream(url, await house.signIn({ agentId }))
  open.push(stream)
  await stream.next('hello')
  return stream
}
const give = async (caseId: string, agentId: string | null, as: string, version = 1) =>
  (await call('PUT', `/api/cases/${caseId}/assignee`, as, { agentId, version })).body

test('two at one case learn of each other, also that one writes and that one goes', async () => {
  const { caseId } = await aCaseThere(it.db, workspaceId)
  const screen = await listenAs(ana)

  expect(await beat(ana, caseId)).toEqual([])
  expect(await beat(robin, caseId)).toEqual([{ agentId: ana, isWriting: false }])
  const told = async () => {
    for (;;) {
      const { data } = await screen.next('presence')
      const { others } = data as { others: object[] }
      if (others.length > 0) return others
    }
  }
  expect(await told()).toEqual([{ agentId: robin, isWriting: false }])
  await beat(robin, caseId, true)
  expect(await told()).toEqual([{ agentId: robin, isWriting: true }])
  await beat(robin, null)
  expect((await screen.next('presence')).data).toEqual({ caseId, others: [] })
})

test('who has another case open, or none, hears of nobody; a beat with nothing new is no news', async () => {
  const { caseId } = await aCaseThere(it.db, workspaceId)
  const other = await aCaseThere(it.db, workspaceId)
  await beat(ana, other.caseId)
  await beat(robin, caseId)
  const screen = await listenAs(ana)

  const ben = await aColleague(it.db, workspaceId, { name: 'Ben' })
  await beat(ben, caseId)
  await beat(robin, caseId)
  await beat(ben, other.caseId)

  expect((await screen.next('presence')).data).toEqual({
    caseId: other.caseId,
    others: [{ agentId: ben, isWriting: false }],
  })
  expect(screen.news().filter((it) => it === 'presence')).toHaveLength(1)
})

test('who says nothing for three quarters of a minute is gone', async () => {
  const { caseId } = await aCaseThere(it.db, workspaceId)
  await beat(robin, caseId)

  late = 44_000
  expect(await beat(ana, caseId)).toHaveLength(1)
  late = 46_000
  expect(await beat(ana, caseId)).toEqual([])
})

test('a case that one does not see counts as none, and tells nobody anything', async () => {
  const stranger = await aWorkspace(it.db)
  const tom = await aColleague(it.db, workspaceId, { name: 'Tom', sees: 'teams' })
  const teamId = await aTeam(it.db, workspaceId)
  const { caseId } = await aCaseThere(it.db, workspaceId)
  await beat(tom, caseId)
  await inside(sql`update cases set team_id = ${teamId} where case_id = ${caseId}`)
  const screen = await listenAs(tom)

  expect(await beat(robin, caseId)).toEqual([{ agentId: tom, isWriting: false }])
  expect(await beat(stranger.agentId, caseId, true)).toEqual([])
  expect(await beat(tom, caseId, true)).toEqual([])
  expect(await beat(robin, caseId, true)).toEqual([])
  const rows = await findAll(
    it.owner,
    sql`select case_id, is_writing from presence where agent_id in (${tom}, ${stranger.agentId})`,
  )
  expect(rows).toEqual([
    { caseId: null, isWriting: false },
    { caseId: null, isWriting: false },
  ])
  expect(screen.news()).not.toContain('presence')
})

test('where colleagues are: here, away, out of office until then, or not here', async () => {
  const dee = await aColleague(it.db, workspaceId, { name: 'Dee', capacity: 4 })
  const gone = await aColleague(it.db, workspaceId, { name: 'Gus', suspendedAt: new Date() })
  for (const id of [ana, robin, dee]) await beat(id, null)
  await call('PUT', '/api/away', robin, { away: true })
  await inside(sql`insert into absences (workspace_id, agent_id, starts_at, ends_at, note, noted_by)
    values (${workspaceId}, ${dee}, now() - interval '1 hour', '2190-01-01T00:00:00Z', 'Skiing', ${dee})`)
  const where = async () =>
    new Map<string, { where: string }>(
      (await call('GET', '/api/presence', ana)).body.map((it: { agentId: string }) => [it.agentId, it]),
    )

  const found = await where()
  expect(found.get(ana)).toMatchObject({ where: 'here', outUntil: null, openCases: 0, capacity: null })
  expect(found.get(robin)).toMatchObject({ where: 'away' })
  expect(found.get(dee)).toMatchObject({
    where: 'out',
    outUntil: '2190-01-01T00:00:00.000Z',
    note: 'Skiing',
    capacity: 4,
  })
  expect(found.has(gone)).toBe(false)
  await call('PUT', '/api/away', robin, { away: false })
  expect((await where()).get(robin)).toMatchObject({ where: 'here' })
  late = 61_000
  expect((await where()).get(robin)).toMatchObject({ where: 'gone' })
})

test('giving to another is for leads; taking, and putting back one’s own, for everybody who works', async () => {
  const { caseId } = await aCaseThere(it.db, workspaceId)
  const ben = await aColleague(it.db, workspaceId, { name: 'Ben' })

  expect(await give(caseId, ben, robin)).toMatchObject({ code: 'not-allowed' })
  expect(await give(caseId, robin, robin)).toMatchObject({ assigneeId: robin })
  expect(await give(caseId, null, ben, 2)).toMatchObject({ code: 'not-allowed' })
  expect(await give(caseId, null, robin, 2)).toMatchObject({ assigneeId: null })
  expect(await give(caseId, ben, ana, 3)).toMatchObject({ assigneeId: ben })
})

test.each([
  ['is suspended', 'agent-suspended', sql`update agents set suspended_at = now()`],
  ['is away', 'agent-away', sql`update agents set away_since = now()`],
  ['only looks', 'agent-does-not-answer', sql`update agents set role = 'viewer'`],
])('a colleague who %s is given nothing', async (_what, code, change) => {
  const { caseId } = await aCaseThere(it.db, workspaceId)
  await inside(sql`${change} where agent_id = ${robin}`)

  expect(await give(caseId, robin, ana)).toMatchObject({ code })
})

test('twelve cases taken at one moment are three for who takes three; a lead may give a fourth', async () => {
  await inside(sql`update agents set capacity = 3 where agent_id = ${robin}`)
  const cases: string[] = []
  for (let n = 0; n < 12; n++) cases.push((await aCaseThere(it.db, workspaceId)).caseId)
  const headers = await house.signIn({ agentId: robin })

  const answers = await Promise.all(
    cases.map((caseId) =>
      house.app.inject({
        method: 'PUT',
        url: `/api/cases/${caseId}/assignee`,
        headers,
        payload: { agentId: robin, version: 1 },
      }),
    ),
  )
  const free = cases.filter((_, n) => answers[n]!.statusCode !== 200)

  expect(free).toHaveLength(9)
  expect(answers.filter((it) => it.statusCode === 409).map((it) => it.json().code)).toEqual(
    Array(9).fill('at-capacity'),
  )
  expect(await give(free[0]!, robin, ana)).toMatchObject({ assigneeId: robin })
})
