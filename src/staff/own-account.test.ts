/** One's own account: where one is signed in, the password, the name; and the door, tried a thousand times. */
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aHouseOf, ana, codeOf, turnOnCodes } from '../../test/account.ts'
import { freshDb, type TestDb } from '../../test/db.ts'
import { testKey } from '../../test/key.ts'
import { findAll, findOne, inWorkspace } from '../base/db.ts'
import { type LetterJob, sendLetter } from '../base/mail.jobs.ts'
import { makePostOffice } from '../base/mail.ts'
import { browserOf } from './own-account.ts'
import { findAgent } from './staff.sql.ts'
import { makeTellPerson } from './tell-person.ts'

const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0'

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
const ofOwnAccount = ['session.begun', 'session.revoked', 'password.changed']
const acts = async () =>
  (
    await findAll(
      it.owner,
      sql<{ act: string }>`select act from audit where act = any(${ofOwnAccount}) order by at, audit_id`,
    )
  ).map((row) => row.act)

test('a person sees where they are signed in: with what, from where, since when, and which is this', async () => {
  const other = place.browser(firefox)
  await other.call('POST /api/session', { email: ana.email, password: ana.password }, '198.51.100.7')

  const { rows } = (await place.first.call('GET /api/account/sessions')).body

  expect(rows).toHaveLength(2)
  expect(rows.find((row: { isThis: boolean }) => row.isThis)).toMatchObject({
    browser: 'Chrome',
    system: 'Linux',
    address: '127.0.0.1',
    signedInBy: 'link',
  })
  expect(rows.find((row: { isThis: boolean }) => !row.isThis)).toMatchObject({
    browser: 'Firefox',
    system: 'Windows',
    address: '198.51.100.7',
    signedInBy: 'password',
    startedAt: expect.any(String),
    seenAt: expect.any(String),
  })
  expect(JSON.stringify(rows)).not.toContain(other.session()!.split('.')[0])
})

test('ending a session elsewhere ends it at once; one of somebody else is not there', async () => {
  const other = place.browser(firefox)
  await other.signIn()
  const { rows } = (await place.first.call('GET /api/account/sessions')).body
  const there = rows.find((row: { isThis: boolean }) => !row.isThis).sessionId
  await sql`insert into auth_users (id, name, email) values ('kim', 'Kim', 'kim@acme.test')`.execute(it.owner)
  await sql`insert into auth_sessions (id, "userId", token, "expiresAt") values ('kims', 'kim', 'kims', now() + interval '1 day')`.execute(
    it.owner,
  )

  const before = await other.isInside()
  const ended = await place.first.call(`DELETE /api/account/sessions/${there}`)
  const foreign = await place.first.call('DELETE /api/account/sessions/kims')

  expect([before, ended.status, await other.isInside()]).toEqual([true, 200, false])
  expect([foreign.status, foreign.code]).toEqual([404, 'not-found'])
  expect(await acts()).toEqual(['session.begun', 'session.revoked'])
})

test('ending all others leaves this one', async () => {
  const others = [place.browser(), place.browser(), place.browser()]
  for (const other of others) await other.signIn()

  const answer = await place.first.call('DELETE /api/account/sessions')

  expect(answer.body).toEqual({ ended: 3 })
  expect(await Promise.all(others.map((it) => it.isInside()))).toEqual([false, false, false])
  expect(await place.first.isInside()).toBe(true)
})

test('when a session was last used is noted once a minute, with where from', async () => {
  const seen = async () =>
    (
      await findAll(
        it.owner,
        sql<{ seenAt: Date; ip: string }>`select "seenAt" as seen_at, "ipAddress" as ip from auth_sessions`,
      )
    )[0]!
  const first = await seen()
  at = 59_000
  await place.first.call('GET /api/me', undefined, '203.0.113.9')
  const within = await seen()
  at = 125_000
  await place.first.call('GET /api/me', undefined, '203.0.113.9')

  expect(within).toEqual(first)
  await expect.poll(async () => (await seen()).ip).toBe('203.0.113.9')
  expect((await seen()).seenAt.getTime() - first.seenAt.getTime()).toBeGreaterThan(120_000)
})

test('changing the password needs the old one, ends all other sessions, and gives this one a new id', async () => {
  const other = place.browser()
  await other.signIn()
  const before = place.first.session()

  const wrong = await place.first.call('PUT /api/account/password', {
    current: 'not it at all',
    next: 'four other words there',
  })
  const short = await place.first.call('PUT /api/account/password', { current: ana.password, next: 'short' })
  const right = await place.first.call('PUT /api/account/password', {
    current: ana.password,
    next: 'four other words there',
  })
  const old = await place.browser().signIn()
  const fresh = await place.browser().signIn('four other words there')

  expect([wrong.code, short.code, right.status]).toEqual(['wrong-password', 'bad-input', 200])
  expect(place.first.session()).not.toBe(before)
  expect([await place.first.isInside(), await other.isInside()]).toEqual([true, false])
  expect([old.code, fresh.status]).toEqual(['sign-in-failed', 200])
  expect(place.told).toEqual(['password-changed'])
  expect(await acts()).toEqual(['session.begun', 'password.changed', 'session.begun'])
})

test('whoever sits at an open screen cannot guess the password there either', async () => {
  const guess = () => place.first.call('PUT /api/account/confirmation', { password: 'not it at all' })
  const answers = []
  for (let n = 0; n < 12; n++) answers.push((await guess()).code)
  const change = { current: ana.password, next: 'four other words there' }
  const right = await place.first.call('PUT /api/account/password', change)

  expect(answers.filter((code) => code === 'wrong-password')).toHaveLength(10)
  expect(right.code).toBe('too-many-tries')
})

test('a session of single sign-on opens its workspace and changes nothing of how the person comes in', async () => {
  const other = place.browser(firefox)
  await other.signIn()
  const [session] = await findAll(
    it.owner,
    sql<{ userId: string; workspaceId: string }>`select user_id, workspace_id from agents`,
  )
  const bound = place.browser()
  await bound.call(`POST /test/enter/${session!.userId}`)
  const token = decodeURIComponent(bound.session()!).split('.')[0]!
  await sql`update auth_sessions set "onlyWorkspaceId" = ${session!.workspaceId}, "signedInBy" = 'single-sign-on'
    where token = ${token}`.execute(it.owner)

  const inside = await bound.isInside()
  const account = await bound.call('GET /api/account')
  const refused = []
  for (const [asked, payload] of [
    ['PUT /api/account/password', { current: ana.password, next: 'four other words there' }],
    ['PUT /api/account/confirmation', { password: ana.password }],
    ['PUT /api/account/second-factor/secret'],
    ['PUT /api/account/second-factor', { code: '123456' }],
    ['DELETE /api/account/second-factor'],
    ['PUT /api/account/second-factor/recovery-codes'],
    ['PUT /api/account/passkeys/challenge'],
    ['PUT /api/account/passkeys/abc', { name: 'Mine' }],
    ['DELETE /api/account/passkeys/abc'],
  ] as [string, object?][])
    refused.push((await bound.call(asked, payload)).code)
  const seen = (await bound.call('GET /api/account/sessions')).body.rows
  await bound.call('DELETE /api/account/sessions')

  expect(inside).toBe(true)
  expect(account.body.mayChangeAccess).toBe(false)
  expect(new Set(refused)).toEqual(new Set(['not-by-single-sign-on']))
  expect(seen).toHaveLength(1)
  expect(await other.isInside()).toBe(true)
})

test('a name is changed where one works, and says so to colleagues', async () => {
  const answer = await place.first.call('PUT /api/account/name', { name: '  Ana Ruiz-Gómez ' })
  const me = await place.first.call('GET /api/me')

  expect(answer.body).toEqual({ done: true })
  expect(me.body.agent.name).toBe('Ana Ruiz-Gómez')
})

test('an address that is known and one that is not are told apart by nothing, in a thousand tries each', async () => {
  const tryFrom = (email: string) => async (n: number) => {
    const from = `10.0.${n % 2}.1`
    const answer = await place.browser().call('POST /api/session', { email, password: `guess ${n}` }, from)
    return JSON.stringify(answer)
  }
  const [known, unknown] = [tryFrom(ana.email), tryFrom('kim@acme.test')]
  const said: [string, string][] = []
  for (let n = 0; n < 1000; n++) said.push([await known(n), await unknown(n)])

  expect(said.filter(([one, other]) => one !== other)).toEqual([])
  expect(said.filter(([one]) => one.includes('sign-in-failed'))).toHaveLength(20)
  expect(said.slice(20).every(([one]) => one.includes('too-many-tries'))).toBe(true)
  expect((await place.browser().signIn()).status).toBe(200)
}, 60_000)

test('one place that tries many addresses is stopped as well, and others are not', async () => {
  const tryFrom = async (n: number, from: string) =>
    (await place.browser().call('POST /api/session', { email: `p${n}@acme.test`, password: 'guess' }, from))
      .code
  const said = []
  for (let n = 0; n < 35; n++) said.push(await tryFrom(n, '192.0.2.66'))

  expect(said.filter((code) => code === 'too-many-tries')).toHaveLength(5)
  expect((await place.browser().signIn()).status).toBe(200)
}, 60_000)

test('nobody can give a person a session of their own choosing: each step makes a new one', async () => {
  const planted = place.browser()
  planted.jar.set('evenhand.session_token', 'planted.c2lnbmVk')
  await planted.signIn()
  const afterPassword = planted.session()!
  const { secret } = await turnOnCodes(planted)
  const afterProof = planted.session()!
  await planted.signIn()
  await planted.call('POST /api/session/code', { code: codeOf(secret, 1), kind: 'app' })
  const afterCode = planted.session()!
  await planted.call('PUT /api/account/confirmation', { password: ana.password })
  const afterSayingSo = planted.session()!

  const all = ['planted.c2lnbmVk', afterPassword, afterProof, afterCode, afterSayingSo]
  expect(new Set(all).size).toBe(5)
  const standing = await Promise.all(
    all.map((token) => {
      const browser = place.browser()
      browser.jar.set('evenhand.session_token', token)
      return browser.isInside()
    }),
  )
  expect(standing).toEqual([false, false, false, false, true])
})

test('a change of how one comes in is told by mail to the address of the person, when there is mail', async () => {
  const query = sql<{ workspaceId: string; agentId: string }>`select workspace_id, agent_id from agents`
  const { workspaceId, agentId } = (await findOne(it.owner, query))!
  const tell = async (rehearse: boolean) => {
    const postOffice = makePostOffice({ mail: null, rehearse, allow: [] })
    await inWorkspace(it.db, workspaceId, async (tx) => {
      const told = { news: 'passkey-added', at: new Date(), address: '198.51.100.7' } as const
      const agent = (await findAgent(tx, agentId))!
      await makeTellPerson({ postOffice, master: testKey })(tx, { agent, ...told })
    })
    const jobs = await findAll(
      it.owner,
      sql<{ payload: LetterJob }>`select j.payload from graphile_worker._private_jobs j
        join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'send-mail'`,
    )
    const tools = { postOffice, master: testKey, now: () => new Date(), tellInvitation: async () => {} }
    for (const { payload } of jobs) await sendLetter(tools, payload, false)
    return postOffice.kept()
  }

  expect(await tell(false)).toEqual([])
  expect(await tell(true)).toMatchObject([
    {
      to: ana.email,
      subject: 'Your Evenhand account was changed',
      text: expect.stringMatching(/A passkey was added\.[\s\S]+From: 198\.51\.100\.7/),
    },
  ])
})

test('a browser is called what it calls itself', () => {
  const known = {
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0':
      { browser: 'Edge', system: 'Windows' },
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1':
      { browser: 'Safari', system: 'iPhone' },
    'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36':
      { browser: 'Chrome', system: 'Android' },
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:143.0) Gecko/20100101 Firefox/143.0': {
      browser: 'Firefox',
      system: 'macOS',
    },
    'curl/8.5.0': { browser: null, system: null },
  }
  for (const [userAgent, words] of Object.entries(known)) expect(browserOf(userAgent)).toEqual(words)
  expect(browserOf(null)).toEqual({ browser: null, system: null })
})
