/** Coming in: by the link, by password, and not at all. */
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cookieOf, type TestApp, testApp } from '../../test/app.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { findAll } from '../base/db.ts'
import { prepareRehearsalHouse } from './rehearsal-house.ts'
import { makeSetupLink } from './setup-link.ts'

const monday = new Date('2026-11-02T09:00:00Z')
let at = monday
const now = () => at

let it: TestDb
let house: TestApp
beforeEach(async () => {
  at = monday
  it = await freshDb()
  house = await testApp(it, { now })
})
afterEach(async () => {
  await house.app.close()
  await it[Symbol.asyncDispose]()
})

const firstVisit = {
  name: 'Ana Ruiz',
  email: 'Ana@acme.test',
  password: 'long enough to be good',
  brand: 'Acme',
  timeZone: 'Europe/London',
}
const post = (url: string, payload: object, headers: Record<string, string> = {}) =>
  house.app.inject({ method: 'POST', url, payload, headers })
const setUp = (token: string, over: object = {}) => post('/api/setup', { ...firstVisit, token, ...over })
const signIn = (email: string, password: string) => post('/api/session', { email, password })
const codeOf = (answer: { json(): { code?: string } }) => answer.json().code
const door = async (cookie = '') =>
  (await house.app.inject({ url: '/api/door', headers: { cookie } })).json().phase

test('the first visit by the link makes the workspace and its first admin, and signs them in', async () => {
  const before = await door()
  const answer = await setUp(await makeSetupLink(it.db, 'setup', now))
  const me = await house.app.inject({ url: '/api/me', headers: { cookie: cookieOf(answer) } })

  expect(before).toBe('setup')
  expect(answer.json()).toEqual({ done: true })
  expect(me.json()).toMatchObject({
    agent: { name: 'Ana Ruiz', role: 'admin', email: 'ana@acme.test' },
    workspace: { name: 'Acme care', brand: 'Acme', timeZone: 'Europe/London', answerWithinMinutes: 240 },
    begun: false,
  })
  expect(me.json().colleagues).toHaveLength(1)
  expect(await door(cookieOf(answer))).toBe('inside')
  expect(await door()).toBe('sign-in')
})

test('nobody becomes admin without the link', async () => {
  await makeSetupLink(it.db, 'setup', now)

  const guessed = await setUp('a-guess-that-is-long-enough')
  const bySignInLink = await setUp(await makeSetupLink(it.db, 'sign-in', now))

  expect([guessed.statusCode, codeOf(guessed)]).toEqual([410, 'link-used'])
  expect(codeOf(bySignInLink)).toBe('link-used')
  expect(await door()).toBe('setup')
})

test('two tabs with one link at the same moment make one house', async () => {
  const token = await makeSetupLink(it.db, 'setup', now)

  const answers = await Promise.all([1, 2, 3, 4].map((tab) => setUp(token, { email: `a${tab}@acme.test` })))
  const houses = await findAll(it.owner, sql`select 1 from workspaces`)

  expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 409, 409, 409])
  expect(houses).toHaveLength(1)
})

test('a house that stands cannot be set up again, whatever the link', async () => {
  await setUp(await makeSetupLink(it.db, 'setup', now))

  const again = await setUp(await makeSetupLink(it.db, 'setup', now), { email: 'eve@acme.test' })

  expect([again.statusCode, codeOf(again)]).toEqual([409, 'already-set-up'])
})

test('a setup link lasts a day, and a newer one makes it worthless', async () => {
  const old = await makeSetupLink(it.db, 'setup', now)
  const newer = await makeSetupLink(it.db, 'setup', now)
  const voided = await setUp(old)
  at = new Date('2026-11-03T09:00:01Z')
  const expired = await setUp(newer)

  expect(codeOf(voided)).toBe('link-used')
  expect(codeOf(expired)).toBe('link-used')
  expect(await door()).toBe('setup')
})

test('a mistake on the form does not use the link up', async () => {
  const token = await makeSetupLink(it.db, 'setup', now)

  const mistakes = [
    { timeZone: 'Mars/Olympus' },
    { timeZone: '+01:00' },
    { password: 'short' },
    { email: 'ana' },
  ]
  const refused = await Promise.all(mistakes.map((over) => setUp(token, over)))
  const mended = await setUp(token)

  expect(refused.map((answer) => answer.statusCode)).toEqual([400, 400, 400, 400])
  expect(mended.statusCode).toBe(200)
})

test('only a digest of the link is kept', async () => {
  const token = await makeSetupLink(it.db, 'setup', now)

  const kept = await findAll(it.owner, sql<{ row: string }>`select setup_links::text as row from setup_links`)

  expect(kept).toHaveLength(1)
  expect(kept[0]!.row).not.toContain(token)
})

test('an agent comes in by password, whatever the case of the address, and goes out for good', async () => {
  await setUp(await makeSetupLink(it.db, 'setup', now))

  const answer = await signIn('ANA@acme.test', firstVisit.password)
  const cookie = cookieOf(answer)
  const inside = await door(cookie)
  const out = await house.app.inject({ method: 'DELETE', url: '/api/session', headers: { cookie } })
  const after = await house.app.inject({ url: '/api/me', headers: { cookie } })

  expect(inside).toBe('inside')
  expect(out.json()).toEqual({ done: true })
  expect([after.statusCode, codeOf(after)]).toEqual([401, 'not-signed-in'])
})

test('signing in tells nothing about which addresses exist', async () => {
  await setUp(await makeSetupLink(it.db, 'setup', now))

  const wrong = await signIn('ana@acme.test', 'not the password')
  const unknown = await signIn('kim@acme.test', 'not the password')

  expect([wrong.statusCode, wrong.body]).toEqual([unknown.statusCode, unknown.body])
  expect(codeOf(wrong)).toBe('sign-in-failed')
  expect(wrong.headers['set-cookie']).toBeUndefined()
})

test('after ten wrong passwords for one address even the right one has to wait', async () => {
  await setUp(await makeSetupLink(it.db, 'setup', now))

  const wrong = await Promise.all(
    Array.from({ length: 12 }, () => signIn('ana@acme.test', 'not the password')),
  )
  const right = await signIn('ana@acme.test', firstVisit.password)
  at = new Date('2026-11-02T09:10:01Z')
  const later = await signIn('ana@acme.test', firstVisit.password)

  expect(wrong.filter((answer) => codeOf(answer) === 'too-many-tries')).toHaveLength(2)
  expect(codeOf(right)).toBe('too-many-tries')
  expect(later.statusCode).toBe(200)
})

test('whoever guesses from one network of IPv6 is one place, and does not shut the owner out', async () => {
  await setUp(await makeSetupLink(it.db, 'setup', now))
  const tryFrom = (remoteAddress: string, password: string) =>
    house.app.inject({
      method: 'POST',
      url: '/api/session',
      remoteAddress,
      payload: { email: 'ana@acme.test', password },
    })
  const codes = []
  for (let n = 0; n < 12; n++) codes.push(codeOf(await tryFrom(`2001:db8::${n + 1}`, 'not the password')))

  expect(codes.filter((code) => code === 'sign-in-failed')).toHaveLength(10)
  expect((await tryFrom('192.0.2.9', firstVisit.password)).statusCode).toBe(200)
})

test('signing in again ends the session that the browser had', async () => {
  const first = cookieOf(await setUp(await makeSetupLink(it.db, 'setup', now)))

  const again = await post(
    '/api/session',
    { email: firstVisit.email, password: firstVisit.password },
    { cookie: first },
  )

  expect(cookieOf(again)).not.toBe(first)
  expect(await door(first)).toBe('sign-in')
  expect(await door(cookieOf(again))).toBe('inside')
})

test('a session that ran out is nobody, and is forgotten when somebody comes in', async () => {
  const cookie = cookieOf(await setUp(await makeSetupLink(it.db, 'setup', now)))
  await sql`update auth_sessions set "expiresAt" = now() - interval '1 second'`.execute(it.owner)

  const ranOut = await door(cookie)
  await signIn(firstVisit.email, firstVisit.password)
  const sessions = await findAll(it.owner, sql`select 1 from auth_sessions`)

  expect(ranOut).toBe('sign-in')
  expect(sessions).toHaveLength(1)
})

test('signing out works at once for requests that come at the same moment', async () => {
  const cookie = cookieOf(await setUp(await makeSetupLink(it.db, 'setup', now)))
  const me = () => house.app.inject({ url: '/api/me', headers: { cookie } })
  const out = () => house.app.inject({ method: 'DELETE', url: '/api/session', headers: { cookie } })

  await Promise.all([me(), out(), me(), me()])

  expect((await me()).statusCode).toBe(401)
})

test('a forged or broken cookie is nobody', async () => {
  const cookie = cookieOf(await setUp(await makeSetupLink(it.db, 'setup', now)))
  const [name, value] = cookie.split('=') as [string, string]

  const forged = [
    `${name}=${value.replace(/\.[^.]*$/, '.c2lnbmVk')}`,
    `${name}=`,
    `${name}=%ff%00`,
    ';;;=',
    'x'.repeat(8000),
  ]

  for (const it of forged) expect(await door(it), it.slice(0, 60)).toBe('sign-in')
})

test('the session cookie is out of reach for scripts and other sites, and bound to the host under https', async () => {
  const plain = await setUp(await makeSetupLink(it.db, 'setup', now))
  const secure = await testApp(it, { now, baseUrl: 'https://care.acme.test' })
  const overHttps = await secure.app.inject({
    method: 'POST',
    url: '/api/session',
    payload: { email: firstVisit.email, password: firstVisit.password },
  })
  await secure.app.close()

  const [local] = [plain.headers['set-cookie']].flat()
  const [remote] = [overHttps.headers['set-cookie']].flat()
  expect(local).toMatch(/^evenhand\.session_token=.+; Path=\/; HttpOnly; SameSite=Lax$/)
  expect(remote).toMatch(/^__Host-evenhand\.session_token=.+; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
})

test('the rehearsal is entered by a link that works once, and each start prints a fresh one', async () => {
  const stage = await testApp(it, { now, rehearsal: true })
  const tools = { db: it.db, timeZone: 'Europe/London', now }
  const open = (token: string) =>
    stage.app.inject({ method: 'POST', url: '/api/sign-in-link', payload: { token } })
  const { token: first } = await prepareRehearsalHouse(tools)

  const answers = await Promise.all([open(first), open(first)])
  const second = await open((await prepareRehearsalHouse(tools)).token)
  const cookie = cookieOf(second)
  const me = await stage.app.inject({ url: '/api/me', headers: { cookie } })
  await stage.app.close()

  expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 410])
  expect(me.json()).toMatchObject({
    agent: { name: 'You (rehearsal)', role: 'admin' },
    workspace: { brand: 'Fernhill Bikes' },
  })
  expect(await findAll(it.owner, sql`select 1 from workspaces`)).toHaveLength(1)
})

test('a sign-in link lasts an hour and opens nothing outside a rehearsal', async () => {
  const stage = await testApp(it, { now, rehearsal: true })
  const { token } = await prepareRehearsalHouse({ db: it.db, timeZone: 'UTC', now })

  const elsewhere = await post('/api/sign-in-link', { token })
  at = new Date('2026-11-02T10:00:01Z')
  const late = await stage.app.inject({ method: 'POST', url: '/api/sign-in-link', payload: { token } })
  await stage.app.close()

  expect(codeOf(elsewhere)).toBe('not-found')
  expect(codeOf(late)).toBe('link-used')
})

test('only an admin changes the workspace, and only their own', async () => {
  const ours = await aWorkspace(it.db, { name: 'Ours' })
  await aWorkspace(it.db, { name: 'Theirs' })
  const headers = await house.signIn(ours)
  const change = { brand: 'Acme Trains', timeZone: 'Europe/Madrid', answerWithinMinutes: 60 }
  const put = () => house.app.inject({ method: 'PUT', url: '/api/workspace', payload: change, headers })

  const asAdmin = await put()
  await sql`update agents set role = 'lead' where agent_id = ${ours.agentId}`.execute(it.owner)
  at = new Date('2026-11-02T09:00:01Z')
  const asLead = await put()

  const brands = await findAll(
    it.owner,
    sql<{ brand: string }>`select name, brand from workspaces order by name`,
  )
  expect(asAdmin.statusCode).toBe(200)
  expect([asLead.statusCode, codeOf(asLead)]).toEqual([403, 'not-allowed'])
  expect(brands).toEqual([
    { name: 'Ours', brand: 'Acme Trains' },
    { name: 'Theirs', brand: 'Acme' },
  ])
})

test('hostile names come in whole and break nothing', async () => {
  const token = await makeSetupLink(it.db, 'setup', now)

  const answer = await setUp(token, { name: 'A\u0000na \ud800', brand: '‮\u0000 Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L' })
  const me = await house.app.inject({ url: '/api/me', headers: { cookie: cookieOf(answer) } })

  expect(answer.statusCode).toBe(200)
  expect(me.json().agent.name).toBe('A\ufffdna \ufffd')
})
