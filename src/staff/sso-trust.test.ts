/** Whoever sets a provider says who comes in as whom: who may set one, what it is told, and whom it speaks for. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { createServer } from 'node:http'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { freshDb, type TestDb } from '../../test/db.ts'
import { type OidcServer, startOidc } from '../../test/oidc-server.ts'
import { anSsoHouse, home } from '../../test/sso-house.ts'
import { newId } from '../base/clock.ts'
import { freePort } from '../base/embedded-postgres.ts'
import { permissions } from './permissions.ts'

let it: TestDb
let idp: OidcServer
beforeAll(async () => {
  it = await freshDb()
  idp = await startOidc([`${home}/api/sso/callback`])
})
afterAll(async () => {
  await idp[Symbol.asyncDispose]()
  await it[Symbol.asyncDispose]()
})
const codeOf = (answer: { json(): { code?: string } }) => answer.json().code

type House = Awaited<ReturnType<typeof anSsoHouse>>
/** Adding, changing and removing a provider, as somebody. */
const setting = async ({ call, form, providerId }: House, headers: Record<string, string>) => [
  await call('POST /api/sso-providers', headers, form),
  await call(`PUT /api/sso-providers/${providerId}`, headers, form),
  await call(`DELETE /api/sso-providers/${providerId}`, headers),
]

async function aCustom({ workspaceId, signIn }: House, may: readonly string[], sees = 'workspace') {
  const [roleId, agentId] = [newId(), newId()]
  await sql`insert into roles (workspace_id, role_id, name, may, copied_from)
    values (${workspaceId}, ${roleId}, ${roleId}, ${[...may]}::text[], 'viewer')`.execute(it.owner)
  await sql`insert into agents (workspace_id, agent_id, user_id, name, email, role, role_id, sees)
    values (${workspaceId}, ${agentId}, ${`u-${agentId}`}, 'It', ${`${agentId}@acme.test`}, 'custom', ${roleId}, ${sees})`.execute(
    it.owner,
  )
  return signIn({ agentId })
}

test('an API key sets no provider, whatever it may do', async () => {
  const house = await anSsoHouse(it, idp)
  const made = await house.call('POST /api/keys', house.admin, { name: 'all', may: permissions })
  const answers = await setting(house, { authorization: `Bearer ${made.json().key}` })

  expect(answers.map(codeOf)).toEqual(['session-only', 'session-only', 'session-only'])
})

test('who could not make an admin makes none by way of a provider', async () => {
  const house = await anSsoHouse(it, idp)
  const narrow = await aCustom(house, ['sign-on.change'])
  const most = await aCustom(
    house,
    permissions.filter((one) => one !== 'data.export'),
  )
  const ofTeams = await aCustom(house, permissions, 'teams')

  for (const headers of [narrow, most])
    expect((await setting(house, headers)).map(codeOf)).toEqual(Array(3).fill('beyond-yours'))
  expect((await setting(house, ofTeams)).map((one) => one.statusCode)).toEqual([403, 403, 403])
  expect((await setting(house, await aCustom(house, permissions))).map((one) => one.statusCode)).toEqual([
    200, 200, 200,
  ])
})

test('an admin sets a provider just after signing in, and not through a provider', async () => {
  let later = 0
  const house = await anSsoHouse(it, idp, { now: () => new Date(Date.now() + later) })
  await house.agent('robin@acme.test', 'admin')
  const { cookie } = await house.signInByProvider()
  const bound = await setting(house, { cookie })
  later = 10 * 60_000
  const late = await setting(house, house.admin)

  expect(bound.map(codeOf)).toEqual(Array(3).fill('not-by-single-sign-on'))
  expect(late.map(codeOf)).toEqual(Array(3).fill('confirm-first'))
})

test('an admin comes in by the provider that an admin set', async () => {
  const house = await anSsoHouse(it, idp)
  await house.agent('robin@acme.test', 'admin')

  const { cookie } = await house.signInByProvider()

  expect((await house.me(cookie)).json().agent.role).toBe('admin')
})

test('another issuer is never told the secret of the one before, and ends who came in by that', async () => {
  const told: string[] = []
  const evil = await aForger({ onToken: (said) => void told.push(said) })
  const house = await anSsoHouse(it, idp, { places: [evil.place] })
  await house.agent('robin@acme.test')
  const { cookie } = await house.signInByProvider()
  const { clientSecret: _, ...form } = { ...house.form, issuer: evil.issuer }
  const url = `PUT /api/sso-providers/${house.providerId}` as const

  const without = await house.call(url, house.admin, form)
  const stillThere = await house.me(cookie)
  const same = await house.call(url, house.admin, { ...form, issuer: idp.issuer })
  const withIts = await house.call(url, house.admin, { ...form, clientSecret: 'of the new one' })
  const begun = await house.begin()
  const state = new URL(begun.url).searchParams.get('state')
  await house.comeBack(`${home}/api/sso/callback?state=${state}&code=x`, begun.cookie)

  expect([codeOf(without), stillThere.statusCode]).toEqual(['sso-secret-needed', 200])
  expect([same.statusCode, withIts.statusCode, (await house.me(cookie)).statusCode]).toEqual([200, 200, 401])
  expect(told).toHaveLength(1)
  expect(decodeURIComponent(Buffer.from(told[0]!.slice(6), 'base64').toString())).not.toContain(
    house.form.clientSecret,
  )
})

test.each([
  ['its own key', false],
  ['a key that the provider does not publish', true],
])('of a token signed by %s only the right one lets in', async (_by, forged) => {
  const forger = await aForger({ forged })
  const house = await anSsoHouse(it, forger)
  await house.agent('robin@acme.test')

  const begun = await house.begin()
  const asked = new URL(begun.url).searchParams
  forger.nonce = asked.get('nonce')!
  const back = `${home}/api/sso/callback?state=${asked.get('state')}&code=x`
  const { location } = await house.comeBack(back, begun.cookie)

  expect(location).toBe(forged ? '/sign-in?problem=sso-failed' : '/')
})

test('a colleague of an imported workspace comes in by the provider as who they were there', async () => {
  const house = await anSsoHouse(it, idp)
  const imported = newId()
  await sql`insert into agents (workspace_id, agent_id, user_id, name, email, role)
    values (${house.workspaceId}, ${imported}, ${`imported:${imported}`}, 'Robin', 'robin@acme.test', 'lead')`.execute(
    it.owner,
  )

  const [first, again] = [await house.signInByProvider(), await house.signInByProvider()]

  for (const { location, cookie } of [first, again]) {
    expect(location).toBe('/')
    expect((await house.me(cookie)).json().agent).toMatchObject({ agentId: imported, role: 'lead' })
  }
})

test('a colleague who was suspended before the import stays outside', async () => {
  const house = await anSsoHouse(it, idp, { newcomerRole: 'viewer' })
  const imported = newId()
  await sql`insert into agents (workspace_id, agent_id, user_id, name, email, role, suspended_at)
    values (${house.workspaceId}, ${imported}, ${`imported:${imported}`}, 'Robin', 'robin@acme.test', 'lead', now())`.execute(
    it.owner,
  )

  expect((await house.signInByProvider()).location).toBe('/sign-in?problem=sso-not-invited')
})

test('a session of single sign-on is told nothing of how else the person comes in', async () => {
  const house = await anSsoHouse(it, idp)
  const agentId = await house.agent('robin@acme.test')
  await sql`update auth_users set email = 'robin@private.test', "twoFactorEnabled" = true where id = ${`user-${agentId}`}`.execute(
    it.owner,
  )
  await sql`insert into auth_two_factors (id, "userId", secret, "backupCodes", verified)
    values (${agentId}, ${`user-${agentId}`}, 's', 's', true)`.execute(it.owner)
  await sql`insert into auth_passkeys (id, "userId", name, "publicKey", "credentialID", counter, "deviceType", "backedUp")
    values (${agentId}, ${`user-${agentId}`}, 'Telephone', '', ${agentId}, 0, 'singleDevice', false)`.execute(
    it.owner,
  )

  const { cookie } = await house.signInByProvider()
  const account = (await house.call('GET /api/account', { cookie })).json()

  expect(account).toMatchObject({
    email: 'robin@acme.test',
    hasPassword: false,
    mayChangeAccess: false,
    secondFactor: null,
    passkeys: [],
  })
})

/** A provider that says what it likes: the token is signed by its key, or by one that it does not publish. */
async function aForger({ forged = false, onToken }: { forged?: boolean; onToken?: (said: string) => void }) {
  const [published, hidden] = [0, 1].map(() => generateKeyPairSync('rsa', { modulusLength: 2048 }))
  const port = await freePort()
  const issuer = `http://localhost:${port}`
  const client = { clientId: 'evenhand', clientSecret: 'a secret of both' }
  const forger = { issuer, place: `localhost:${port}`, client, nonce: '' }
  const pages: Record<string, () => unknown> = {
    '/.well-known/openid-configuration': () => ({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    }),
    '/keys': () => ({
      keys: [{ ...published!.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }],
    }),
    '/token': () => ({ access_token: 'a', token_type: 'bearer', id_token: idToken() }),
  }
  function idToken(): string {
    const at = Math.floor(Date.now() / 1000)
    const who = { sub: 'robin', email: 'robin@acme.test', email_verified: true }
    const said = { iss: issuer, aud: client.clientId, iat: at, exp: at + 60, nonce: forger.nonce, ...who }
    const text = [{ alg: 'RS256', kid: 'one' }, said]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
    const { privateKey } = forged ? hidden! : published!
    return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`
  }
  const server = createServer((request, response) => {
    if (request.url === '/token') onToken?.(String(request.headers.authorization))
    const page = pages[request.url ?? '']
    response
      .writeHead(page ? 200 : 404, { 'content-type': 'application/json' })
      .end(JSON.stringify(page?.() ?? {}))
  })
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return forger
}
