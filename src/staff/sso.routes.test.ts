import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { followTo, type OidcServer, startOidc } from '../../test/oidc-server.ts'
import { anSsoHouse, home, type Over } from '../../test/sso-house.ts'

const robin = { sub: 'robin', email: 'robin@acme.test', email_verified: true, name: 'Robin Doe' }
let it: TestDb
let idp: OidcServer
beforeAll(async () => {
  it = await freshDb()
  idp = await startOidc([`${home}/api/sso/callback`])
})
beforeEach(() => {
  idp.account = robin
})
let clock = 0
afterEach(() => {
  clock = 0
})
afterAll(async () => {
  await idp[Symbol.asyncDispose]()
  await it[Symbol.asyncDispose]()
})

const aHouse = (over: Over = {}) => anSsoHouse(it, idp, { ...over, now: () => new Date(Date.now() + clock) })

test('an agent comes in by the provider of the workspace, as who they are there', async () => {
  const { agent, signInByProvider, me } = await aHouse()
  const agentId = await agent('robin@acme.test')

  const { location, cookie } = await signInByProvider()

  expect(location).toBe('/')
  expect((await me(cookie)).json().agent.agentId).toBe(agentId)
})

test('such a session enters this workspace and no other, however one asks', async () => {
  const { agent, signInByProvider, me } = await aHouse()
  const agentId = await agent('robin@acme.test')
  const elsewhere = await aWorkspace(it.db)
  await sql`update agents set user_id = ${`user-${agentId}`} where agent_id = ${elsewhere.agentId}`.execute(
    it.owner,
  )

  const { cookie } = await signInByProvider()
  await sql`update auth_sessions set "workspaceId" = ${elsewhere.workspaceId}`.execute(it.owner)
  await sql`update agents set suspended_at = now() where agent_id = ${agentId}`.execute(it.owner)

  expect((await me(cookie)).statusCode).toBe(401)
})

test('a newcomer of the provider’s domain gets the role for newcomers, and an account of the provider’s alone', async () => {
  const { signInByProvider, me } = await aHouse({ newcomerRole: 'viewer' })
  idp.account = { ...robin, sub: 'nina', email: 'nina@acme.test', name: 'Nina Lund' }

  const { cookie } = await signInByProvider()
  const again = await signInByProvider()

  expect((await me(cookie)).json().agent).toMatchObject({ name: 'Nina Lund', role: 'viewer' })
  expect((await me(again.cookie)).json().agent.agentId).toBe((await me(cookie)).json().agent.agentId)
  const squatted = await sql`select 1 from auth_users where email = 'nina@acme.test'`.execute(it.owner)
  expect(squatted.rows).toEqual([])
})

test.each([
  ['an unverified address', { ...robin, email_verified: false }, 'sso-unverified'],
  [
    'an address of another domain',
    { ...robin, sub: 'eve', email: 'robin@elsewhere.test' },
    'sso-other-domain',
  ],
  ['whom nobody invited', { ...robin, sub: 'kim', email: 'kim@acme.test' }, 'sso-not-invited'],
])('%s stays outside', async (_what, account, why) => {
  const { agent, signInByProvider } = await aHouse()
  await agent('robin@acme.test')
  idp.account = account

  const { location, cookie } = await signInByProvider()

  expect(location).toBe(`/sign-in?problem=${why}`)
  expect(cookie).toBe('')
})

test('another browser cannot come back for the one that began, and the one that began still can (S-28)', async () => {
  const { agent, begin, comeBack } = await aHouse()
  await agent('robin@acme.test')
  const { url, cookie } = await begin()
  const other = await begin()
  const back = await followTo(url, home)

  expect((await comeBack(back, '')).location).toBe('/sign-in?problem=sso-expired')
  expect((await comeBack(back, other.cookie)).location).toBe('/sign-in?problem=sso-expired')
  expect((await comeBack(back, cookie)).location).toBe('/')
})

test('an answer is used once, and not after ten minutes', async () => {
  const { agent, begin, comeBack } = await aHouse()
  await agent('robin@acme.test')
  const first = await begin()
  const back = await followTo(first.url, home)
  await comeBack(back, first.cookie)
  expect((await comeBack(back, first.cookie)).location).toBe('/sign-in?problem=sso-expired')

  const late = await begin()
  const lateBack = await followTo(late.url, home)
  clock = 11 * 60_000
  expect((await comeBack(lateBack, late.cookie)).location).toBe('/sign-in?problem=sso-expired')
})

test('state, PKCE and nonce are asked for, and an answer with another state, code or issuer is refused', async () => {
  const { agent, begin, comeBack } = await aHouse()
  await agent('robin@acme.test')
  const asked = new URL((await begin()).url).searchParams
  expect(asked.get('code_challenge_method')).toBe('S256')
  expect(asked.get('nonce')).toMatch(/^.{20,}$/)
  expect(asked.get('state')).toMatch(/^.{20,}$/)

  for (const [name, value] of [
    ['state', 'another'],
    ['code', 'guessed'],
    ['iss', 'https://elsewhere.test'],
  ] as const) {
    const { url, cookie } = await begin()
    const back = new URL(await followTo(url, home))
    back.searchParams.set(name, value)
    const { location, cookie: after } = await comeBack(back.href, cookie)
    expect({ name, location, after }).toMatchObject({
      location: expect.stringMatching(/problem=sso-(expired|failed)/),
      after: '',
    })
  }
})

test('an answer of one provider is not taken by another', async () => {
  const one = await aHouse()
  const two = await aHouse()
  await one.agent('robin@acme.test')
  await two.agent('robin@acme.test')
  const beginOne = await one.begin()
  const beginTwo = await two.begin()
  const backOne = new URL(await followTo(beginOne.url, home))
  const mixed = new URL(await followTo(beginTwo.url, home))
  mixed.searchParams.set('code', backOne.searchParams.get('code')!)

  expect((await two.comeBack(mixed.href, beginTwo.cookie)).location).toBe('/sign-in?problem=sso-failed')
})

test('whoever calls it off at the provider is told so', async () => {
  const { begin, comeBack } = await aHouse()
  const { url, cookie } = await begin()
  const state = new URL(url).searchParams.get('state')!

  const { location } = await comeBack(`${home}/api/sso/callback?error=access_denied&state=${state}`, cookie)

  expect(location).toBe('/sign-in?problem=sso-denied')
})

test('a provider is asked before it is kept: private addresses and other pages are refused (S-16)', async () => {
  const { app, admin, form } = await aHouse()
  const add = async (issuer: string) =>
    (
      await app.inject({
        method: 'POST',
        url: '/api/sso-providers',
        headers: admin,
        payload: { ...form, issuer },
      })
    ).json().code

  expect(await add('http://127.0.0.1:9')).toBe('sso-provider-unreachable')
  expect(await add('https://169.254.169.254')).toBe('sso-provider-unreachable')
  expect(await add(`${idp.issuer}/elsewhere`)).toBe('sso-provider-unreachable')
  expect(await add('javascript:alert(1)')).toBe('bad-input')
})

test('the secret goes in and never comes out, and lies sealed', async () => {
  const { app, admin, added, form } = await aHouse()

  const list = await app.inject({ url: '/api/sso-providers', headers: admin })
  const rows = await sql<{ row: string }>`select p::text as row from sso_providers p`.execute(it.owner)

  expect(added.body + list.body).not.toContain(form.clientSecret)
  expect(rows.rows.map((it) => it.row).join()).not.toContain(form.clientSecret)
})

test('removing a provider ends the sessions that came in by it', async () => {
  const { app, admin, agent, signInByProvider, me, providerId } = await aHouse()
  await agent('robin@acme.test')
  const { cookie } = await signInByProvider()

  await app.inject({ method: 'DELETE', url: `/api/sso-providers/${providerId}`, headers: admin })

  expect((await me(cookie)).statusCode).toBe(401)
  expect((await app.inject({ method: 'POST', url: `/api/sso/${providerId}` })).json().code).toBe('not-found')
})
