/** A new password by a link: what it ends, where that stands, who is told. */
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aBrowser, aHouseOf, ana, home, turnOnCodes } from '../../test/account.ts'
import { type TestApp, testApp } from '../../test/app.ts'
import { makeAuthenticator } from '../../test/authenticator.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { testKey } from '../../test/key.ts'
import { findAll, findOne } from '../base/db.ts'
import { type LetterJob, sendLetter } from '../base/mail.jobs.ts'
import { makePostOffice } from '../base/mail.ts'
import { invitationRoutes } from './invitation.routes.ts'
import { joiningRoutes } from './invitation-joining.routes.ts'
import { makeResetLink } from './reset.jobs.ts'
import { resetRoutes } from './reset.routes.ts'
import { lockAccount } from './reset.sql.ts'

const now = () => new Date()
const newPassword = 'another four random words'
const office = () => makePostOffice({ mail: null, rehearse: true, allow: [] })

let it: TestDb
let place: Awaited<ReturnType<typeof aHouseOf>>
let post: ReturnType<typeof office>
let door: TestApp
beforeEach(async () => {
  it = await freshDb()
  post = office()
  place = await aHouseOf(it)
  door = await testApp(it, {
    rooms: (mount, tools) => resetRoutes(mount, { ...tools, postOffice: post }),
  })
})
afterEach(async () => {
  await place.house.app.close()
  await door.app.close()
  await it[Symbol.asyncDispose]()
})

async function reset(byMail: boolean, email = ana.email) {
  const { link } = await it.db.transaction().execute(async (tx) => {
    const account = await lockAccount(tx, email)
    return makeResetLink(tx, account!, { publicUrl: home, at: now(), byMail })
  })
  return aBrowser(door).call('PUT /api/resets', { token: link.split('#')[1], password: newPassword })
}
async function addPasskey() {
  const asked = (await place.first.call('PUT /api/account/passkeys/challenge')).body
  const signed = makeAuthenticator(home).make(asked)
  await place.first.call('POST /api/account/passkeys', { name: 'Telephone', signed })
}
const aKey = async () =>
  (await place.first.call('POST /api/keys', { name: 'Robot', may: ['cases.read'] })).body as {
    key: string
    keyId: string
  }
const withKey = async (key: string) =>
  (await door.app.inject({ url: '/api/me', headers: { authorization: `Bearer ${key}` } })).statusCode
const rowsOf = (act: string) =>
  findAll(
    it.owner,
    sql<{ workspaceId: string; content: object }>`select workspace_id, content from audit where act = ${act}`,
  )
async function letters() {
  const jobs = await findAll(
    it.owner,
    sql<{ payload: LetterJob }>`select j.payload from graphile_worker._private_jobs j
      join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'send-mail'`,
  )
  const tools = { postOffice: post, master: testKey, now, tellInvitation: async () => {} }
  for (const { payload } of jobs) await sendLetter(tools, payload, false)
  return post.kept()
}

test.each([
  ['mail', true],
  ['operator', false],
])(
  'a new password by a link of the %s ends sessions, passkeys and API keys, and keeps the second factor',
  async (by, byMail) => {
    await addPasskey()
    await turnOnCodes(place.first)
    const { key, keyId } = await aKey()

    const answer = await reset(byMail)

    expect(answer.body).toEqual({ done: true, ended: { passkeys: 1, keys: 1, codes: false } })
    // Another process: what it remembers is a second old at most.
    await expect.poll(() => place.first.isInside(), { timeout: 3_000 }).toBe(false)
    expect(await withKey(key)).toBe(401)
    expect(await findAll(it.owner, sql`select from auth_passkeys`)).toEqual([])
    expect((await place.browser().signIn(newPassword)).body).toEqual({ next: 'code' })
    expect(await rowsOf('password.reset')).toMatchObject([{ content: { by, codes: false, keyIds: [keyId] } }])
  },
)

test('a new password by a link is on record in every workspace of the person, and ends their keys there', async () => {
  const other = await aWorkspace(it.db, { name: 'Elsewhere' })
  const third = await aWorkspace(it.db, { name: 'Suspended there' })
  await sql`update agents set user_id = (select id from auth_users where email = ${ana.email})
    where agent_id in (${other.agentId}, ${third.agentId})`.execute(it.owner)
  await sql`update agents set suspended_at = now() where agent_id = ${third.agentId}`.execute(it.owner)
  for (const { workspaceId, agentId } of [other, third])
    await sql`insert into api_keys (workspace_id, agent_id, name, may, digest, hint, expires_at)
      values (${workspaceId}, ${agentId}, 'Robot', '{cases.read}', ${Buffer.from(agentId)}, 'evh_', now() + interval '1 day')`.execute(
      it.owner,
    )

  const answer = await reset(true)

  expect(answer.body.ended.keys).toBe(2)
  expect(await findAll(it.owner, sql`select from api_keys where ended_at is null`)).toEqual([])
  expect((await rowsOf('password.reset')).map((row) => row.workspaceId)).toHaveLength(3)
})

test('a person is told by mail that a link set a new password, and what it ended', async () => {
  await reset(true)

  expect(await letters()).toMatchObject([
    {
      to: ana.email,
      text: expect.stringMatching(/A new password was set with a link[\s\S]+passkeys[\s\S]+API keys/),
    },
  ])
})

test('a password that is changed inside ends API keys, unless told otherwise', async () => {
  const kept = await aKey()
  const change = (current: string, next: string, more: object) =>
    place.first.call('PUT /api/account/password', { current, next, ...more })

  const keeping = await change(ana.password, newPassword, { endKeys: false })
  const between = await withKey(kept.key)
  const ending = await change(newPassword, 'yet another four words', {})

  expect([keeping.body, between]).toEqual([{ done: true, keysEnded: 0 }, 200])
  expect([ending.body, await place.first.isInside()]).toEqual([{ done: true, keysEnded: 1 }, true])
  await expect.poll(() => withKey(kept.key), { timeout: 3_000 }).toBe(401)
  expect(await rowsOf('password.changed')).toMatchObject([
    { content: { keyIds: [] } },
    { content: { keyIds: [kept.keyId] } },
  ])
  expect(place.told).toEqual(['password-changed', 'password-and-keys-changed'])
})

test('an account made by a link that was handed over proves no mailbox; the first letter that does starts it clean', async () => {
  const joined = await joinedBy(makePostOffice({ mail: null, rehearse: false, allow: [] }))
  const userId = await planted(joined)

  const before = await isProved(joined)
  const answer = await reset(true, joined)

  expect([before, await isProved(joined)]).toEqual([false, true])
  expect(answer.body.ended).toEqual({ passkeys: 1, keys: 0, codes: true })
  expect(await findAll(it.owner, sql`select from auth_two_factors where "userId" = ${userId}`)).toEqual([])
  expect((await planted(joined)) && (await reset(true, joined)).body.ended).toMatchObject({ codes: false })
})

test('a link of the operator proves no mailbox', async () => {
  const joined = await joinedBy(makePostOffice({ mail: null, rehearse: false, allow: [] }))
  await reset(false, joined)

  expect(await isProved(joined)).toBe(false)
})

test('an invitation opened from a letter proves the mailbox', async () => {
  expect(await isProved(await joinedBy(post))).toBe(true)
})

const isProved = async (email: string) =>
  (await findOne(
    it.owner,
    sql<{ proved: boolean }>`select "emailVerified" as proved from auth_users where email = ${email}`,
  ))!.proved

/** A second factor and a passkey of somebody's. */
async function planted(email: string): Promise<string> {
  const { id } = (await findOne(
    it.owner,
    sql<{ id: string }>`update auth_users set "twoFactorEnabled" = true where email = ${email} returning id`,
  ))!
  await sql`insert into auth_two_factors (id, "userId", secret, "backupCodes", verified) values (${id}, ${id}, 's', 's', true)
    on conflict do nothing`.execute(it.owner)
  await sql`insert into auth_passkeys (id, "userId", name, "publicKey", "credentialID", counter, "deviceType", "backedUp")
    values (${id}, ${id}, 'Telephone', '', ${id}, 0, 'singleDevice', false) on conflict do nothing`.execute(
    it.owner,
  )
  return id
}

/** Invited and come in, by letter or by a link that an admin handed over. */
async function joinedBy(postOffice: ReturnType<typeof office>): Promise<string> {
  const house = await testApp(it, {
    rooms: (mount, tools) => {
      invitationRoutes(mount, { ...tools, postOffice, publicUrl: home })
      joiningRoutes(mount, tools)
    },
  })
  const admin = aBrowser(house)
  await admin.signIn()
  const kim = { email: 'kim@acme.test', role: 'agent', sees: 'workspace', teamIds: [] }
  const { link } = (await admin.call('POST /api/invitations', kim)).body as { link: string | null }
  const token = /#([\w-]{43})/.exec(link ?? (await letters())[0]!.text)![1]
  await aBrowser(house).call('POST /api/invitation/account', { token, name: 'Kim', password: ana.password })
  await house.app.close()
  return kim.email
}
