/** Who gives which role to whom. That streams end at that moment is shown in cases/live-colleagues.test.ts. */
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { aCaseThere } from '../../test/cases.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { newId } from '../base/clock.ts'
import { findAll } from '../base/db.ts'
import { returnUnseen } from '../cases/returning.jobs.ts'
import { colleagueRoutes } from './colleague.routes.ts'
import { roleRoutes } from './role.routes.ts'

let it: TestDb
let house: TestApp
let ana: { workspaceId: string; agentId: string; cookie: string }
let returned: string[]
beforeEach(async () => {
  returned = []
  it = await freshDb()
  house = await testApp(it, {
    rooms: (mount) => {
      roleRoutes(mount)
      colleagueRoutes(mount, {
        returnCases: async (_tx, agentId) => {
          returned.push(agentId)
          return [newId(), newId()]
        },
        returnUnseen,
      })
    },
  })
  const made = await aWorkspace(it.db)
  ana = { ...made, ...(await house.signIn(made)) }
})
afterEach(async () => {
  await house.app.close()
  await it[Symbol.asyncDispose]()
})

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
const ask = (method: Method, url: string, payload?: object, cookie = ana.cookie) =>
  house.app.inject({ method, url, headers: { cookie }, ...(payload && { payload }) })
const standing = (over: object = {}) => ({
  role: 'agent',
  sees: 'workspace',
  teamIds: [] as string[],
  ...over,
})
const give = (agentId: string, over: object, cookie?: string) =>
  ask('PUT', `/api/agents/${agentId}`, standing(over), cookie)
const suspend = (agentId: string, cookie?: string) =>
  ask('PUT', `/api/agents/${agentId}/suspension`, undefined, cookie)
const codeOf = (answer: { json(): { code?: string } }) => answer.json().code
const copy = async (name: string, copyOf: string, cookie?: string) =>
  ask('POST', '/api/roles', { name, copyOf }, cookie)

async function anAgent(name: string, role = 'agent', over: { roleId?: string; sees?: string } = {}) {
  const agentId = newId()
  await sql`insert into agents (workspace_id, agent_id, user_id, name, email, role, role_id, sees)
    values (${ana.workspaceId}, ${agentId}, ${`user-${agentId}`}, ${name}, ${`${agentId}@acme.test`}, ${role},
      ${over.roleId ?? null}, ${over.sees ?? 'workspace'})`.execute(it.owner)
  return { agentId, ...(await house.signIn({ agentId })) }
}
async function aTeam(name: string): Promise<string> {
  const teamId = newId()
  await sql`insert into teams (workspace_id, team_id, name) values (${ana.workspaceId}, ${teamId}, ${name})`.execute(
    it.owner,
  )
  return teamId
}
const me = async (cookie: string) => (await ask('GET', '/api/me', undefined, cookie)).json()

test('the list has everyone by name, a page at a time', async () => {
  for (const name of ['zoë', 'Bo', 'Émile', 'al', 'Bo']) await anAgent(name)

  const seen: string[] = []
  let after = ''
  for (let page = 0; page < 5; page++) {
    const answer = (await ask('GET', `/api/agents?limit=2${after && `&after=${after}`}`)).json()
    seen.push(...answer.rows.map((row: { name: string }) => row.name))
    if (!answer.next) break
    after = answer.next
  }

  expect([...seen].sort()).toEqual(['Ana Ruiz', 'Bo', 'Bo', 'al', 'zoë', 'Émile'].sort())
  expect(seen.slice(0, 4)).toEqual(['al', 'Ana Ruiz', 'Bo', 'Bo'])
})

test('a row says the role, the teams, when they were last here, and nothing secret', async () => {
  const teamId = await aTeam('Delivery')
  const kim = await anAgent('Kim')
  await give(kim.agentId, { role: 'lead', sees: 'teams', teamIds: [teamId] })

  const { rows } = (await ask('GET', '/api/agents')).json()
  const row = rows.find((it: { agentId: string }) => it.agentId === kim.agentId)

  expect(row).toMatchObject({
    role: 'lead',
    sees: 'teams',
    teamIds: [teamId],
    suspendedAt: null,
    secondFactor: false,
  })
  expect(row.lastSeenAt).not.toBeNull()
  expect(JSON.stringify(rows)).not.toMatch(/user-|token|password/)
})

test('a new role is what they may do from then on, and the log says what it was', async () => {
  const kim = await anAgent('Kim')
  const before = (await me(kim.cookie)).agent.may

  await give(kim.agentId, { role: 'viewer' })
  await expect.poll(async () => (await me(kim.cookie)).agent.may, { timeout: 2_000 }).toEqual(['cases.read'])
  const told = await findAll(
    it.owner,
    sql<{ act: string; content: unknown }>`select act, content from audit where on_id = ${kim.agentId}`,
  )

  expect(before).toContain('replies.write')
  expect(told).toMatchObject([
    { act: 'agent.changed', content: { from: { role: 'agent' }, to: { role: 'viewer' } } },
  ])
})

test('a suspended agent is out, their name stays on their past, and they may come back', async () => {
  const kim = await anAgent('Kim')

  const answer = await suspend(kim.agentId)
  await expect
    .poll(async () => (await ask('GET', '/api/me', undefined, kim.cookie)).statusCode, { timeout: 2_000 })
    .toBe(401)
  const seen = (await me(ana.cookie)).colleagues.find((it: { name: string }) => it.name === 'Kim')
  const twice = await suspend(kim.agentId)
  await ask('DELETE', `/api/agents/${kim.agentId}/suspension`)

  expect(answer.json()).toEqual({ casesReturned: 2 })
  expect(twice.json()).toEqual({ casesReturned: 0 })
  expect(returned).toEqual([kim.agentId])
  expect(seen.suspendedAt).not.toBeNull()
  await expect
    .poll(async () => (await ask('GET', '/api/me', undefined, kim.cookie)).statusCode, { timeout: 2_000 })
    .toBe(200)
})

test('the last admin stays one, also when two admins go for each other at the same moment', async () => {
  const bo = await anAgent('Bo', 'admin')

  const each = await Promise.all([suspend(bo.agentId), suspend(ana.agentId, bo.cookie)])
  const admins = await findAll(
    it.owner,
    sql`select 1 from agents where role = 'admin' and suspended_at is null`,
  )

  expect(each.map((answer) => answer.statusCode).sort()).not.toEqual([200, 200])
  expect(admins).toHaveLength(1)
})

test('the last admin is neither demoted nor suspended; nobody suspends themselves', async () => {
  const alone = [await give(ana.agentId, { role: 'lead' }), await suspend(ana.agentId)]
  await anAgent('Bo', 'admin')

  expect(alone.map(codeOf)).toEqual(['last-admin', 'last-admin'])
  expect(codeOf(await suspend(ana.agentId))).toBe('not-yourself')
  expect((await give(ana.agentId, { role: 'lead' })).statusCode).toBe(200)
})

test('two admins who demote each other at once leave one', async () => {
  const bo = await anAgent('Bo', 'admin')

  await Promise.all([give(bo.agentId, { role: 'lead' }), give(ana.agentId, { role: 'lead' }, bo.cookie)])

  expect(await findAll(it.owner, sql`select 1 from agents where role = 'admin'`)).toHaveLength(1)
})

test('nobody gives, takes or changes more than they have themselves', async () => {
  const { roleId } = (await copy('Manager', 'viewer')).json()
  await ask('PUT', `/api/roles/${roleId}`, { name: 'Manager', may: ['cases.read', 'agents.change'] })
  const kim = await anAgent('Kim', 'custom', { roleId })
  const lee = await anAgent('Lee', 'viewer')
  const bo = await anAgent('Bo', 'admin')

  const refused = [
    await give(kim.agentId, { role: 'admin' }, kim.cookie),
    await give(lee.agentId, { role: 'agent' }, kim.cookie),
    await give(bo.agentId, { role: 'viewer' }, kim.cookie),
    await suspend(bo.agentId, kim.cookie),
    await ask('PUT', `/api/roles/${roleId}`, { name: 'X', may: ['cases.read', 'data.export'] }, kim.cookie),
    await copy('Y', 'lead', kim.cookie),
  ]
  const allowed = [
    await give(lee.agentId, { role: roleId }, kim.cookie),
    await suspend(lee.agentId, kim.cookie),
  ]

  expect(refused.map(codeOf)).toEqual(Array.from({ length: 6 }, () => 'beyond-yours'))
  expect(allowed.map((answer) => answer.statusCode)).toEqual([200, 200])
})

test('who sees their teams only gives no wider view, and no other team', async () => {
  const [own, other] = [await aTeam('Delivery'), await aTeam('Returns')]
  const bo = await anAgent('Bo', 'admin', { sees: 'teams' })
  await sql`insert into team_agents (workspace_id, team_id, agent_id)
    values (${ana.workspaceId}, ${own}, ${bo.agentId})`.execute(it.owner)
  const kim = await anAgent('Kim', 'agent', { sees: 'teams' })

  const answers = [
    await give(kim.agentId, { sees: 'workspace' }, bo.cookie),
    await give(kim.agentId, { sees: 'teams', teamIds: [other] }, bo.cookie),
    await give(ana.agentId, { role: 'admin' }, bo.cookie),
    await give(kim.agentId, { sees: 'teams', teamIds: [own] }, bo.cookie),
  ]

  expect(answers.map(codeOf)).toEqual(['beyond-yours', 'beyond-yours', 'beyond-yours', undefined])
})

test('a role of one’s own: copied, renamed, changed, in use, deleted', async () => {
  const made = (await copy('Night shift', 'agent')).json()
  const taken = await copy('night SHIFT', 'viewer')
  const kim = await anAgent('Kim', 'custom', { roleId: made.roleId })
  await ask('PUT', `/api/roles/${made.roleId}`, { name: 'Nights', may: ['cases.read', 'cases.read'] })
  const again = (await copy('Nights two', made.roleId)).json()
  const inUse = await ask('DELETE', `/api/roles/${made.roleId}`)
  const listed = (await ask('GET', '/api/roles')).json()
  await give(kim.agentId, { role: 'viewer' })
  const gone = await ask('DELETE', `/api/roles/${made.roleId}`)

  expect(codeOf(taken)).toBe('name-taken')
  expect(codeOf(inUse)).toBe('role-in-use')
  expect(gone.statusCode).toBe(200)
  expect(listed).toMatchObject([
    { roleId: made.roleId, name: 'Nights', may: ['cases.read'], copiedFrom: 'agent', usedBy: 1 },
    { roleId: again.roleId, name: 'Nights two', may: ['cases.read'], copiedFrom: 'Nights', usedBy: 0 },
  ])
  expect(
    codeOf(await ask('PUT', `/api/roles/${again.roleId}`, { name: 'N', may: ['rule.everything'] })),
  ).toBe('bad-input')
})

test('a role that is given while it is being deleted is either given or gone', async () => {
  const kim = await anAgent('Kim')
  const { roleId } = (await copy('Nights', 'viewer')).json()

  const [given, deleted] = await Promise.all([
    give(kim.agentId, { role: roleId }),
    ask('DELETE', `/api/roles/${roleId}`),
  ])

  expect([given.statusCode, deleted.statusCode].filter((status) => status === 200)).toHaveLength(1)
  expect([given.statusCode, deleted.statusCode]).not.toContain(500)
})

test('whose sight is narrowed to their teams keeps only cases that they still see, whoever narrows it', async () => {
  const teamId = await aTeam('Repairs')
  const kim = await anAgent('Kim')
  const { caseId } = await aCaseThere(it.db, ana.workspaceId)
  const ofNone = await aCaseThere(it.db, ana.workspaceId)
  await sql`update cases set assignee_id = ${kim.agentId},
    team_id = case when case_id = ${caseId} then ${teamId}::uuid end`.execute(it.owner)
  const holders = () =>
    findAll(
      it.owner,
      sql<{
        caseId: string
        assigneeId: string | null
      }>`select case_id, assignee_id from cases order by number`,
    )

  await give(kim.agentId, { sees: 'teams', teamIds: [teamId] })
  expect((await holders()).map((it) => it.assigneeId)).toEqual([kim.agentId, kim.agentId])
  expect((await give(kim.agentId, { sees: 'teams' })).statusCode).toBe(200)

  expect(await holders()).toEqual([
    { caseId, assigneeId: null },
    { caseId: ofNone.caseId, assigneeId: kim.agentId },
  ])
})
