/**
 * P8 over HTTP (S-01, S-03, S-19, S-27): every route that the house mounts, asked by those who may not, about things
 * that exist. What a route is asked stands in walls/entries.ts; a route without an entry fails here.
 */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { newId } from '../src/base/clock.ts'
import { makeKey } from '../src/staff/api-key.ts'
import { builtInRoles, mayOf, ofTheWholeWorkspace } from '../src/staff/permissions.ts'
import { type Ask, type Entry, entries } from './walls/entries.ts'
import {
  type Answer,
  aKeyOf,
  anAgentOf,
  aWalledHouse,
  closedEntries,
  type Headers,
  saidBy,
  thingsOf,
  type WalledHouse,
  word,
} from './walls/house.ts'
import { digestOf, nowhere, type Place } from './walls/place.ts'

// Some thousand requests: seconds on an idle machine and many more on a busy one.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 })

/** What is served besides the contracts. None of it knows a workspace. */
const outsideTheContracts = ['/*', '/assets/app.js', '/healthz', '/index.html', '/readyz']
const forAnyone = [
  'GET /api/door',
  'GET /api/resets',
  'GET /api/sso-at-the-door',
  'GET /api/sso/callback',
  'POST /api/invitation',
  'POST /api/invitation/acceptance',
  'POST /api/invitation/account',
  'POST /api/resets',
  'POST /api/session',
  'POST /api/session/code',
  'POST /api/session/passkey',
  'POST /api/session/passkey/challenge',
  'POST /api/setup',
  'POST /api/sign-in-link',
  'POST /api/sso/:id',
  'PUT /api/resets',
] // biome-ignore format: a list to read
/** What belongs to one case, and to the team that the case is in. */
const ofACase = ['caseId', 'postId', 'replyId', 'refusedReplyId', 'approvalId', 'ownApprovalId']

let house: WalledHouse
let it: WalledHouse['it']
let door: WalledHouse['door']
let contracts: WalledHouse['contracts']
let theirs: Place
let ours: Place

beforeAll(async () => {
  house = await aWalledHouse()
  ;({ it, door, contracts, theirs, ours } = house)
})
afterAll(() => house?.[Symbol.asyncDispose]())

const call = async (...asked: Parameters<WalledHouse['call']>) => saidBy(await house.call(...asked))

test('what is mounted is what the contracts say, and every route of it has its entry', () => {
  const here = house.mounted.filter((key) => key.includes(' /api/') && !key.startsWith('HEAD ')).sort()
  const rest = house.mounted.filter((key) => !key.includes(' /api/') && !key.startsWith('HEAD ')).sort()

  expect(here.length).toBeGreaterThan(30)
  expect([...contracts.keys()].sort()).toEqual(here)
  expect(Object.keys(entries).sort()).toEqual(here)
  expect(rest).toEqual(outsideTheContracts.map((path) => `GET ${path}`))
})

test('the routes for anyone are these', () => {
  const open = [...contracts].filter(([, route]) => route.access === 'anyone').map(([key]) => key)

  expect(open.sort()).toEqual(forAnyone)
  expect(keysWhere((entry) => entry.who === 'anyone')).toEqual(forAnyone)
})

test('an entry asks for every field of its route, and names a thing where the route takes an id', () => {
  const known = Object.values(ours)
  for (const [key, { ask }] of Object.entries(entries)) {
    for (const part of ['params', 'query', 'body'] as const) {
      const schema = contracts.get(key)![part]
      const asked = ask(ours)[part] ?? {}
      const shape = schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
      expect(Object.keys(asked).sort(), `${key} ${part}`).toEqual(shape.sort())
      if (schema) expect(schema.safeParse(asked).error, `${key} ${part}`).toBeUndefined()
      for (const field of shape.filter((name) => /^id$|Id$/.test(name)))
        expect(known, `${key} ${part} ${field}`).toContain((asked as Record<string, unknown>)[field])
    }
  }
})

/** As whom a request comes that must be let in nowhere. */
const nobody: [string, () => Promise<Headers>][] = [
  ['a stranger', async () => ({})],
  ['a session of a suspended agent', () => sessionOfTheSuspended()],
  ['a key of a suspended agent', async () => keyOf({ suspended: true })],
  ['a key of an agent who may have none', async () => keyOf({ role: 'agent' })],
  ['an expired key', () => aKeyOf(it, theirs, { expired: true })],
  ['an ended key', () => aKeyOf(it, theirs, { ended: true })],
  ['a key that was never made', async () => ({ authorization: `Bearer ${makeKey(theirs.workspaceId).key}` })],
]
const keyOf = async (state: Parameters<typeof anAgentOf>[2]) =>
  aKeyOf(it, { ...theirs, agentId: await anAgentOf(it, theirs, state) })
async function sessionOfTheSuspended() {
  const agentId = await anAgentOf(it, theirs)
  const headers = await door.signIn({ agentId })
  await sql`update agents set suspended_at = now() where agent_id = ${agentId}`.execute(it.owner)
  return headers
}

test.each(nobody)('%s comes in nowhere, and is not told whether a thing exists', async (_who, asWhom) => {
  const headers = await asWhom()
  const before = await digestOf(it, theirs)
  const closed = closedEntries()
  for (const [key, { ask }] of closed) {
    const real = await call(key, ask(theirs), headers)
    expect(real, key).toMatchObject({ status: 401, code: 'not-signed-in' })
    expect(await call(key, ask(nowhere()), headers), key).toEqual(real)
    expect(await call(key, { ...ask(theirs), body: { no: 'sense' } }, headers), key).toEqual(real)
    if (key.startsWith('GET '))
      expect(await call(key.replace('GET', 'HEAD'), ask(theirs), headers), key).toMatchObject({ status: 401 })
  }

  expect(closed.length).toBeGreaterThan(30)
  expect(await digestOf(it, theirs)).toEqual(before)
})

test('lists and screens hold nothing of another workspace, however one insists', async () => {
  const headers = await door.signIn(ours)
  const lists = Object.entries(entries).filter(([key, it]) => key.startsWith('GET ') && !it.isStream)
  for (const [key, { ask, answers, leadsOn }] of lists) {
    const plain = await call(key, ask(ours), headers)
    const insisted = await call(key, insisting(key, ask(ours)), { ...headers, ...insistingHeaders() })
    expect(plain.code, key).toBe(answers ?? null)
    if (!answers) expect(plain.status, key).toBe(leadsOn ? 302 : 200)
    // A query that takes nothing else says so.
    expect(['bad-input', answers ?? null], key).toContain(insisted.code)
    expectNothingOfTheirs(plain, key)
    expectNothingOfTheirs(insisted, key)
  }
})

test("another workspace's admin and its key find none of its things, wherever a request can name one", async () => {
  const asking = await forEach(Object.keys(entries), () => door.signIn(ours))
  const robin = { ...ours, agentId: await anAgentOf(it, ours) }
  const byKey = await forEach(Object.keys(entries), () => aKeyOf(it, robin))
  const before = await digestOf(it, theirs)
  let named = 0
  for (const [key, entry] of Object.entries(entries)) {
    const headers = asking.get(key)!
    for (const thing of thingsOf(entry, ours)) {
      named += 1
      const isOurs = entry.says?.[thing] === 'ours'
      const real = entry.ask({ ...ours, [thing]: theirs[thing] })
      const none = entry.ask({ ...ours, [thing]: nowhere()[thing] })
      const about = `${key} ${thing}`
      const answer = await call(key, real, headers)
      if (isOurs) expect(answer.status, about).toBe(200)
      else {
        expect(answer.code, about).toBe(entry.says?.[thing] ?? 'not-found')
        expect(await call(key, none, headers), about).toEqual(answer)
        const insisted = await call(key, insisting(key, real), { ...headers, ...insistingHeaders() })
        expect(insisted, about).toEqual(answer)
        const asKey = await call(key, real, byKey.get(key))
        if (contracts.get(key)!.by === 'session') expect(asKey.code, about).toBe('session-only')
        else expect(asKey, about).toEqual(answer)
      }
      expectNothingOfTheirs(answer, about, theirs[thing])
    }
    expect(await digestOf(it, theirs), key).toEqual(before)
  }
  expect(named).toBeGreaterThan(25)
})

test('who sees only their own teams finds no case of another team, wherever a request can name one', async () => {
  const teamId = newId()
  await sql`insert into teams (workspace_id, team_id, name) values (${theirs.workspaceId}, ${teamId}, 'Returns')`.execute(
    it.owner,
  )
  await sql`update cases set team_id = ${teamId} where workspace_id = ${theirs.workspaceId}`.execute(it.owner)
  const headers = await door.signIn({ agentId: await anAgentOf(it, theirs, { sees: 'teams' }) })
  const before = await digestOf(it, theirs)
  let named = 0
  for (const [key, entry] of Object.entries(entries)) {
    for (const thing of thingsOf(entry, ours).filter((name) => isWalled(entry, name))) {
      named += 1
      const answer = await call(key, entry.ask(theirs), headers)
      expect(answer, `${key} ${thing}`).toMatchObject({ status: 404, code: 'not-found' })
      expect(await call(key, entry.ask({ ...theirs, [thing]: nowhere()[thing] }), headers), key).toEqual(
        answer,
      )
    }
  }
  expect((await call('GET /api/cases', { query: { view: 'queue' } }, headers)).text).not.toContain(
    theirs.caseId,
  )

  expect(named).toBeGreaterThan(12)
  expect(await digestOf(it, theirs)).toEqual(before)
  await sql`update cases set team_id = null where workspace_id = ${theirs.workspaceId}`.execute(it.owner)
})

test('who sees only their own teams does nothing that is of the whole workspace, by no route and no key', async () => {
  const agentId = await anAgentOf(it, theirs, { sees: 'teams' })
  const session = await door.signIn({ agentId })
  const key = await aKeyOf(it, { ...theirs, agentId })
  const before = await digestOf(it, theirs)
  const whole = [...contracts].filter(([, { needs = '' }]) =>
    ofTheWholeWorkspace.some((one) => one === needs),
  )
  for (const [name, { by }] of whole)
    for (const headers of by === 'session' ? [session] : [session, key])
      expect(await call(name, entries[name]!.ask(theirs), headers), name).toMatchObject({
        status: 403,
        code: 'whole-workspace-only',
      })

  expect(new Set(whole.map(([, { needs }]) => needs)).size).toBe(ofTheWholeWorkspace.length)
  // A key says when it was last used.
  expect({ ...(await digestOf(it, theirs)), api_keys: before.api_keys }).toEqual(before)
})

const isWalled = ({ says }: Entry, name: keyof Place) => ofACase.includes(name) && says?.[name] !== 'ours'

test('a key may do what was chosen for it and nothing else', async () => {
  const headers = await aKeyOf(it, ours, { may: [] })
  for (const [key, { needs, by }] of contracts) {
    if (needs === undefined || needs === 'signed-in') continue
    const code = by === 'session' ? 'session-only' : 'not-allowed'
    expect(await call(key, entries[key]!.ask(ours), headers), key).toMatchObject({ status: 403, code })
  }
})

test('what only somebody who is here may do, no key does', async () => {
  const headers = await aKeyOf(it, ours)
  const here = [...contracts].filter(([, { by }]) => by === 'session').map(([key]) => key)
  for (const key of here)
    expect(await call(key, entries[key]!.ask(ours), headers), key).toMatchObject({ code: 'session-only' })

  const ofASession = /^\/api\/(session|account|workspaces)\b/
  const own = [...contracts].filter(([, { path, access }]) => ofASession.test(path) && access !== 'anyone')
  expect(own.map(([key]) => key).filter((key) => !here.includes(key))).toEqual([])
  expect(here).toContain('POST /api/keys')
})

test.each(builtInRoles)('what the table does not give a %s, no route does', async (role) => {
  const may: readonly string[] = mayOf(role)
  const agentId = await anAgentOf(it, theirs, { role })
  const headers = await door.signIn({ agentId })
  const before = await digestOf(it, theirs)
  const closed = [...contracts].filter(
    ([, { needs }]) => needs && needs !== 'signed-in' && !may.includes(needs),
  )
  for (const [key] of closed) {
    const { ask } = entries[key]!
    const answer = await call(key, ask(theirs), headers)
    expect(answer, key).toMatchObject({ status: 403, code: 'not-allowed' })
    expect(await call(key, ask({ ...nowhere(), agentId }), headers), key).toEqual(answer)
  }

  expect(closed.length > 0).toBe(role !== 'admin')
  expect(await digestOf(it, theirs)).toEqual(before)
})

test('no write takes a property that its form does not have', async () => {
  const forms = [...contracts].filter(([, route]) => route.body)
  const asking = await forEach([...contracts.keys()], () => door.signIn(ours))
  const before = [await digestOf(it, ours), await digestOf(it, theirs)]
  const extra: Record<string, unknown> = {
    role: 'admin', isAdmin: true, workspaceId: theirs.workspaceId, workspace_id: theirs.workspaceId,
    byAgentId: theirs.agentId, assigneeId: theirs.agentId, status: 'closed', state: 'sent', verified: true,
    consent: true, provenance: 'import', createdAt: '2020-01-01T00:00:00Z', created_at: '2020-01-01T00:00:00Z',
    sentAt: '2020-01-01T00:00:00Z', sent_at: '2020-01-01T00:00:00Z', constructor: { prototype: {} },
  } // biome-ignore format: a list to read
  for (const [key] of forms) {
    const asked = entries[key]!.ask(ours)
    for (const [name, value] of Object.entries(extra)) {
      for (const body of withExtra(asked.body!, name, value)) {
        const answer = await call(key, { ...asked, body }, asking.get(key))
        expect(answer, `${key} ${name}`).toMatchObject({ status: 400 })
      }
    }
  }

  expect(forms.length).toBeGreaterThan(14)
  expect([await digestOf(it, ours), await digestOf(it, theirs)]).toEqual(before)
})

test('the letters of SQL are refused in every address and every query', async () => {
  const agentId = await anAgentOf(it, ours)
  const asking = await forEach(Object.keys(entries), () => door.signIn({ agentId }))
  const before = [await digestOf(it, ours), await digestOf(it, theirs)]
  const letters = [
    "'", "' or '1'='1", "1; drop table notes --", `") or 1=1 --`, '%', '\\', '$1', '*/**/', "'||pg_sleep(9)||'",
    `' union select sealed_secret from channels --`, '\0', 'created_at desc, (select 1)',
  ] // biome-ignore format: a list to read
  const open = Object.entries(entries).filter(([, entry]) => !entry.isStream)
  for (const [key, entry] of open) {
    const asked = entry.ask(ours)
    for (const [part, name] of filtersOf(asked)) {
      // An export is itself in the log: audit.routes.test.ts has hostile words for it.
      const leavesATrace = !key.startsWith('GET ') || key === 'GET /api/audit/export'
      if (entry.words?.includes(name) && leavesATrace) continue
      for (const hostile of letters) {
        const answer = await call(
          key,
          { ...asked, [part]: { ...asked[part], [name]: hostile } },
          asking.get(key),
        )
        const about = `${key} ${part}.${name} = ${hostile}: ${answer.text}`
        if (entry.words?.includes(name)) expect(answer.status, about).toBeLessThan(500)
        else expect(['bad-input', entry.hostile ?? 'bad-input'], about).toContain(answer.code)
      }
    }
  }

  expect([await digestOf(it, ours), await digestOf(it, theirs)]).toEqual(before)
})

// Last, because it changes what it asks for: without it, the walls above could be of requests that nobody could make.
test('the same requests about our own things are answered', async () => {
  const headers = await door.signIn(ours)
  for (const [key, entry] of Object.entries(entries)) {
    if (entry.isStream) continue
    const { status, code, text } = await call(key, entry.ask(ours), headers)
    expect({ key, code, status: code ? 0 : status }, text).toEqual({
      key,
      code: entry.answers ?? null,
      status: entry.answers ? 0 : entry.leadsOn ? 302 : 200,
    })
  }
})

const keysWhere = (isWanted: (entry: Entry) => boolean) =>
  Object.entries(entries)
    .filter(([, entry]) => isWanted(entry))
    .map(([key]) => key)
    .sort()

/** The same request, naming their workspace beside it in every way that a careless server might believe. */
function insisting(key: string, asked: Ask): Ask {
  const wish = { workspaceId: theirs.workspaceId, workspace_id: theirs.workspaceId, role: 'admin' }
  const body = contracts.get(key)!.body ? asked.body : wish
  return { ...asked, query: { ...asked.query, ...wish }, ...(body && { body }) }
}
const insistingHeaders = () => ({ 'x-workspace-id': theirs.workspaceId, 'x-agent-id': theirs.agentId })

function expectNothingOfTheirs(
  { text }: Pick<Answer, 'text'>,
  about: string,
  named?: Place[keyof Place],
): void {
  const said = typeof named === 'string' ? text.replaceAll(named, '') : text
  const ids = Object.values(theirs).filter((value) => typeof value === 'string' && value !== named)
  for (const secret of [...ids, word]) expect(said.includes(String(secret)), `${about}: ${said}`).toBe(false)
}

/** On the form itself, and on whatever form stands within it. */
function withExtra(body: Record<string, unknown>, name: string, value: unknown): Record<string, unknown>[] {
  const inner = Object.entries(body).filter(([, it]) => it && typeof it === 'object' && !Array.isArray(it))
  const forms = [
    { within: body, with: { ...body, [name]: value } },
    ...inner.map(([key, it]) => ({
      within: it as object,
      with: { ...body, [key]: { ...(it as object), [name]: value } },
    })),
  ]
  return forms.filter(({ within }) => !(name in within)).map((it) => it.with)
}

/** Where a request chooses rows: all of its address and query, and the fields of its form that name a thing. */
function filtersOf({ params = {}, query = {}, body = {} }: Ask): ['params' | 'query' | 'body', string][] {
  const things: unknown[] = Object.values(ours)
  const named = Object.keys(body).filter((name) => things.includes(body[name]))
  return [
    ...Object.keys(params).map((name) => ['params', name] as ['params', string]),
    ...Object.keys(query).map((name) => ['query', name] as ['query', string]),
    ...named.map((name) => ['body', name] as ['body', string]),
  ]
}

/** One for each route, made before anything is counted: a single caller would soon have asked too much. */
async function forEach(keys: string[], make: () => Promise<Headers>): Promise<Map<string, Headers>> {
  const made = new Map<string, Headers>()
  for (const key of keys) made.set(key, await make())
  return made
}
