/** S-11: a forgotten password tells nobody who has an account, and its link works once, for an hour. */
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cookieOf, type TestApp, testApp } from '../../test/app.ts'
import { freshDb, type TestDb } from '../../test/db.ts'
import { testKey } from '../../test/key.ts'
import { findAll } from '../base/db.ts'
import { type LetterJob, sendLetter } from '../base/mail.jobs.ts'
import { makePostOffice, type PostOffice } from '../base/mail.ts'
import { makeResetLink, type ResetJob, writeReset } from './reset.jobs.ts'
import { resetRoutes } from './reset.routes.ts'
import { lockAccount } from './reset.sql.ts'
import { makeSetupLink } from './setup-link.ts'

const monday = new Date('2026-11-02T09:00:00Z')
let at = monday
const now = () => at

let it: TestDb
let house: TestApp
let office: PostOffice
let ana: string
beforeEach(async () => {
  at = monday
  it = await freshDb()
  office = makePostOffice({ mail: null, rehearse: true, allow: [] })
  house = await aHouse(office)
  const token = await makeSetupLink(it.db, 'setup', now)
  const person = { name: 'Ana', email: 'ana@acme.test', password: oldPassword }
  const place = { brand: 'Acme', timeZone: 'Europe/London' }
  ana = cookieOf(await ask('POST', '/api/setup', { token, ...person, ...place }))
})
afterEach(async () => {
  await house.app.close()
  await it[Symbol.asyncDispose]()
})
const aHouse = (postOffice: PostOffice) =>
  testApp(it, {
    now,
    rooms: (mount, tools) => resetRoutes(mount, { ...tools, postOffice, master: testKey, now }),
  })

const oldPassword = 'four random words here'
const newPassword = 'another four random words'
const ask = (method: 'GET' | 'POST' | 'PUT', url: string, payload?: object, place = '10.0.0.1') =>
  house.app.inject({ method, url, remoteAddress: place, ...(payload && { payload }) })
const forgot = (email: string, place?: string) => ask('POST', '/api/resets', { email }, place)
const use = (token: unknown, password = newPassword) => ask('PUT', '/api/resets', { token, password })
const signIn = (password: string) => ask('POST', '/api/session', { email: 'ana@acme.test', password })
const codeOf = (answer: { json(): { code?: string } }) => answer.json().code

/** What the queue would do, in its order. */
async function work(): Promise<void> {
  const tools = { db: it.db, master: testKey, publicUrl: 'http://localhost:4000', now }
  const mail = { ...tools, postOffice: office, tellInvitation: async () => {} }
  const jobs = await findAll(
    it.owner,
    sql<{ id: number; task: string; payload: unknown }>`select j.id, t.identifier as task, j.payload
      from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id order by j.id`,
  )
  for (const { id, task, payload } of jobs) {
    if (task === 'write-reset') await writeReset(tools, payload as ResetJob)
    if (task === 'send-mail') await sendLetter(mail, payload as LetterJob, false)
    await sql`delete from graphile_worker._private_jobs where id = ${id}`.execute(it.owner)
  }
  if (jobs.some((job) => job.task === 'write-reset')) await work()
}
async function aToken(): Promise<string> {
  await forgot('Ana@acme.test')
  await work()
  return /#([\w-]{43})/.exec(office.kept()[0]!.text)![1]!
}

test('a link comes by mail, sets the password, ends every session and signs nobody in', async () => {
  const token = await aToken()

  const answer = await use(token)
  const me = await house.app.inject({ url: '/api/me', headers: { cookie: ana } })

  expect(answer.json()).toEqual({ done: true, ended: { passkeys: 0, keys: 0, codes: false } })
  expect(answer.headers['set-cookie']).toBeUndefined()
  expect(me.statusCode).toBe(401)
  expect(codeOf(await signIn(oldPassword))).toBe('sign-in-failed')
  expect((await signIn(newPassword)).statusCode).toBe(200)
})

test('a second factor is asked for afterwards as before', async () => {
  await sql`update auth_users set "twoFactorEnabled" = true`.execute(it.owner)
  await sql`insert into auth_two_factors (id, "userId", secret, "backupCodes", verified)
    select 'factor', id, 'sealed', 'sealed', true from auth_users`.execute(it.owner)

  await use(await aToken())
  const half = await signIn(newPassword)
  const me = await house.app.inject({ url: '/api/me', headers: { cookie: cookieOf(half) } })

  expect(half.json()).toEqual({ next: 'code' })
  expect(me.statusCode).toBe(401)
  expect(await findAll(it.owner, sql`select 1 from auth_two_factors where verified`)).toHaveLength(1)
})

test('it works once, for an hour, and using one ends the others', async () => {
  const first = await aToken()
  const second = await aToken()
  const both = await Promise.all([use(second), use(second)])
  const third = await aToken()
  at = new Date(monday.getTime() + 3_600_000)

  expect(codeOf(await use(first))).toBe('link-used')
  expect(both.map((answer) => answer.statusCode).sort()).toEqual([200, 410])
  expect(codeOf(await use(third))).toBe('link-used')
})

test('a password that was changed meanwhile ends it', async () => {
  const token = await aToken()
  await sql`update auth_accounts set password = 'changed elsewhere'`.execute(it.owner)

  expect(codeOf(await use(token))).toBe('link-used')
})

test.each([[''], [null], ['short'], ['a'.repeat(42)], [['a'.repeat(43)]]])('%j is no link', async (token) => {
  await aToken()

  expect((await use(token)).statusCode).toBe(400)
})

test('a bad password does not use the link up', async () => {
  const token = await aToken()

  expect((await use(token, 'short')).statusCode).toBe(400)
  expect((await use(token)).statusCode).toBe(200)
})

test('only digests are kept, and what waits to be written is sealed', async () => {
  await forgot('ana@acme.test')
  const waiting = await findAll(it.owner, sql`select j::text as row from graphile_worker._private_jobs j`)
  await work()
  await forgot('ana@acme.test')
  const token = await aToken()
  const links = await findAll(it.owner, sql`select reset_links::text as row from reset_links`)

  expect(waiting).toHaveLength(1)
  expect(JSON.stringify(waiting)).not.toContain('ana@acme.test')
  expect(JSON.stringify(links)).not.toContain(token)
})

test('known or unknown, a thousand tries get the same answers, and no more than three letters', async () => {
  const tries = async (email: string, place: string) => {
    const answers: string[] = []
    for (let n = 0; n < 500; n++) {
      const answer = await forgot(email, place)
      answers.push(`${answer.statusCode} ${answer.body}`)
    }
    return answers
  }

  const known = await tries('ana@acme.test', '10.0.0.2')
  const unknown = await tries('nobody@acme.test', '10.0.0.3')
  await work()

  expect(known).toEqual(unknown)
  expect(known.filter((it) => it.startsWith('200'))).toHaveLength(5)
  expect(office.kept().map((it) => it.to)).toEqual(['ana@acme.test', 'ana@acme.test', 'ana@acme.test'])
})

test('what anybody asks for meanwhile does not void the link that somebody holds', async () => {
  const mine = await aToken()
  for (let n = 0; n < 8; n++) await forgot('ana@acme.test', `10.0.1.${n}`)
  await work()

  expect(office.kept()).toHaveLength(3)
  expect((await use(mine)).statusCode).toBe(200)
})

test('one place asks for thirty addresses and no more, five times for each', async () => {
  const many: number[] = []
  for (let n = 0; n < 40; n++) many.push((await forgot(`a${n}@acme.test`, '10.0.0.4')).statusCode)
  const same: number[] = []
  for (let n = 0; n < 8; n++) same.push((await forgot('ana@acme.test', '10.0.1.1')).statusCode)

  expect(many.filter((status) => status === 200)).toHaveLength(30)
  expect(same).toEqual([200, 200, 200, 200, 200, 429, 429, 429])
})

test('after an hour letters go out again', async () => {
  for (let n = 0; n < 4; n++) await forgot('ana@acme.test')
  await work()
  at = new Date(monday.getTime() + 3_600_001)
  await forgot('ana@acme.test')
  await work()

  expect(office.kept()).toHaveLength(4)
})

test('without a mail server it says so to everyone, and the operator’s link works all the same', async () => {
  await house.app.close()
  house = await aHouse(makePostOffice({ mail: null, rehearse: false, allow: [] }))

  const way = await ask('GET', '/api/resets')
  const refused = [await forgot('ana@acme.test'), await forgot('nobody@acme.test')]
  const { link } = await it.db.transaction().execute(async (tx) => {
    const account = await lockAccount(tx, 'ana@acme.test')
    return makeResetLink(tx, account!, { publicUrl: 'http://localhost:4000', at, byMail: false })
  })

  expect(way.json()).toEqual({ byMail: false })
  expect(refused.map(codeOf)).toEqual(['no-mail', 'no-mail'])
  expect((await use(link.split('#')[1])).statusCode).toBe(200)
})
