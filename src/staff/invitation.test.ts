/** S-10: an invitation lets in whom it is for, once, for a week, and only while it still holds. */
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cookieOf, type TestApp, testApp } from '../../test/app.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { testKey } from '../../test/key.ts'
import { newId } from '../base/clock.ts'
import { findAll } from '../base/db.ts'
import { makePostOffice } from '../base/mail.ts'
import { colleagueRoutes } from './colleague.routes.ts'
import { invitationRoutes } from './invitation.routes.ts'
import { joiningRoutes } from './invitation-joining.routes.ts'
import { roleRoutes } from './role.routes.ts'

const monday = new Date('2026-11-02T09:00:00Z')
let at = monday
const now = () => at
const byHand = makePostOffice({ mail: null, rehearse: false, allow: [] })
const byMail = makePostOffice({ mail: null, rehearse: true, allow: [] })

let it: TestDb
let house: TestApp
let ana: { workspaceId: string; agentId: string; cookie: string }
beforeEach(async () => {
  at = monday
  it = await freshDb()
  house = await aHouse(byHand)
  const made = await aWorkspace(it.db)
  ana = { ...made, ...(await house.signIn(made)) }
})
afterEach(async () => {
  await house.app.close()
  await it[Symbol.asyncDispose]()
})
const aHouse = (postOffice: typeof byHand) =>
  testApp(it, {
    now,
    rooms: (mount, tools) => {
      invitationRoutes(mount, { postOffice, master: testKey, publicUrl: 'http://localhost:4000', now })
      joiningRoutes(mount, tools)
      roleRoutes(mount)
      colleagueRoutes(mount, { returnCases: async () => [], returnUnseen: async () => [] })
    },
  })

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
const ask = (method: Method, url: string, cookie = '', payload?: object) =>
  house.app.inject({ method, url, headers: { cookie }, ...(payload && { payload }) })
const kim = { email: 'Kim@acme.test', role: 'agent', sees: 'workspace', teamIds: [] as string[] }
const invite = (over: object = {}, cookie = ana.cookie) =>
  ask('POST', '/api/invitations', cookie, { ...kim, ...over })
const tokenOf = (answer: { json(): { link: string } }) => answer.json().link.split('#')[1]!
const join = (token: unknown, over: object = {}, cookie = '') =>
  ask('POST', '/api/invitation/account', cookie, {
    token,
    name: 'Kim Park',
    password: 'four random words here',
    ...over,
  })
const accept = (token: unknown, cookie: string) =>
  ask('POST', '/api/invitation/acceptance', cookie, { token })
const codeOf = (answer: { json(): { code?: string } }) => answer.json().code
const people = () =>
  findAll(it.owner, sql<{ email: string }>`select email from auth_users where email like 'kim%' order by 1`)
const colleagues = async () =>
  (await ask('GET', '/api/me', ana.cookie)).json().colleagues as { name: string }[]

/** Someone with an account and a place in a workspace of their own. */
async function aPerson(email: string) {
  const made = await aWorkspace(it.db, { name: 'Elsewhere' })
  const { cookie } = await house.signIn(made)
  await sql`update auth_users set email = ${email} where id = (select user_id from agents where agent_id = ${made.agentId})`.execute(
    it.owner,
  )
  return { ...made, cookie }
}

test('whoever holds the link learns what it is for, chooses a password and is in', async () => {
  const token = tokenOf(await invite())

  const look = await ask('POST', '/api/invitation', '', { token })
  const joined = await join(token)
  const me = await ask('GET', '/api/me', cookieOf(joined))

  expect(look.json()).toEqual({
    workspace: 'Acme care',
    email: 'kim@acme.test',
    role: 'agent',
    roleName: null,
    signedInAs: null,
  })
  expect(me.json()).toMatchObject({
    agent: { name: 'Kim Park', role: 'agent', email: 'kim@acme.test', teamIds: null },
    workspace: { name: 'Acme care' },
  })
  const left = (await ask('GET', '/api/invitations', ana.cookie)).json()
  expect(left).toEqual({ rows: [], next: null, byMail: false })
})

test('only a digest of the link is kept', async () => {
  const token = tokenOf(await invite())

  const kept = await findAll(it.owner, sql<{ row: string }>`select invitations::text as row from invitations`)
  const told = await findAll(it.owner, sql<{ row: string }>`select audit::text as row from audit`)

  expect(kept).toHaveLength(1)
  expect(JSON.stringify([kept, told])).not.toContain(token)
})

test('a link works once, also for two at the same moment', async () => {
  const token = tokenOf(await invite())

  const answers = await Promise.all([join(token), join(token), join(token)])
  const again = await join(token)

  expect(answers.map((answer) => answer.statusCode).sort()[0]).toBe(200)
  expect(answers.filter((answer) => answer.statusCode === 200)).toHaveLength(1)
  expect(codeOf(again)).toBe('invitation-void')
  expect(await people()).toHaveLength(1)
})

test.each([
  ['nothing', ''],
  ['null', null],
  ['a part of it', 'short'],
  ['an array', ['a'.repeat(43)]],
  ['a pattern', `${'_'.repeat(42)}%`],
])('%s is no link', async (_what, token) => {
  await invite()

  const answers = [
    await join(token),
    await accept(token, ana.cookie),
    await ask('POST', '/api/invitation', '', { token }),
  ]

  expect(answers.map((answer) => answer.statusCode)).toEqual([400, 400, 400])
})

test('a link that was cut short opens nothing', async () => {
  const token = tokenOf(await invite())

  expect((await join(token.slice(0, -1))).statusCode).toBe(400)
  expect(codeOf(await join(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`))).toBe(
    'invitation-void',
  )
  expect(await people()).toEqual([])
})

type Meanwhile = (invitationId: string) => Promise<unknown>
const meanwhile: [string, Meanwhile][] = [
  ['a week passed', async () => { at = new Date(monday.getTime() + 7 * 86_400_000) }],
  ['it was taken back', (id) => ask('DELETE', `/api/invitations/${id}`, ana.cookie)],
  ['it was sent again', (id) => ask('POST', `/api/invitations/${id}/link`, ana.cookie)],
  ['the address was invited anew', () => invite()],
  ['who invited was suspended', () => sql`update agents set suspended_at = now() where agent_id = ${ana.agentId}`.execute(it.owner)],
  ['who invited may not any more', () => sql`update agents set role = 'lead' where agent_id = ${ana.agentId}`.execute(it.owner)],
] // biome-ignore format: a list to read
test.each(meanwhile)('%s: the link is worthless, and nobody learns why', async (_what, happens) => {
  const made = await invite()
  await happens(made.json().invitationId)

  const answers = [
    await join(tokenOf(made)),
    await ask('POST', '/api/invitation', '', { token: tokenOf(made) }),
  ]

  expect(answers.map(codeOf)).toEqual(['invitation-void', 'invitation-void'])
  expect(await people()).toEqual([])
})

test('a role that was deleted meanwhile lets nobody in', async () => {
  const role = await ask('POST', '/api/roles', ana.cookie, { name: 'Night', copyOf: 'agent' })
  const { roleId } = role.json()
  const token = tokenOf(await invite({ role: roleId }))
  const before = await ask('POST', '/api/invitation', '', { token })
  await ask('DELETE', `/api/roles/${roleId}`, ana.cookie)

  expect(before.json()).toMatchObject({ role: 'custom', roleName: 'Night' })
  expect(codeOf(await join(token))).toBe('invitation-void')
})

test('an address that has an account never gets a second one, and is not linked without its password', async () => {
  const person = await aPerson('kim@acme.test')
  const token = tokenOf(await invite())

  const asNew = await join(token)
  const asThemselves = await accept(token, person.cookie)
  const me = (await ask('GET', '/api/me', person.cookie)).json()

  expect([asNew.statusCode, codeOf(asNew)]).toEqual([409, 'address-has-account'])
  expect(asThemselves.statusCode).toBe(200)
  expect(me.workspace.name).toBe('Acme care')
  expect(me.workspaces.map((place: { name: string }) => place.name).sort()).toEqual([
    'Acme care',
    'Elsewhere',
  ])
  expect(await people()).toHaveLength(1)
})

test('an account that works nowhere at the moment can still accept', async () => {
  const person = await aPerson('kim@acme.test')
  await sql`update agents set suspended_at = now() where agent_id = ${person.agentId}`.execute(it.owner)
  const token = tokenOf(await invite())

  expect((await accept(token, person.cookie)).statusCode).toBe(200)
  expect((await ask('GET', '/api/me', person.cookie)).json().workspace.name).toBe('Acme care')
})

test('somebody else who is signed in cannot accept it, in either way', async () => {
  const other = await aPerson('eve@elsewhere.test')
  const token = tokenOf(await invite())

  const look = await ask('POST', '/api/invitation', other.cookie, { token })
  const answers = [await accept(token, other.cookie), await join(token, {}, other.cookie)]

  expect(look.json().signedInAs).toEqual({ name: 'Ana Ruiz', email: 'eve@elsewhere.test' })
  expect(answers.map(codeOf)).toEqual(['invited-another', 'invited-another'])
  expect(codeOf(await accept(token, ''))).toBe('not-signed-in')
  expect(await colleagues()).toHaveLength(1)
})

test('a session of another workspace’s single sign-on cannot carry it away', async () => {
  const person = await aPerson('kim@acme.test')
  await sql`update auth_sessions set "onlyWorkspaceId" = ${person.workspaceId}
    where "userId" = (select id from auth_users where email = 'kim@acme.test')`.execute(it.owner)
  const token = tokenOf(await invite())

  expect(codeOf(await accept(token, person.cookie))).toBe('only-this-workspace')
})

test('a session of single sign-on is called what its workspace calls it, and learns no other address', async () => {
  const known = await aPerson('kim@acme.test')
  await sql`update auth_sessions set "onlyWorkspaceId" = ${known.workspaceId}
    where "userId" = (select id from auth_users where email = 'kim@acme.test')`.execute(it.owner)
  const [right, wrong] = [tokenOf(await invite()), tokenOf(await invite({ email: 'lee@acme.test' }))]

  const looked = await ask('POST', '/api/invitation', known.cookie, { token: right })
  const accepted = [await accept(right, known.cookie), await accept(wrong, known.cookie)]

  expect(looked.json().signedInAs).toBeTruthy()
  expect(JSON.stringify(looked.json().signedInAs)).not.toContain('kim@acme.test')
  expect(accepted.map(codeOf)).toEqual(['only-this-workspace', 'only-this-workspace'])
})

test('who works here already is not invited, whether or not they are suspended', async () => {
  await join(tokenOf(await invite()))

  const again = await invite({ email: 'KIM@acme.test' })
  await sql`update agents set suspended_at = now() where email = 'kim@acme.test'`.execute(it.owner)

  expect(codeOf(again)).toBe('agent-known')
  expect(codeOf(await invite())).toBe('agent-known')
})

test('nobody invites into more than they have themselves, or into what is not here', async () => {
  const stranger = await aWorkspace(it.db)
  const roleId = newId()
  await sql`insert into roles (workspace_id, role_id, name, may, copied_from)
    values (${ana.workspaceId}, ${roleId}, 'Inviter', '{cases.read,agents.change}', 'viewer')`.execute(
    it.owner,
  )
  await sql`insert into teams (workspace_id, name) values (${stranger.workspaceId}, 'Theirs')`.execute(
    it.owner,
  )
  const theirTeam = (await findAll(it.owner, sql<{ teamId: string }>`select team_id from teams`))[0]!.teamId
  const inviter = cookieOf(await join(tokenOf(await invite({ role: roleId }))))

  const answers = [
    await invite({ email: 'lee@acme.test', role: 'admin' }, inviter),
    await invite({ email: 'lee@acme.test', role: newId() }, inviter),
    await invite({ email: 'lee@acme.test', teamIds: [theirTeam] }),
    await invite({ email: 'lee@acme.test', role: 'owner' }),
  ]

  expect(answers.map(codeOf)).toEqual(['beyond-yours', 'not-found', 'not-found', 'bad-input'])
  expect((await invite({ email: 'lee@acme.test', role: roleId }, inviter)).statusCode).toBe(200)
})

test('with a mail server the link goes out by mail alone, three times an hour and address', async () => {
  await house.app.close()
  house = await aHouse(byMail)
  const { cookie } = await house.signIn(ana)

  const first = await invite({}, cookie)
  const { invitationId } = first.json()
  const again = [1, 2, 3].map(() => ask('POST', `/api/invitations/${invitationId}/link`, cookie))
  const codes = (await Promise.all(again)).map((answer) => answer.statusCode).sort()

  expect(first.json()).toEqual({ invitationId, link: null })
  expect(codes).toEqual([200, 200, 429])
  expect((await ask('GET', '/api/invitations', cookie)).json()).toMatchObject({
    byMail: true,
    rows: [{ email: 'kim@acme.test', mailState: 'waiting', invitedBy: ana.agentId }],
  })
})
