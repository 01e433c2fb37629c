/** What can be made has an end, and says so: a list that stops somewhere would hide what is beyond. */
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { testKey } from '../../test/key.ts'
import { makePostOffice } from '../base/mail.ts'
import { absenceRoutes } from './absence.routes.ts'
import { invitationRoutes } from './invitation.routes.ts'
import { joiningRoutes } from './invitation-joining.routes.ts'
import { roleRoutes } from './role.routes.ts'
import { teamRoutes } from './team.routes.ts'
import { workspaceRoutes } from './workspace-switch.routes.ts'

const at = new Date('2040-11-18T10:00:00Z')
const now = () => at

let it: TestDb
let house: TestApp
type Admin = { workspaceId: string; agentId: string; cookie: string }
let first: Admin
let ana: Admin
beforeAll(async () => {
  it = await freshDb()
  const postOffice = makePostOffice({ mail: null, rehearse: false, allow: [] })
  house = await testApp(it, {
    now,
    rooms: (mount, tools) => {
      teamRoutes(mount, { returnUnseen: async () => [] })
      roleRoutes(mount)
      absenceRoutes(mount)
      workspaceRoutes(mount, tools)
      joiningRoutes(mount, tools)
      invitationRoutes(mount, { postOffice, master: testKey, publicUrl: 'http://localhost:4000', now })
    },
  })
})
beforeEach(async () => {
  const made = await aWorkspace(it.db)
  ana = { ...made, ...(await house.signIn(made)) }
  first ??= ana
})
afterAll(async () => {
  await house.app.close()
  await it[Symbol.asyncDispose]()
})

async function ask(method: 'GET' | 'POST', url: string, payload?: object, cookie = ana.cookie) {
  const answer = await house.app.inject({ method, url, headers: { cookie }, ...(payload && { payload }) })
  return { status: answer.statusCode, body: answer.json() }
}
/** All but one of them are there already. */
const fill = (query: ReturnType<typeof sql>) => query.execute(it.owner)
const colleagues = (count: number) =>
  fill(sql`insert into agents (workspace_id, user_id, name, email, role)
    select ${ana.workspaceId}, gen_random_uuid()::text, 'Kim ' || n, 'kim' || n || '@acme.test', 'agent'
    from generate_series(1, ${count}) n`)
const invite = (email: string) =>
  ask('POST', '/api/invitations', { email, role: 'agent', sees: 'workspace', teamIds: [] })

test('the last team is made once, also when two ask for it at the same moment', async () => {
  await fill(sql`insert into teams (workspace_id, name)
    select ${ana.workspaceId}, 'Team ' || n from generate_series(1, 199) n`)
  const make = (name: string) => ask('POST', '/api/teams', { name, needsApproval: false, memberIds: [] })

  const answers = await Promise.all([make('Repairs'), make('Returns')])

  expect(answers.map((it) => it.status).sort()).toEqual([200, 409])
  expect(answers.find((it) => it.status === 409)?.body.code).toBe('too-many-teams')
  expect((await ask('GET', '/api/teams')).body).toHaveLength(200)
  expect((await ask('GET', '/api/me')).body.teams).toHaveLength(200)
})

test('a workspace has a hundred roles of its own', async () => {
  await fill(sql`insert into roles (workspace_id, name, may, copied_from)
    select ${ana.workspaceId}, 'Role ' || n, '{}', 'agent' from generate_series(1, 99) n`)
  const copy = (name: string) => ask('POST', '/api/roles', { name, copyOf: 'agent' })

  expect((await copy('Night shift')).status).toBe(200)
  expect((await copy('Day shift')).body.code).toBe('too-many-roles')
  expect((await ask('GET', '/api/roles')).body).toHaveLength(100)
})

test('a workspace holds a thousand people, whoever was invited included', async () => {
  await colleagues(998)

  expect((await invite('pat@acme.test')).status).toBe(200)
  expect((await invite('sam@acme.test')).body.code).toBe('too-many-agents')
})

test('whoever opens their invitation after the last place was taken stays outside', async () => {
  const { body } = await invite('pat@acme.test')
  await colleagues(999)
  const token = body.link.split('#')[1]

  const joined = await ask(
    'POST',
    '/api/invitation/account',
    { token, name: 'Pat', password: 'four random words here' },
    '',
  )

  expect(joined.body.code).toBe('too-many-agents')
  expect((await ask('GET', '/api/me')).body.colleagues).toHaveLength(1_000)
})

test('of more people than are shown, one is among them oneself, and who works here before who did', async () => {
  await colleagues(1_001)
  await fill(
    sql`update agents set suspended_at = ${at} where workspace_id = ${ana.workspaceId} and name in ('Kim 1', 'Kim 2')`,
  )

  const me = (await ask('GET', '/api/me')).body

  expect(me.colleagues).toHaveLength(1_000)
  expect(me.agent.agentId).toBe(ana.agentId)
  expect(me.colleagues.filter((it: { suspendedAt: string | null }) => it.suspendedAt)).toEqual([])
})

test('fifty absences to come are enough; what is over does not count', async () => {
  await fill(sql`insert into absences (workspace_id, agent_id, starts_at, ends_at, note, noted_by, noted_at)
    select ${ana.workspaceId}, ${ana.agentId}, ${at}::timestamptz + n * interval '1 day',
      ${at}::timestamptz + n * interval '1 day' + interval '1 hour', '', ${ana.agentId}, ${at}
    from generate_series(-9, 49) n where n <> 0`)
  const note = (day: number) =>
    ask('POST', '/api/absences', {
      agentId: ana.agentId,
      startsAt: `2041-03-0${day}T10:00:00.000Z`,
      endsAt: `2041-03-0${day}T12:00:00.000Z`,
      note: '',
      deputyId: null,
    })

  expect((await note(1)).status).toBe(200)
  expect((await note(2)).body.code).toBe('too-many-absences')
})

test('an installation has two hundred workspaces', async () => {
  await fill(sql`insert into workspaces (name, brand, time_zone)
    select 'Care ' || n, 'Acme', 'Europe/Madrid'
    from generate_series(1, 199 - (select count(*)::int from workspaces)) n`)
  const make = () =>
    ask(
      'POST',
      '/api/workspaces',
      { name: 'One more', brand: 'Acme', timeZone: 'Europe/Madrid' },
      first.cookie,
    )

  expect((await make()).status).toBe(200)
  expect((await make()).body.code).toBe('too-many-workspaces')
})
