/** Helping a colleague back in: by mail or by hand, never into another workspace, never beyond one's own rights. */
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testApp } from '../../test/app.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { testKey } from '../../test/key.ts'
import { newId } from '../base/clock.ts'
import { findAll } from '../base/db.ts'
import { makePostOffice } from '../base/mail.ts'
import { colleagueAccountRoutes } from './colleague-account.routes.ts'

let it: TestDb
let at: number
beforeEach(async () => {
  it = await freshDb()
  at = 0
})
afterEach(() => it[Symbol.asyncDispose]())

async function aHouse(mail: 'rehearsal' | 'none') {
  const told: string[] = []
  const now = () => new Date(Date.now() + at)
  const house = await testApp(it, {
    now,
    rooms: (mount, { sessions }) =>
      colleagueAccountRoutes(mount, {
        sessions,
        master: testKey,
        publicUrl: 'http://localhost:4000',
        postOffice: makePostOffice({ mail: null, rehearse: mail === 'rehearsal', allow: [] }),
        tellPerson: async (_tx, { news }) => void told.push(news),
      }),
  })
  const made = await aWorkspace(it.db)
  const ana = { ...made, ...(await house.signIn(made)) }
  type Method = 'POST' | 'PUT' | 'DELETE'
  const ask = (method: Method, of: string, what: string, payload?: object, cookie = ana.cookie) =>
    house.app.inject({
      method,
      url: `/api/agents/${of}/${what}`,
      headers: { cookie },
      ...(payload && { payload }),
    })
  return { ...house, ana, ask, told, [Symbol.asyncDispose]: () => house.app.close() }
}
type House = Awaited<ReturnType<typeof aHouse>>

/** With a password, a second factor and a session. */
async function kimIn({ ana, signIn }: House, role = 'agent') {
  const agentId = newId()
  const userId = `user-${agentId}`
  await addAgent(ana.workspaceId, agentId, userId, role)
  const { cookie } = await signIn({ agentId })
  for (const change of [
    sql`insert into auth_accounts (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
      values (${newId()}, ${userId}, 'credential', ${userId}, 'a hash', now(), now())`,
    sql`update auth_users set "twoFactorEnabled" = true where id = ${userId}`,
    sql`insert into auth_two_factors (id, secret, "backupCodes", "userId", verified)
      values (${newId()}, 'sealed', 'sealed', ${userId}, true)`,
  ])
    await change.execute(it.owner)
  return { agentId, userId, cookie }
}
const addAgent = (workspaceId: string, agentId: string, userId: string, role: string) =>
  sql`insert into agents (workspace_id, agent_id, user_id, name, email, role)
    values (${workspaceId}, ${agentId}, ${userId}, 'Kim Nair', 'kim@acme.test', ${role})`.execute(it.owner)
const codeOf = (answer: { json(): { code?: string } }) => answer.json().code
const acts = async () =>
  (await findAll(it.owner, sql<{ act: string }>`select act from audit order by audit_id`)).map(
    (row) => row.act,
  )

test('without a mail server a reset link is shown to who just said who they are, and it is logged without it', async () => {
  await using house = await aHouse('none')
  const kim = await kimIn(house)

  const answer = await house.ask('POST', kim.agentId, 'reset-link')
  at = 11 * 60_000
  const late = await house.ask('POST', kim.agentId, 'reset-link')

  expect(answer.json().link).toMatch(/^http:\/\/localhost:4000\/reset#[\w-]{43}$/)
  expect(codeOf(late)).toBe('confirm-first')
  expect(await acts()).toEqual(['agent.reset-link-made'])
  const [row] = await findAll(it.owner, sql<{ text: string }>`select audit::text as text from audit`)
  expect(row!.text).not.toContain(answer.json().link.split('#')[1])
})

test('with a mail server nobody sees the link, and it goes out at most three times an hour', async () => {
  await using house = await aHouse('rehearsal')
  const kim = await kimIn(house)

  const answers = []
  for (let n = 0; n < 4; n++) answers.push(await house.ask('POST', kim.agentId, 'reset-link'))

  expect(answers.map((one) => one.statusCode)).toEqual([200, 200, 200, 429])
  expect(answers[0]!.json()).toEqual({ link: null })
})

test('a lost second factor is turned off by an admin, told by mail, and not where it opens another workspace', async () => {
  await using house = await aHouse('none')
  const [kim, both] = [await kimIn(house), await kimIn(house)]
  const elsewhere = await aWorkspace(it.db, { name: 'Elsewhere' })
  await addAgent(elsewhere.workspaceId, newId(), both.userId, 'agent')

  const off = await house.ask('DELETE', kim.agentId, 'second-factor')
  const twice = await house.ask('DELETE', kim.agentId, 'second-factor')
  const ofBoth = await house.ask('DELETE', both.agentId, 'second-factor')
  const linkOfBoth = await house.ask('POST', both.agentId, 'reset-link')
  const own = await house.ask('DELETE', house.ana.agentId, 'second-factor')
  at = 11 * 60_000
  const late = await house.ask('DELETE', both.agentId, 'second-factor')
  const left = await findAll(
    it.owner,
    sql<{ userId: string }>`select "userId" as user_id from auth_two_factors`,
  )

  expect(off.statusCode, off.body).toBe(200)
  expect(codeOf(twice)).toBe('not-found')
  expect([ofBoth, linkOfBoth].map(codeOf)).toEqual(['works-elsewhere', 'works-elsewhere'])
  expect(codeOf(own)).toBe('not-yourself')
  expect(codeOf(late)).toBe('confirm-first')
  expect(left).toEqual([{ userId: both.userId }])
  expect(house.told).toEqual(['second-factor-off-by-admin'])
  expect(await acts()).toEqual(['agent.second-factor-off'])
})

test('they are signed out everywhere at once, and their name is corrected', async () => {
  await using house = await aHouse('none')
  const kim = await kimIn(house)
  const isIn = async () =>
    (await house.app.inject({ url: '/api/me', headers: { cookie: kim.cookie } })).statusCode === 200
  const before = await isIn()

  const renamed = await house.ask('PUT', kim.agentId, 'name', { name: 'Kim Nairn' })
  const out = await house.ask('DELETE', kim.agentId, 'sessions')

  expect(before).toBe(true)
  expect(renamed.statusCode).toBe(200)
  expect(out.json()).toEqual({ ended: 1 })
  expect(await isIn()).toBe(false)
  expect(await acts()).toEqual(['agent.name-corrected', 'agent.signed-out'])
})

test('whoever may do more is not helped by who may do less', async () => {
  await using house = await aHouse('none')
  const { workspaceId } = house.ana
  const roleId = newId()
  await sql`insert into roles (workspace_id, role_id, name, may, copied_from)
    values (${workspaceId}, ${roleId}, 'Helper', ${['cases.read', 'agents.change']}, 'viewer')`.execute(
    it.owner,
  )
  const helper = await kimIn(house)
  await sql`update agents set role = 'custom', role_id = ${roleId} where agent_id = ${helper.agentId}`.execute(
    it.owner,
  )
  const kim = await kimIn(house)

  const answers = [
    await house.ask('POST', kim.agentId, 'reset-link', undefined, helper.cookie),
    await house.ask('DELETE', kim.agentId, 'second-factor', undefined, helper.cookie),
    await house.ask('DELETE', kim.agentId, 'sessions', undefined, helper.cookie),
    await house.ask('PUT', kim.agentId, 'name', { name: 'Nobody' }, helper.cookie),
  ]

  expect(answers.map(codeOf)).toEqual(Array(4).fill('beyond-yours'))
})
