/** Passkeys: made by who is here, used by who holds them, and by nobody else. */
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aHouseOf, ana, type Browser, home, turnOnCodes } from '../../test/account.ts'
import { type Lie, makeAuthenticator } from '../../test/authenticator.ts'
import { freshDb, type TestDb } from '../../test/db.ts'
import { findAll } from '../base/db.ts'

let it: TestDb
let at: number
let fails: boolean
let place: Awaited<ReturnType<typeof aHouseOf>>
beforeEach(async () => {
  it = await freshDb()
  at = 0
  fails = false
  place = await aHouseOf(it, {
    now: () => new Date(Date.now() + at),
    onTell: () => {
      if (fails) throw new Error('killed here')
    },
  })
})
afterEach(async () => {
  await place.house.app.close()
  await it[Symbol.asyncDispose]()
})

type Authenticator = ReturnType<typeof makeAuthenticator>

async function add(authenticator: Authenticator, lie: Lie = {}, browser: Browser = place.first) {
  const asked = (await browser.call('PUT /api/account/passkeys/challenge')).body
  return browser.call('POST /api/account/passkeys', {
    name: 'Telephone',
    signed: authenticator.make(asked, lie),
  })
}
async function enter(authenticator: Authenticator, lie: Lie = {}, browser: Browser = place.browser()) {
  const asked = (await browser.call('POST /api/session/passkey/challenge')).body
  return browser.call('POST /api/session/passkey', { signed: authenticator.use(asked, lie) })
}

test('a passkey lets its holder in, without a password and without a code', async () => {
  const telephone = makeAuthenticator(home)
  const added = await add(telephone)
  await turnOnCodes(place.first)

  const browser = place.browser()
  const answer = await enter(telephone, {}, browser)

  expect(added.status).toBe(200)
  expect(answer.body).toEqual({ done: true })
  expect(await browser.isInside()).toBe(true)
  expect((await browser.call('GET /api/account/sessions')).body.rows[0].signedInBy).toBe('passkey')
  expect((await browser.call('GET /api/account')).body.passkeys).toMatchObject([
    { name: 'Telephone', isSynced: false, lastUsedAt: expect.any(String), madeAt: expect.any(String) },
  ])
  expect(place.told).toEqual(['passkey-added', 'second-factor-on'])
})

test('the browser is asked for a holder who is verified, and for a key that can be found without a name', async () => {
  const made = (await place.first.call('PUT /api/account/passkeys/challenge')).body.options
  const used = (await place.browser().call('POST /api/session/passkey/challenge')).body.options

  expect(made.authenticatorSelection).toMatchObject({ residentKey: 'required', userVerification: 'required' })
  expect(made.rp).toEqual({ id: 'localhost', name: 'Evenhand' })
  expect(used).toMatchObject({ rpId: 'localhost', userVerification: 'required' })
  expect(used.allowCredentials ?? []).toEqual([])
})

test.each<[string, Lie]>([
  ['without asking who holds it', { unverified: true }],
  ['for another site', { origin: 'https://evenhand.example' }],
  ['for another name', { rpId: 'evenhand.example' }],
  ['for another challenge', { challenge: 'bm90IG91cnM' }],
])('what was signed %s is refused, when it is made and when it is used', async (_how, lie) => {
  const [bad, good] = [makeAuthenticator(home), makeAuthenticator(home)]
  await add(good)

  const made = await add(bad, lie)
  const browser = place.browser()
  const used = await enter(good, lie, browser)

  expect([made.code, used.code]).toEqual(['passkey-refused', 'passkey-refused'])
  expect(await browser.isInside()).toBe(false)
  expect((await place.first.call('GET /api/account')).body.passkeys).toHaveLength(1)
})

test('a passkey that nobody knows is refused', async () => {
  expect((await enter(makeAuthenticator(home))).code).toBe('passkey-refused')
})

test('a challenge is used once, and only in the browser that asked for it', async () => {
  const telephone = makeAuthenticator(home)
  await add(telephone)
  const [mine, thief] = [place.browser(), place.browser()]
  const asked = (await mine.call('POST /api/session/passkey/challenge')).body
  const signed = telephone.use(asked)

  const withoutCookie = await thief.call('POST /api/session/passkey', { signed })
  await thief.call('POST /api/session/passkey/challenge')
  const withAnother = await thief.call('POST /api/session/passkey', { signed })
  const cookie = mine.jar.get('evenhand.passkey')!
  const first = await mine.call('POST /api/session/passkey', { signed })
  thief.jar.set('evenhand.passkey', cookie)
  const again = await thief.call('POST /api/session/passkey', { signed })

  expect([withoutCookie.code, withAnother.code]).toEqual(['start-again', 'passkey-refused'])
  expect([first.status, again.code]).toEqual([200, 'start-again'])
})

test('a challenge that ran out, or was for making one, lets nobody in', async () => {
  const telephone = makeAuthenticator(home)
  await add(telephone)
  const late = place.browser()
  const asked = (await late.call('POST /api/session/passkey/challenge')).body
  await sql`update auth_verifications set "expiresAt" = now() - interval '1 second'`.execute(it.owner)
  const ranOut = await late.call('POST /api/session/passkey', { signed: telephone.use(asked) })

  const { options } = (await place.first.call('PUT /api/account/passkeys/challenge')).body
  const signed = telephone.use({ options: { challenge: options.challenge, rpId: 'localhost' } })
  const forMaking = await place.first.call('POST /api/session/passkey', { signed })

  expect([ranOut.code, forMaking.code]).toEqual(['start-again', 'start-again'])
})

test('what somebody else was asked to sign makes no passkey of mine', async () => {
  const other = place.browser()
  await other.signIn()
  const asked = (await other.call('PUT /api/account/passkeys/challenge')).body

  const answer = await place.first.call('POST /api/account/passkeys', {
    name: 'Mine',
    signed: makeAuthenticator(home).make(asked),
  })

  expect(answer.code).toBe('start-again')
})

test('one and the same passkey is not added twice', async () => {
  const telephone = makeAuthenticator(home)
  await add(telephone)

  expect((await add(telephone)).code).toBe('passkey-refused')
})

test('a passkey is renamed and removed by its owner, and by nobody else', async () => {
  const telephone = makeAuthenticator(home)
  const { id } = (await add(telephone)).body
  await sql`insert into auth_users (id, name, email) values ('kim', 'Kim', 'kim@acme.test')`.execute(it.owner)
  await sql`insert into auth_passkeys (id, "userId", name, "publicKey", "credentialID", counter, "deviceType", "backedUp")
    values ('kims', 'kim', 'Kims', '', 'kims', 0, 'singleDevice', false)`.execute(it.owner)

  const renamed = await place.first.call(`PUT /api/account/passkeys/${id}`, { name: 'Old telephone' })
  const named = (await place.first.call('GET /api/account')).body.passkeys[0].name
  const removed = await place.first.call(`DELETE /api/account/passkeys/${id}`)
  const foreign = await Promise.all([
    place.first.call('PUT /api/account/passkeys/kims', { name: 'Mine' }),
    place.first.call('DELETE /api/account/passkeys/kims'),
  ])

  expect([renamed.status, named, removed.status]).toEqual([200, 'Old telephone', 200])
  expect(foreign.map((it) => it.code)).toEqual(['not-found', 'not-found'])
  expect((await enter(telephone)).code).toBe('passkey-refused')
  const kept = await findAll(it.owner, sql<{ name: string }>`select name from auth_passkeys`)
  expect(kept).toEqual([{ name: 'Kims' }])
  const acts = await findAll(
    it.owner,
    sql<{ act: string; onId: string }>`select act, on_id from audit
      where act like 'passkey%' order by at`,
  )
  expect(acts).toEqual([
    { act: 'passkey.added', onId: id },
    { act: 'passkey.renamed', onId: id },
    { act: 'passkey.removed', onId: id },
  ])
})

test('after ten minutes passkeys are changed only by who says again that it is them', async () => {
  const telephone = makeAuthenticator(home)
  const { id } = (await add(telephone)).body
  at = 10 * 60_000

  const late = [
    await place.first.call('PUT /api/account/passkeys/challenge'),
    await place.first.call(`DELETE /api/account/passkeys/${id}`),
  ]
  await place.first.call('PUT /api/account/confirmation', { password: ana.password })
  const now = await place.first.call(`DELETE /api/account/passkeys/${id}`)

  expect(late.map((it) => it.code)).toEqual(['confirm-first', 'confirm-first'])
  expect(now.status).toBe(200)
})

test('a person has fifty passkeys at most', async () => {
  await add(makeAuthenticator(home))
  await sql`insert into auth_passkeys (id, name, "publicKey", "userId", "credentialID", counter, "deviceType", "backedUp")
    select 'copy-' || n, name, "publicKey", "userId", "credentialID" || n, 0, "deviceType", "backedUp"
    from auth_passkeys, generate_series(1, 49) n`.execute(it.owner)

  const asked = await place.first.call('PUT /api/account/passkeys/challenge')

  expect(asked.body.code).toBe('too-many-passkeys')
  expect((await place.first.call('GET /api/account')).body.passkeys).toHaveLength(50)
})

test('a passkey without its row in the log and its letter is none', async () => {
  const telephone = makeAuthenticator(home)
  const asked = (await place.first.call('PUT /api/account/passkeys/challenge')).body
  const signed = telephone.make(asked)
  fails = true
  const killed = await place.first.call('POST /api/account/passkeys', { name: 'Telephone', signed })
  const kept = await findAll(it.owner, sql`select from auth_passkeys`)
  fails = false
  const again = await place.first.call('POST /api/account/passkeys', { name: 'Telephone', signed })

  expect([killed.status, kept, again.status]).toEqual([500, [], 200])
  expect((await enter(telephone)).status).toBe(200)
})

test('asked for twice at the same moment a passkey is made once, with one row in the log and one letter', async () => {
  const asked = (await place.first.call('PUT /api/account/passkeys/challenge')).body
  const payload = { name: 'Telephone', signed: makeAuthenticator(home).make(asked) }
  const headers = { cookie: place.first.cookie(), 'idempotency-key': 'one' }
  const post = () =>
    place.house.app.inject({ method: 'POST', url: '/api/account/passkeys', headers, payload })

  const answers = await Promise.all([post(), post(), post()])

  expect(answers.map((answer) => answer.statusCode)).toEqual([200, 200, 200])
  expect(new Set(answers.map((answer) => answer.json().id)).size).toBe(1)
  expect(await findAll(it.owner, sql`select from auth_passkeys`)).toHaveLength(1)
  expect(await findAll(it.owner, sql`select from audit where act = 'passkey.added'`)).toHaveLength(1)
  expect(place.told).toEqual(['passkey-added'])
})

test('what was signed once makes one passkey, also for two without a key of their own', async () => {
  const asked = (await place.first.call('PUT /api/account/passkeys/challenge')).body
  const payload = { name: 'Telephone', signed: makeAuthenticator(home).make(asked) }

  const answers = await Promise.all([1, 2].map(() => place.first.call('POST /api/account/passkeys', payload)))

  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 410])
  expect(await findAll(it.owner, sql`select from auth_passkeys`)).toHaveLength(1)
})
