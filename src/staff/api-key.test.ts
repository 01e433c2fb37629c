/** API keys: what they are, whom they speak for, and how soon they stop (S-05). */
import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { openStream } from '../../test/event-stream.ts'
import { type Live, startLive } from '../cases/live.jobs.ts'
import { liveRoutes } from '../cases/live.routes.ts'
import { apiKeyRoutes } from './api-key.routes.ts'
import { makeKey, readKey } from './api-key.ts'
import type { KeyRow } from './api-key-contract.ts'
import type { Permission } from './permissions.ts'

let it: TestDb
beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())

let house: TestApp
let live: Live
let ana: { workspaceId: string; agentId: string }
let later = 0
beforeEach(async () => {
  later = 0
  live = startLive({
    url: it.url,
    db: it.db,
    links: { bluesky: { urlOf: () => null }, rehearsal: { urlOf: () => null } },
  })
  house = await testApp(it, {
    now: () => new Date(Date.now() + later),
    rooms: (mount, { callers }) => {
      apiKeyRoutes(mount, { callers })
      liveRoutes(mount, { live, callers })
    },
  })
  ana = await aWorkspace(it.db)
})
afterEach(async () => {
  await live.stop()
  house.app.server.closeAllConnections()
  await house.app.close()
})

type Made = KeyRow & { key: string }
async function aKey(
  over: { may?: Permission[]; days?: number; name?: string } = {},
  of = ana,
): Promise<Made> {
  const body = { name: 'Nightly report', may: ['cases.read', 'keys.own'], ...over }
  const headers = await house.signIn(of)
  const answer = await house.app.inject({ method: 'POST', url: '/api/keys', headers, payload: body })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}
const withKey = ({ key }: { key: string }) => ({ authorization: `Bearer ${key}` })
const ask = (headers: Record<string, string>, url = '/api/me') => house.app.inject({ url, headers })
const statusOf = async (headers: Record<string, string>) => (await ask(headers)).statusCode

test('a key names its workspace, and one letter more, less or other is no key', () => {
  const { workspaceId } = ana
  const { key, digest, hint } = makeKey(workspaceId)

  expect(key).toMatch(/^evh_[0-9A-Za-z]{71}$/)
  expect(readKey(key)).toEqual({ workspaceId, digest })
  expect(key).toContain(hint.slice(-4))
  for (let n = 0; n < key.length; n++) {
    expect(readKey(key.slice(0, n) + (key[n] === 'x' ? 'y' : 'x') + key.slice(n + 1)), `${n}`).toBeNull()
    expect(readKey(key.slice(0, n) + key.slice(n + 1)), `${n}`).toBeNull()
  }
  for (const none of ['', 'evh_', ` ${key}`, `${key}\n`, key.toUpperCase(), `${key}0`, 'z'.repeat(75)])
    expect(readKey(none), none).toBeNull()
})

test('a key acts as the agent who made it, within what was chosen for it, and is kept as a digest only', async () => {
  const made = await aKey({ may: ['cases.read'] })

  const me = (await ask(withKey(made))).json()
  const kept = await sql<{
    row: string
  }>`select k::text as row from api_keys k where key_id = ${made.keyId}`.execute(it.owner)

  expect(me.agent).toMatchObject({ agentId: ana.agentId, may: ['cases.read'] })
  expect(me.workspace.workspaceId).toBe(ana.workspaceId)
  expect((await ask(withKey(made), '/api/keys')).json().code).toBe('not-allowed')
  expect(kept.rows[0]!.row).not.toContain(made.key.slice(26))
  expect(made.expiresAt.slice(0, 10)).toBe(new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10))
})

test('a key makes no keys, and nobody gives away what is not theirs', async () => {
  const payload = { name: 'Mallory', may: ['data.export'] }
  const all = await aKey({ may: ['keys.own', 'data.export'] })
  await sql`update agents set role = 'lead' where agent_id = ${ana.agentId}`.execute(it.owner)
  const headers = await house.signIn(ana)

  const byKey = await house.app.inject({ method: 'POST', url: '/api/keys', headers: withKey(all), payload })
  const beyond = await house.app.inject({ method: 'POST', url: '/api/keys', headers, payload })
  const forever = await house.app.inject({
    method: 'POST',
    url: '/api/keys',
    headers,
    payload: { ...payload, may: ['cases.read'], days: 366 },
  })

  expect([byKey.json().code, beyond.json().code, forever.json().code]).toEqual([
    'session-only',
    'not-allowed',
    'bad-input',
  ])
})

test('a key is no cookie, and a cookie beside a key counts for nothing', async () => {
  const made = await aKey()
  const { cookie } = await house.signIn(ana)
  const name = cookie.split('=')[0]

  expect(await statusOf({ cookie: `${name}=${made.key}` })).toBe(401)
  expect(await statusOf({ cookie, authorization: 'Bearer ' })).toBe(401)
  expect(await statusOf({ cookie, authorization: 'Bearer evh_nothing' })).toBe(401)
  // A proxy's own door in front of ours.
  expect(await statusOf({ cookie, authorization: 'Basic YTpi' })).toBe(200)
  expect(await statusOf({ authorization: `Basic ${made.key}` })).toBe(401)
})

test('a key works in its own workspace only, whatever header asks for another', async () => {
  const made = await aKey()
  const other = await aWorkspace(it.db, { name: 'Other' })
  const moved = makeKey(other.workspaceId).key

  const me = (await ask({ ...withKey(made), 'x-workspace-id': other.workspaceId })).json()

  expect(me.workspace.workspaceId).toBe(ana.workspaceId)
  expect(await statusOf({ authorization: `Bearer ${moved.slice(0, 26)}${made.key.slice(26)}` })).toBe(401)
})

test('unknown, ended and expired keys get one and the same answer', async () => {
  const ended = await aKey()
  const expired = await aKey({ name: 'Old' })
  await house.app.inject({
    method: 'DELETE',
    url: `/api/keys/${ended.keyId}`,
    headers: await house.signIn(ana),
  })
  await sql`update api_keys set expires_at = now() where key_id = ${expired.keyId}`.execute(it.owner)

  const answers = await Promise.all(
    [ended, expired, { key: makeKey(ana.workspaceId).key }, { key: 'evh_x' }].map((one) => ask(withKey(one))),
  )

  expect(answers.map((it) => it.statusCode)).toEqual([401, 401, 401, 401])
  expect(new Set(answers.map((it) => it.body)).size).toBe(1)
  expect(answers.map((it) => it.headers['www-authenticate'])).toEqual(Array(4).fill('Bearer'))
})

test('a place that guesses is told to wait, and a good key from there still works', async () => {
  const made = await aKey()

  const guesses = []
  for (let n = 0; n < 31; n++) guesses.push((await ask(withKey(makeKey(ana.workspaceId)))).statusCode)

  expect(guesses.slice(0, 30)).toEqual(Array(30).fill(401))
  expect(guesses[30]).toBe(429)
  expect(await statusOf(withKey(made))).toBe(200)
})

const waysToEnd: [string, (made: Made) => Promise<unknown>][] = [
  ['ended by its agent', async (made) => endBy('/api/keys', made, ana)],
  ['ended by an admin', async (made) => endBy('/api/workspace-keys', made, await anotherAdmin())],
  ['of a suspended agent', () => sql`update agents set suspended_at = now() where agent_id = ${ana.agentId}`.execute(it.owner)],
  ['of an agent who may have keys no more', () => sql`update agents set role = 'agent' where agent_id = ${ana.agentId}`.execute(it.owner)],
  ['that ran out', (made) => sql`update api_keys set expires_at = now() where key_id = ${made.keyId}`.execute(it.owner)],
] // biome-ignore format: a list to read

test.each(waysToEnd)('a key %s is refused and its stream closed within two seconds', async (_how, end) => {
  const made = await aKey()
  await house.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = house.app.server.address() as AddressInfo
  const stream = await openStream(`http://127.0.0.1:${port}/api/events`, withKey(made))
  onTestFinished(() => stream.close())
  await stream.next('hello')
  expect(await statusOf(withKey(made))).toBe(200)

  await end(made)
  const isEnded = stream.endsSoon()
  later = 2_000

  expect(await statusOf(withKey(made))).toBe(401)
  expect(await isEnded).toBe(true)
})

test('a role that may less takes it from its keys too', async () => {
  const made = await aKey({ may: ['cases.read', 'data.export', 'keys.own'] })

  await sql`update agents set role = 'lead' where agent_id = ${ana.agentId}`.execute(it.owner)
  later = 2_000

  expect((await ask(withKey(made))).json().agent.may.sort()).toEqual(['cases.read', 'keys.own'])
})

test('when it was used last is noted once a minute, and what it did says by which key', async () => {
  const made = await aKey()
  const other = await aKey({ name: 'Other' })
  const used = async () =>
    (await ask(withKey(made), '/api/keys')).json().rows.find((it: KeyRow) => it.keyId === made.keyId)
      .lastUsedAt

  await expect.poll(used).not.toBeNull()
  const first = await used()
  later = 30_000
  await used()
  expect(await used()).toBe(first)
  later = 90_000
  await expect.poll(used).not.toBe(first)
  await house.app.inject({ method: 'DELETE', url: `/api/keys/${other.keyId}`, headers: withKey(made) })

  const { rows } = await sql`select act, by_agent_id, by_key_id from audit
    where on_id = ${other.keyId} order by audit_id`.execute(it.owner)
  expect(rows).toEqual([
    { act: 'key.made', byAgentId: ana.agentId, byKeyId: null },
    { act: 'key.ended', byAgentId: ana.agentId, byKeyId: made.keyId },
  ])
})

test('one sees and ends one’s own keys; an admin everybody’s, by pages', async () => {
  const bo = await anotherAdmin()
  const mine = await aKey()
  const theirs = await aKey({ name: 'Theirs' }, bo)
  await sql`update agents set role = 'lead' where agent_id = ${ana.agentId}`.execute(it.owner)
  const headers = await house.signIn(ana)
  const asAdmin = await house.signIn(bo)

  const own = (await ask(headers, '/api/keys')).json()
  const first = (await ask(asAdmin, '/api/workspace-keys?limit=1')).json()
  const second = (await ask(asAdmin, `/api/workspace-keys?limit=1&after=${first.next}`)).json()
  const ending = await house.app.inject({ method: 'DELETE', url: `/api/keys/${theirs.keyId}`, headers })

  expect(own.rows.map((it: KeyRow) => it.keyId)).toEqual([mine.keyId])
  expect([first, second].map((it) => it.rows[0].keyId)).toEqual([theirs.keyId, mine.keyId])
  expect(second.next).toBeNull()
  expect((await ask(headers, '/api/workspace-keys')).json().code).toBe('not-allowed')
  expect(ending.json().code).toBe('not-found')
  expect(JSON.stringify([own, first, second])).not.toContain(mine.key)
})

async function anotherAdmin() {
  const agentId = crypto.randomUUID()
  await sql`insert into agents (workspace_id, agent_id, user_id, name, email, role)
    values (${ana.workspaceId}, ${agentId}, ${`user-${agentId}`}, 'Bo Lind', ${`${agentId}@acme.test`}, 'admin')`.execute(
    it.owner,
  )
  return { workspaceId: ana.workspaceId, agentId }
}

async function endBy(path: string, { keyId }: Made, agent: { agentId: string }) {
  const headers = await house.signIn(agent)
  const answer = await house.app.inject({ method: 'DELETE', url: `${path}/${keyId}`, headers })
  expect(answer.statusCode).toBe(200)
}
