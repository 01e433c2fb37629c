/** Teams, hours and absences over HTTP, on the real database. */
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { aCaseThere } from '../../test/cases.ts'
import { aColleague } from '../../test/colleagues.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { newId } from '../base/clock.ts'
import { findAll, inWorkspace } from '../base/db.ts'
import { returnUnseen } from '../cases/returning.jobs.ts'
import { absenceRoutes } from './absence.routes.ts'
import { hoursRoutes } from './hours.routes.ts'
import { teamRoutes } from './team.routes.ts'

const start = new Date('2026-11-18T10:00:00Z')

let it: TestDb
let house: TestApp
let clock = start
let workspaceId: string
let ana: string
let robin: string
beforeAll(async () => {
  it = await freshDb()
  house = await testApp(it, {
    rooms: (mount) => {
      teamRoutes(mount, { returnUnseen })
      hoursRoutes(mount)
      absenceRoutes(mount)
    },
    now: () => clock,
  })
})
afterAll(async () => {
  await house.app.close()
  await it[Symbol.asyncDispose]()
})
beforeEach(async () => {
  clock = start
  const made = await aWorkspace(it.db)
  workspaceId = made.workspaceId
  ana = made.agentId
  robin = await aColleague(it.db, workspaceId)
})

const inside = <T>(query: ReturnType<typeof sql<T>>) =>
  inWorkspace(it.db, workspaceId, (tx) => findAll(tx, query))
async function call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: object, as = ana) {
  const headers = await house.signIn({ agentId: as })
  const answer = await house.app.inject({ method, url, headers, ...(body && { payload: body }) })
  return { status: answer.statusCode, body: answer.json() }
}
const make = (name = 'Repairs', memberIds: string[] = []) =>
  call('POST', '/api/teams', { name, needsApproval: false, memberIds })
const aChannel = async () => {
  const channelId = newId()
  await inside(sql`insert into channels (workspace_id, channel_id, network, account_id, handle, service_url, sealed_secret)
    values (${workspaceId}, ${channelId}, 'bluesky', ${channelId}, 'acme.example', 'https://pds.test', 'sealed')`)
  return channelId
}

test('a team has its people; changing them touches only who came or went', async () => {
  const ben = await aColleague(it.db, workspaceId, { name: 'Ben' })
  const { body: team } = await make('Repairs', [robin])
  const versions = () =>
    inside(sql<{ agentId: string; rightsVersion: number }>`select agent_id, rights_version from agents`)
  const before = new Map((await versions()).map((it) => [it.agentId, it.rightsVersion]))

  const changed = await call('PUT', `/api/teams/${team.teamId}`, {
    name: 'Repair shop',
    needsApproval: true,
    memberIds: [robin, ben],
  })

  expect(changed.body).toMatchObject({ name: 'Repair shop', needsApproval: true })
  expect(changed.body.memberIds.toSorted()).toEqual([robin, ben].toSorted())
  const moved = (await versions()).filter((it) => it.rightsVersion !== before.get(it.agentId))
  expect(moved.map((it) => it.agentId)).toEqual([ben])
})

test('two teams of one name are one too many, in whatever letters, also for two who ask at once', async () => {
  const answers = await Promise.all([make('Night'), make('NIGHT')])
  const { body: day } = await make('Day')
  const renamed = await call('PUT', `/api/teams/${day.teamId}`, {
    name: 'night',
    needsApproval: false,
    memberIds: [],
  })

  expect(answers.map((it) => it.status).sort()).toEqual([200, 409])
  expect(renamed).toMatchObject({ status: 409, body: { code: 'team-known' } })
})

test('a removed team leaves its cases and channels to everybody, and its name free', async () => {
  const { body: team } = await make('Repairs', [robin])
  const channelId = await aChannel()
  await call('PUT', `/api/channels/${channelId}/team`, { teamId: team.teamId, needsApproval: true })
  const { caseId } = await aCaseThere(it.db, workspaceId)
  await inside(sql`update cases set team_id = ${team.teamId}`)

  expect((await call('DELETE', `/api/teams/${team.teamId}`)).status).toBe(200)

  expect(await inside(sql`select case_id, team_id from cases`)).toEqual([{ caseId, teamId: null }])
  expect(await inside(sql`select agent_id from team_agents`)).toEqual([])
  expect(await inside(sql`select channel_id from team_channels`)).toEqual([])
  expect(await inside(sql`select detail from case_events where type = 'team-changed'`)).toEqual([
    { detail: { from: team.teamId, to: null } },
  ])
  expect((await make('Repairs')).status).toBe(200)
  expect((await call('DELETE', `/api/teams/${team.teamId}`)).status).toBe(404)
})

test('a channel belongs to one team at a time', async () => {
  const [{ body: one }, { body: two }] = [await make('One'), await make('Two')]
  const channelId = await aChannel()
  const give = (teamId: string | null) =>
    call('PUT', `/api/channels/${channelId}/team`, { teamId, needsApproval: false })

  await Promise.all([give(one.teamId), give(two.teamId)])
  expect(await inside(sql`select channel_id from team_channels`)).toHaveLength(1)
  await give(null)
  expect(await inside(sql`select channel_id from team_channels`)).toEqual([])
})

test('a lead who sees only their teams changes only those, and takes no channel from another', async () => {
  const lena = await aColleague(it.db, workspaceId, { role: 'lead', sees: 'teams' })
  const { body: theirs } = await make('Theirs')
  const { body: own } = await make('Own', [lena])
  const channelId = await aChannel()
  await call('PUT', `/api/channels/${channelId}/team`, { teamId: theirs.teamId, needsApproval: false })
  const wish = { name: 'Mine now', needsApproval: false, memberIds: [lena] }
  const week = { timeZone: 'UTC', blocks: [], holidays: [] }

  const refused = [
    await call('PUT', `/api/teams/${theirs.teamId}`, wish, lena),
    await call('DELETE', `/api/teams/${theirs.teamId}`, undefined, lena),
    await call('PUT', `/api/teams/${theirs.teamId}/hours`, week, lena),
    await call('PUT', `/api/channels/${channelId}/team`, { teamId: own.teamId, needsApproval: false }, lena),
  ]
  expect(refused.map((it) => it.body.code)).toEqual(Array(4).fill('not-your-team'))
  expect((await call('PUT', `/api/teams/${own.teamId}/hours`, week, lena)).status).toBe(200)
  expect((await call('GET', '/api/teams')).body).toMatchObject([
    { name: 'Own', ownHours: true },
    { name: 'Theirs', memberIds: [], ownHours: false },
  ])
})

test('a team has hours of its own, or works when the workspace does', async () => {
  const { body: team } = await make()
  const nights = {
    timeZone: 'Asia/Tokyo',
    blocks: [
      { day: 2, from: 0, to: 360 },
      { day: 1, from: 1_320, to: 1_440 },
    ],
    holidays: [{ date: '2026-12-25', name: 'Christmas Day' }],
  }

  await call('PUT', `/api/teams/${team.teamId}/hours`, nights)
  const own = (await call('GET', '/api/hours')).body
  await call('DELETE', `/api/teams/${team.teamId}/hours`)

  expect(own.teams).toEqual([
    { teamId: team.teamId, hours: { ...nights, blocks: nights.blocks.toReversed() } },
  ])
  expect(own.workspace).toMatchObject({ timeZone: 'Europe/London', holidays: [] })
  expect(own.workspace.blocks).toHaveLength(5)
  expect((await call('GET', '/api/hours')).body.teams).toEqual([])
})

test('hours that do not hold together are refused, and change nothing', async () => {
  const overlap = [
    { day: 1, from: 540, to: 800 },
    { day: 1, from: 700, to: 900 },
  ]
  const answer = await call('PUT', '/api/hours', { timeZone: 'UTC', blocks: overlap, holidays: [] })

  expect(answer).toMatchObject({ status: 400, body: { code: 'bad-input' } })
  expect(await inside(sql`select time_zone from workspaces`)).toEqual([{ timeZone: 'Europe/London' }])
})

const week = (over: object = {}) => ({
  agentId: robin,
  startsAt: '2026-11-19T08:00:00.000Z',
  endsAt: '2026-11-26T08:00:00.000Z',
  note: 'Skiing',
  deputyId: null,
  ...over,
})

test('one says oneself when one is out of office; for a colleague it takes a lead', async () => {
  const ben = await aColleague(it.db, workspaceId, { name: 'Ben' })

  expect((await call('POST', '/api/absences', week(), ben)).body.code).toBe('not-allowed')
  expect((await call('POST', '/api/absences', week(), robin)).body).toMatchObject({
    note: 'Skiing',
    returned: 0,
  })
  const noted = await call('POST', '/api/absences', week({ agentId: ben, deputyId: robin }))
  expect(noted.status).toBe(200)
  expect((await call('DELETE', `/api/absences/${noted.body.absenceId}`, undefined, robin)).body.code).toBe(
    'not-allowed',
  )
})

test.each([
  ['ends before it begins', { endsAt: '2026-11-18T12:00:00.000Z', startsAt: '2026-11-18T13:00:00.000Z' }],
  ['is over already', { startsAt: '2026-11-01T08:00:00.000Z', endsAt: '2026-11-02T08:00:00.000Z' }],
  ['never ends', { endsAt: '2126-11-19T08:00:00.000Z' }],
])('an absence that %s is refused', async (_what, over) => {
  expect((await call('POST', '/api/absences', week(over), robin)).body.code).toBe('bad-input')
})

test('nobody is their own deputy, and no stranger is one', async () => {
  const stranger = await aWorkspace(it.db)

  expect((await call('POST', '/api/absences', week({ deputyId: robin }), robin)).body.code).toBe('bad-input')
  expect((await call('POST', '/api/absences', week({ deputyId: stranger.agentId }), robin)).body.code).toBe(
    'not-found',
  )
})

test('it is done by a job when it begins, and stands in the list until it is over or called off', async () => {
  const { body } = await call('POST', '/api/absences', week(), robin)
  const jobs = await it.owner.transaction().execute((tx) =>
    findAll(
      tx,
      sql<{ runAt: Date }>`select run_at from graphile_worker._private_jobs
        where key = ${`absence:${body.absenceId}`} and payload ->> 'workspaceId' = ${workspaceId}`,
    ),
  )
  const listed = async (as: string) => (await call('GET', '/api/absences', undefined, as)).body.length

  expect(jobs).toEqual([{ runAt: new Date('2026-11-19T08:00:00Z') }])
  expect([await listed(ana), await listed(robin)]).toEqual([1, 1])
  clock = new Date('2026-11-27T08:00:00Z')
  expect([await listed(ana), await listed(robin)]).toEqual([0, 1])
  clock = start
  await call('DELETE', `/api/absences/${body.absenceId}`, undefined, robin)
  expect([await listed(ana), await listed(robin)]).toEqual([0, 0])
})

test('capacity is set by who may change teams, and is a bound or none', async () => {
  const set = (capacity: unknown, as = ana) => call('PUT', `/api/agents/${robin}/capacity`, { capacity }, as)

  expect((await set(12)).status).toBe(200)
  expect((await set(0)).status).toBe(400)
  expect((await set(5, robin)).status).toBe(403)
  expect(await inside(sql`select capacity from agents where agent_id = ${robin}`)).toEqual([{ capacity: 12 }])
  await set(null)
  expect(await inside(sql`select capacity from agents where agent_id = ${robin}`)).toEqual([
    { capacity: null },
  ])
})

test('every one of these changes stands in the audit log with its ids, and no words', async () => {
  const { body: team } = await make('Repairs', [robin])
  await call('POST', '/api/absences', week(), robin)
  await call('PUT', '/api/away', { away: true }, robin)

  const rows = await inside(
    sql<{ act: string; onId: string; content: object }>`select act, on_id, content from audit
      where act in ('team.made', 'absence.noted', 'agent.away-changed') order by act desc`,
  )
  expect(rows.map((it) => it.act)).toEqual(['team.made', 'agent.away-changed', 'absence.noted'])
  expect(rows[0]).toMatchObject({ onId: team.teamId, content: { memberIds: [robin] } })
  expect(rows[1]).toMatchObject({ onId: robin, content: { away: true } })
  expect(JSON.stringify(rows)).not.toContain('Skiing')
})

test('whoever leaves a team leaves its open cases, if they do not see it any more', async () => {
  const kim = await aColleague(it.db, workspaceId, { name: 'Kim', sees: 'teams' })
  const { body: team } = await make('Repairs', [kim, robin])
  const { caseId } = await aCaseThere(it.db, workspaceId)
  const other = await aCaseThere(it.db, workspaceId)
  await inside(sql`update cases set team_id = ${team.teamId},
    assignee_id = case when case_id = ${caseId} then ${kim}::uuid else ${robin}::uuid end`)

  const wish = { name: 'Repairs', needsApproval: false, memberIds: [] }
  expect((await call('PUT', `/api/teams/${team.teamId}`, wish)).status).toBe(200)

  const held = await inside(
    sql<{ caseId: string; assigneeId: string | null }>`select case_id, assignee_id from cases`,
  )
  expect(held).toContainEqual({ caseId, assigneeId: null })
  expect(held).toContainEqual({ caseId: other.caseId, assigneeId: robin })
  expect(await inside(sql`select detail from case_events where type = 'assigned'`)).toEqual([
    { detail: { from: kim, to: null, by: ana } },
  ])
})
