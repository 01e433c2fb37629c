/** What a narrow view keeps one from, and who counts as an admin who is there. */
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { newId } from '../base/clock.ts'
import { findAll, inWorkspace } from '../base/db.ts'
import { findWatchful } from '../people/unusual.sql.ts'
import { lockWorker } from './capacity.sql.ts'
import { whyNotGive } from './capacity.ts'
import { colleagueRoutes } from './colleague.routes.ts'
import { findFirstAdmin } from './house.sql.ts'
import { ofTheWholeWorkspace, permissions, whyNot } from './permissions.ts'
import { roleRoutes } from './role.routes.ts'

let it: TestDb
let house: TestApp
let ana: { workspaceId: string; agentId: string; cookie: string }
let delivery: string
let returns: string
beforeEach(async () => {
  it = await freshDb()
  const none = { returnCases: async () => [], returnUnseen: async () => [] }
  house = await testApp(it, {
    rooms: (mount) => {
      roleRoutes(mount)
      colleagueRoutes(mount, none)
    },
  })
  const made = await aWorkspace(it.db)
  ana = { ...made, ...(await house.signIn(made)) }
  ;[delivery, returns] = [await aTeam('Delivery'), await aTeam('Returns')]
})
afterEach(async () => {
  await house.app.close()
  await it[Symbol.asyncDispose]()
})

type Standing = { role?: string; roleId?: string; sees?: string; teamIds?: string[]; imported?: boolean }

async function aTeam(name: string): Promise<string> {
  const teamId = newId()
  await sql`insert into teams (workspace_id, team_id, name) values (${ana.workspaceId}, ${teamId}, ${name})`.execute(
    it.owner,
  )
  return teamId
}
async function anAgent(name: string, over: Standing = {}) {
  const agentId = newId()
  const { role = 'agent', roleId = null, sees = 'workspace', teamIds = [], imported } = over
  const userId = `${imported ? 'imported:' : 'user-'}${agentId}`
  await sql`insert into agents (workspace_id, agent_id, user_id, name, email, role, role_id, sees)
    values (${ana.workspaceId}, ${agentId}, ${userId}, ${name}, ${`${agentId}@acme.test`}, ${role}, ${roleId}, ${sees})`.execute(
    it.owner,
  )
  for (const teamId of teamIds)
    await sql`insert into team_agents (workspace_id, team_id, agent_id)
      values (${ana.workspaceId}, ${teamId}, ${agentId})`.execute(it.owner)
  return agentId
}
const ask = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, cookie: string, payload?: object) =>
  house.app.inject({ method, url, headers: { cookie }, ...(payload && { payload }) })
const give = (agentId: string, over: Standing, cookie = ana.cookie) =>
  ask('PUT', `/api/agents/${agentId}`, cookie, { role: 'agent', sees: 'workspace', teamIds: [], ...over })
const suspend = (agentId: string, cookie = ana.cookie) =>
  ask('PUT', `/api/agents/${agentId}/suspension`, cookie)
const codeOf = (answer: { json(): { code?: string } }) => answer.json().code

async function aBossOfDelivery() {
  const roleId = newId()
  await sql`insert into roles (workspace_id, role_id, name, may, copied_from)
    values (${ana.workspaceId}, ${roleId}, 'Boss', '{cases.read,agents.change}', 'viewer')`.execute(it.owner)
  const agentId = await anAgent('Boss', { role: 'custom', roleId, sees: 'teams', teamIds: [delivery] })
  return { agentId, roleId, ...(await house.signIn({ agentId })) }
}

test('what is of the whole workspace is for who sees the whole workspace', () => {
  const narrow = { may: permissions, teamIds: [] }
  const wide = { may: permissions, teamIds: null }

  expect(permissions.filter((one) => whyNot(narrow, one) === 'whole-workspace-only')).toEqual([
    ...ofTheWholeWorkspace,
  ])
  expect(permissions.filter((one) => whyNot(wide, one))).toEqual([])
  expect(whyNot({ may: [], teamIds: [] }, 'data.export')).toBe('not-allowed')
})

test('the boss of one team neither moves, suspends nor brings back somebody of another', async () => {
  const boss = await aBossOfDelivery()
  const theirs = await anAgent('Of both', { role: 'viewer', sees: 'teams', teamIds: [delivery, returns] })
  const own = await anAgent('Of ours', { role: 'viewer', sees: 'teams', teamIds: [delivery] })
  const moved = { role: 'viewer', sees: 'teams', teamIds: [delivery] }

  const refused = [
    await give(theirs, moved, boss.cookie),
    await suspend(theirs, boss.cookie),
    await ask('DELETE', `/api/agents/${theirs}/suspension`, boss.cookie),
  ]
  const done = [await give(own, moved, boss.cookie), await suspend(own, boss.cookie)]
  const teams = await findAll(it.owner, sql`select team_id from team_agents where agent_id = ${theirs}`)

  expect(refused.map(codeOf)).toEqual(['beyond-yours', 'beyond-yours', 'beyond-yours'])
  expect(done.map((answer) => answer.statusCode)).toEqual([200, 200])
  expect(teams).toHaveLength(2)
})

test('the boss of one team changes no role, for people of other teams have it', async () => {
  const boss = await aBossOfDelivery()

  const answers = [
    await ask('PUT', `/api/roles/${boss.roleId}`, boss.cookie, { name: 'X', may: ['cases.read'] }),
    await ask('POST', '/api/roles', boss.cookie, { name: 'Y', copyOf: 'viewer' }),
    await ask('DELETE', `/api/roles/${boss.roleId}`, boss.cookie),
  ]

  expect(answers.map(codeOf)).toEqual(Array(3).fill('whole-workspace-only'))
})

test('an admin who came with an import and has not arrived keeps no workspace', async () => {
  await anAgent('Robin', { role: 'admin', imported: true })

  expect(codeOf(await give(ana.agentId, { role: 'viewer' }))).toBe('last-admin')
  expect(codeOf(await suspend(ana.agentId))).toBe('last-admin')
})

test('the last admin who sees everything narrows neither their role nor their sight', async () => {
  await anAgent('Bo', { role: 'admin', sees: 'teams', teamIds: [delivery] })

  expect(codeOf(await give(ana.agentId, { role: 'admin', sees: 'teams' }))).toBe('last-admin')
  expect(codeOf(await give(ana.agentId, { role: 'lead' }))).toBe('last-admin')
  await anAgent('Cy', { role: 'admin' })
  expect((await give(ana.agentId, { role: 'admin', sees: 'teams' })).statusCode).toBe(200)
})

test('who came with an import and has not arrived is given no case', async () => {
  const robin = await anAgent('Robin', { imported: true })
  const bo = await anAgent('Bo')
  const givenTo = (agentId: string) =>
    inWorkspace(it.db, ana.workspaceId, async (tx) =>
      whyNotGive(
        (await lockWorker(tx, agentId, new Date()))!,
        { agentId: ana.agentId, may: permissions },
        {
          teamId: null,
        },
      ),
    )

  expect([await givenTo(robin), await givenTo(bo)]).toEqual(['agent-suspended', null])
})

test('an admin who is suspended or has not arrived is neither the first nor told of looks', async () => {
  const at = '2020-01-01'
  for (const [name, over] of [['Robin', { imported: true }], ['Sam', {}], ['Narrow', { sees: 'teams' }]] as const) {
    const agentId = await anAgent(name, { role: 'admin', ...over })
    if (name === 'Sam')
      await sql`update agents set suspended_at = now() where agent_id = ${agentId}`.execute(it.owner)
    if (name !== 'Narrow')
      await sql`update agents set created_at = ${at} where agent_id = ${agentId}`.execute(it.owner)
  } // biome-ignore format: a list to read

  expect((await findFirstAdmin(it.db))?.agentId).toBe(ana.agentId)
  const told = await inWorkspace(it.db, ana.workspaceId, findWatchful)
  expect(told.map((one) => one.agentId)).toEqual([ana.agentId])
})
