/** A code beside the password: set up, asked for, used once. */
import { sql } from 'kysely'
import { Secret } from 'otpauth'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aHouseOf, ana, codeOf, turnOnCodes } from '../../test/account.ts'
import { freshDb, type TestDb } from '../../test/db.ts'
import { findAll } from '../base/db.ts'
import { base32, keyUri, makeRecoveryCodes, readRecoveryCode } from './second-factor.ts'

let it: TestDb
let at: number
let place: Awaited<ReturnType<typeof aHouseOf>>
beforeEach(async () => {
  it = await freshDb()
  at = 0
  place = await aHouseOf(it, { now: () => new Date(Date.now() + at) })
})
afterEach(async () => {
  await place.house.app.close()
  await it[Symbol.asyncDispose]()
})
const give = (code: string, kind: 'app' | 'recovery' = 'app') => ({ code, kind })

test('with a second factor a password alone opens nothing, and a code opens everything', async () => {
  const { secret, recoveryCodes } = await turnOnCodes(place.first)
  const phone = place.browser()

  const half = await phone.signIn()
  const between = await phone.isInside()
  const whole = await phone.call('POST /api/session/code', give(` ${codeOf(secret, 1)} `))

  expect(recoveryCodes).toHaveLength(10)
  expect(half.body).toEqual({ next: 'code' })
  expect([between, phone.session() !== undefined]).toEqual([false, true])
  expect(whole.body).toEqual({ done: true })
  expect(await phone.isInside()).toBe(true)
  expect(place.told).toEqual(['second-factor-on'])
})

test('a half-finished sign-in leaves no session behind, not even one that nobody was told of', async () => {
  await turnOnCodes(place.first)
  const before = await findAll(it.owner, sql`select id from auth_sessions`)

  const phone = place.browser()
  await phone.signIn()

  expect(await findAll(it.owner, sql`select id from auth_sessions`)).toEqual(before)
  expect(phone.session()).toBeUndefined()
})

test('a code works once, in whichever browser, also the one that set it up', async () => {
  const { secret } = await turnOnCodes(place.first)
  const code = codeOf(secret, 1)
  const [one, two] = [place.browser(), place.browser()]
  await one.signIn()
  await two.signIn()

  const replayed = await one.call('POST /api/session/code', give(codeOf(secret)))
  const raced = await Promise.all([one, two].map((it) => it.call('POST /api/session/code', give(code))))

  expect(replayed.code).toBe('sign-in-failed')
  expect(raced.map((it) => it.status).sort()).toEqual([200, 422])
})

test('a recovery code stands in for the app, once, however it was copied', async () => {
  const { recoveryCodes } = await turnOnCodes(place.first)
  const copied = recoveryCodes[3]!.replace('-', ' ').toUpperCase()
  const [one, two] = [place.browser(), place.browser()]
  await one.signIn()
  await two.signIn()

  const first = await one.call('POST /api/session/code', give(copied, 'recovery'))
  const again = await two.call('POST /api/session/code', give(copied, 'recovery'))

  expect([first.status, again.code]).toEqual([200, 'sign-in-failed'])
  expect((await one.call('GET /api/account')).body.secondFactor.recoveryCodesLeft).toBe(9)
  expect((await one.call('GET /api/account/sessions')).body.rows[0].signedInBy).toBe('recovery-code')
})

test('what a wrong code answers is what a wrong password answers', async () => {
  await turnOnCodes(place.first)
  const phone = place.browser()
  const wrongPassword = await phone.signIn('not the password')
  await phone.signIn()

  const wrongCode = await phone.call('POST /api/session/code', give('000000'))
  const wrongRecovery = await phone.call('POST /api/session/code', give('aaaaa-aaaaa', 'recovery'))

  expect([wrongCode, wrongRecovery]).toEqual([wrongPassword, wrongPassword])
})

test('codes are counted per person, whatever the browser: guessing ends before it begins', async () => {
  const { secret } = await turnOnCodes(place.first)
  const answers: (string | null)[] = []
  for (let round = 0; round < 5; round++) {
    const browser = place.browser()
    await browser.signIn()
    for (let n = 0; n < 4; n++)
      answers.push((await browser.call('POST /api/session/code', give(`00000${n}`))).code)
  }
  const honest = place.browser()
  await honest.signIn()
  const right = await honest.call('POST /api/session/code', give(codeOf(secret, 1)))

  expect(answers.filter((code) => code === 'sign-in-failed').length).toBeLessThanOrEqual(10)
  expect(answers.slice(10).every((code) => code === 'too-many-tries')).toBe(true)
  expect(right.code).toBe('too-many-tries')
})

test.each([
  ['no step before it', async () => place.browser()],
  [
    'a step that somebody else took',
    async () => {
      const browser = place.browser()
      browser.jar.set('evenhand.two_factor', '2fa-aaaaaaaaaaaaaaaaaaaa.c2lnbmVk')
      return browser
    },
  ],
  [
    'an empty step',
    async () => {
      const browser = place.browser()
      browser.jar.set('evenhand.two_factor', '')
      return browser
    },
  ],
  [
    'a step that ran out',
    async () => {
      const browser = place.browser()
      await browser.signIn()
      await sql`update auth_verifications set "expiresAt" = now() - interval '1 second'`.execute(it.owner)
      return browser
    },
  ],
  [
    'a step from before the password was changed',
    async () => {
      const browser = place.browser()
      await browser.signIn()
      const change = { current: ana.password, next: 'four other words there' }
      expect((await place.first.call('PUT /api/account/password', change)).status).toBe(200)
      return browser
    },
  ],
])('a right code after %s opens nothing', async (_what, prepare) => {
  const { secret } = await turnOnCodes(place.first)
  const browser = await prepare()

  const answer = await browser.call('POST /api/session/code', give(codeOf(secret, 1)))

  expect([answer.status, answer.code]).toEqual([410, 'start-again'])
  expect(await browser.isInside()).toBe(false)
})

test('a step is used up by the code that follows it', async () => {
  const { secret, recoveryCodes } = await turnOnCodes(place.first)
  const phone = place.browser()
  await phone.signIn()
  const step = phone.jar.get('evenhand.two_factor')!
  await phone.call('POST /api/session/code', give(codeOf(secret, 1)))

  const thief = place.browser()
  thief.jar.set('evenhand.two_factor', step)
  const again = await thief.call('POST /api/session/code', give(recoveryCodes[0]!, 'recovery'))

  expect(again.code).toBe('start-again')
})

test('whoever is signed in in the same browser is not asked: the code belongs to the step, not to them', async () => {
  const { secret } = await turnOnCodes(place.first)
  const before = place.first.session()
  await place.first.signIn()

  const wrong = await place.first.call('POST /api/session/code', give('000000'))
  const right = await place.first.call('POST /api/session/code', give(codeOf(secret, 1)))

  expect([wrong.code, right.status]).toEqual(['sign-in-failed', 200])
  expect(place.first.session()).not.toBe(before)
})

test('it is on only when a code proved that the secret arrived', async () => {
  const { secret } = (await place.first.call('PUT /api/account/second-factor/secret')).body
  const wrong = await place.first.call('PUT /api/account/second-factor', { code: '000000' })
  const phone = place.browser()

  expect(secret).toMatch(/^[A-Z2-7]{40}$/)
  expect(wrong.code).toBe('wrong-code')
  expect((await phone.signIn()).body).toEqual({ next: 'inside' })
  expect((await place.first.call('GET /api/account')).body.secondFactor).toBeNull()
})

test('proving it makes a new session of this one, and keeps no one else’s waiting', async () => {
  const before = place.first.session()

  await turnOnCodes(place.first)
  const thief = place.browser()
  thief.jar.set('evenhand.session_token', before!)

  expect(place.first.session()).not.toBe(before)
  expect([await place.first.isInside(), await thief.isInside()]).toEqual([true, false])
})

test('turning it off and new codes ask who it is again after ten minutes', async () => {
  const { recoveryCodes } = await turnOnCodes(place.first)
  at = 10 * 60_000
  const asked = ['PUT /api/account/second-factor/recovery-codes', 'DELETE /api/account/second-factor']

  const late = await Promise.all(asked.map((it) => place.first.call(it)))
  const wrong = await place.first.call('PUT /api/account/confirmation', { password: 'not it at all' })
  const before = place.first.session()
  await place.first.call('PUT /api/account/confirmation', { password: ana.password })
  const renewed = await place.first.call(asked[0]!)
  const off = await place.first.call(asked[1]!)

  expect(late.map((it) => it.code)).toEqual(['confirm-first', 'confirm-first'])
  expect(wrong.code).toBe('wrong-password')
  expect(place.first.session()).not.toBe(before)
  expect(renewed.body.recoveryCodes).toHaveLength(10)
  expect(renewed.body.recoveryCodes).not.toEqual(recoveryCodes)
  expect(off.status).toBe(200)
  expect((await place.browser().signIn()).body).toEqual({ next: 'inside' })
  expect(place.told).toEqual(['second-factor-on', 'recovery-codes-made', 'second-factor-off'])
})

test('old recovery codes stop working when new ones are made', async () => {
  const { recoveryCodes } = await turnOnCodes(place.first)
  await place.first.call('PUT /api/account/second-factor/recovery-codes')
  const phone = place.browser()
  await phone.signIn()

  const old = await phone.call('POST /api/session/code', give(recoveryCodes[0]!, 'recovery'))

  expect(old.code).toBe('sign-in-failed')
})

test('neither the secret nor a recovery code stands in the database as it is, nor in the log of what was done', async () => {
  const { secret, recoveryCodes } = await turnOnCodes(place.first)

  const kept = await findAll(
    it.owner,
    sql<{ row: string }>`select t::text as row from auth_two_factors t union all select t::text from audit t
      union all select t::text from idempotency_keys t union all select t::text from auth_verifications t
      union all select t::text from auth_used_codes t`,
  )
  const all = kept.map((it) => it.row).join()

  expect(all).toContain('second-factor.on')
  const plain = Secret.fromBase32(secret).utf8
  for (const word of [secret, plain, ...recoveryCodes]) expect(all).not.toContain(word)
})

test('a second one is not begun while the first is in use', async () => {
  await turnOnCodes(place.first)

  const again = await place.first.call('PUT /api/account/second-factor/secret')

  expect(again.code).toBe('changed-meanwhile')
})

test('what is shown is what authenticator apps read', () => {
  expect(base32('foobar')).toBe('MZXW6YTBOI')
  expect(keyUri('foobar', 'ana+x@acme.test', 'Evenhand')).toBe(
    'otpauth://totp/Evenhand:ana%2Bx%40acme.test?secret=MZXW6YTBOI&issuer=Evenhand&digits=6&period=30',
  )
  const codes = makeRecoveryCodes()
  expect(new Set(codes).size).toBe(10)
  expect(codes.every((it) => /^[2-9a-hjkmnp-z]{5}-[2-9a-hjkmnp-z]{5}$/.test(it))).toBe(true)
  expect(codes.map((it) => readRecoveryCode(` ${it.toUpperCase()} `))).toEqual(codes)
})
