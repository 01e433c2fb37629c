/**
 * P8 over HTTP (S-01, S-03, S-19, S-27): every route that the house mounts, asked by those who may not, about things
 * that exist. What a route is asked stands in walls/entries.ts; a route without an entry fails here.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { buildApp } from '../src/app.ts'
import { newId } from '../src/base/clock.ts'
import type { AnyRoute } from '../src/base/contract.ts'
import { startLive } from '../src/cases/live.jobs.ts'
import { builtInRoles, mayOf } from '../src/staff/permissions.ts'
import { type TestApp, testApp } from './app.ts'
import { freshDb, type TestDb } from './db.ts'
import { testKey } from './key.ts'
import { type Ask, type Entry, entries } from './walls/entries.ts'
import { aPlace, digestOf, nowhere, type Place } from './walls/place.ts'
import { findContracts, listeningToRoutes } from './walls/routes.ts'

type Headers = Record<string, string>
type Answer = { status: number; code: string | null; text: string }

/** What is served besides the contracts. None of it knows a workspace. */
const outsideTheContracts = ['/*', '/assets/app.js', '/healthz', '/index.html', '/readyz']
const forAnyone = ['GET /api/door', 'POST /api/session', 'POST /api/setup', 'POST /api/sign-in-link']

/** The other workspace's word: nothing that holds it may come out. */
const word = 'kestrel'

let it: TestDb
let app: FastifyInstance
let door: TestApp
let contracts: Map<string, AnyRoute>
let mounted: string[]
let theirs: Place
let ours: Place
let folder: string

beforeAll(async () => {
  it = await freshDb()
  contracts = await findContracts()
  const { place } = await aPlace(it, word)
  theirs = { ...place, wishedReplyId: place.replyId }
  const home = await aPlace(it, 'heron')
  ours = home.place
  folder = mkdtempSync(join(tmpdir(), 'evenhand-walls-'))
  mkdirSync(join(folder, 'assets'))
  for (const file of ['index.html', 'assets/app.js']) writeFileSync(join(folder, file), '')

  door = await testApp(it)
  const { connectors, outside } = home.scene.tools
  const live = startLive({ url: it.url, db: it.db, links: connectors })
  const house = { ...it, ...{ connectors, outside, live, sessions: door.sessions, master: testKey } }
  const settings = { publicUrl: 'http://localhost:4000', proxies: [], jetstreamUrl: null, webFolder: folder }
  mounted = []
  app = await listeningToRoutes(mounted, () => buildApp({ ...house, ...settings, now: () => new Date() }))
  await app.ready()
})
afterAll(async () => {
  await app?.close()
  await door?.app.close()
  rmSync(folder, { recursive: true, force: true })
  await it[Symbol.asyncDispose]()
})

test('what is mounted is what the contracts say, and every route of it has its entry', () => {
  const here = mounted.filter((key) => key.includes(' /api/') && !key.startsWith('HEAD ')).sort()
  const rest = mounted.filter((key) => !key.includes(' /api/') && !key.startsWith('HEAD ')).sort()

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

test('nobody who is not signed in comes in, and none is told whether a thing exists', async () => {
  const before = await digestOf(it, theirs)
  const closed = Object.entries(entries).filter(([, entry]) => entry.who !== 'anyone')
  for (const [key, { ask }] of closed) {
    const real = await call(key, ask(theirs))
    expect(real, key).toMatchObject({ status: 401, code: 'not-signed-in' })
    expect(await call(key, ask(nowhere())), key).toEqual(real)
    expect(await call(key, { ...ask(theirs), body: { no: 'sense' } }), key).toEqual(real)
    if (key.startsWith('GET '))
      expect(await call(key.replace('GET', 'HEAD'), ask(theirs)), key).toMatchObject({ status: 401 })
  }

  expect(closed.length).toBeGreaterThan(30)
  expect(await digestOf(it, theirs)).toEqual(before)
})

test('lists and screens hold nothing of another workspace, however one insists', async () => {
  const headers = await door.signIn(ours)
  const lists = Object.entries(entries).filter(([key, it]) => key.startsWith('GET ') && !it.isStream)
  for (const [key, { ask }] of lists) {
    const plain = await call(key, ask(ours), headers)
    const insisted = await call(key, insisting(key, ask(ours)), { ...headers, ...insistingHeaders() })
    expect([plain.status, insisted.status], key).toEqual([200, 200])
    expectNothingOfTheirs(plain, key)
    expectNothingOfTheirs(insisted, key)
  }
})

test("another workspace's admin finds none of its things, wherever a request can name one", async () => {
  const headers = await door.signIn(ours)
  const before = await digestOf(it, theirs)
  let named = 0
  for (const [key, entry] of Object.entries(entries)) {
    for (const thing of thingsOf(entry)) {
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
        expect(await call(key, insisting(key, real), { ...headers, ...insistingHeaders() }), about).toEqual(
          answer,
        )
      }
      expectNothingOfTheirs(answer, about, theirs[thing])
    }
    expect(await digestOf(it, theirs), key).toEqual(before)
  }
  expect(named).toBeGreaterThan(25)
})

test.each(builtInRoles)('what the table does not give a %s, no route does', async (role) => {
  const may: readonly string[] = mayOf(role)
  const agentId = await anAgentOf(theirs, role)
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
  const headers = await door.signIn(ours)
  const before = [await digestOf(it, ours), await digestOf(it, theirs)]
  const extra: Record<string, unknown> = {
    role: 'admin', isAdmin: true, workspaceId: theirs.workspaceId, workspace_id: theirs.workspaceId,
    byAgentId: theirs.agentId, assigneeId: theirs.agentId, status: 'closed', state: 'sent', verified: true,
    consent: true, provenance: 'import', createdAt: '2020-01-01T00:00:00Z', created_at: '2020-01-01T00:00:00Z',
    sentAt: '2020-01-01T00:00:00Z', sent_at: '2020-01-01T00:00:00Z', constructor: { prototype: {} },
  } // biome-ignore format: a list to read
  const forms = [...contracts].filter(([, route]) => route.body)
  for (const [key] of forms) {
    const asked = entries[key]!.ask(ours)
    for (const [name, value] of Object.entries(extra)) {
      for (const body of withExtra(asked.body!, name, value)) {
        const answer = await call(key, { ...asked, body }, headers)
        expect(answer, `${key} ${name}`).toMatchObject({ status: 400 })
      }
    }
  }

  expect(forms.length).toBeGreaterThan(14)
  expect([await digestOf(it, ours), await digestOf(it, theirs)]).toEqual(before)
})

test('the letters of SQL are refused in every address and every query', async () => {
  const headers = await door.signIn({ agentId: await anAgentOf(ours, 'admin') })
  const before = [await digestOf(it, ours), await digestOf(it, theirs)]
  const letters = [
    "'", "' or '1'='1", "1; drop table notes --", `") or 1=1 --`, '%', '\\', '$1', '*/**/', "'||pg_sleep(9)||'",
    `' union select sealed_secret from channels --`, '\0', 'created_at desc, (select 1)',
  ] // biome-ignore format: a list to read
  const open = Object.entries(entries).filter(([, entry]) => !entry.isStream)
  for (const [key, entry] of open) {
    const asked = entry.ask(ours)
    for (const [part, name] of filtersOf(asked)) {
      for (const hostile of letters) {
        const answer = await call(key, { ...asked, [part]: { ...asked[part], [name]: hostile } }, headers)
        const about = `${key} ${part}.${name} = ${hostile}: ${answer.text}`
        expect(['bad-input', entry.hostile ?? 'bad-input'], about).toContain(answer.code)
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
      status: entry.answers ? 0 : 200,
    })
  }
})

async function call(key: string, { params = {}, query, body }: Ask, headers: Headers = {}): Promise<Answer> {
  const [method, path] = key.split(' ') as ['GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD', string]
  const url = path.replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(params[name]!))
  const payload = method !== 'GET' && method !== 'HEAD' && body ? { payload: body } : {}
  const answer = await app.inject({ method, url, headers, ...(query && { query }), ...payload })
  const isProblem = String(answer.headers['content-type']).includes('problem+json')
  const code = isProblem && method !== 'HEAD' ? answer.json<{ code: string }>().code : null
  return { status: answer.statusCode, code, text: answer.body }
}

const keysWhere = (isWanted: (entry: Entry) => boolean) =>
  Object.entries(entries)
    .filter(([, entry]) => isWanted(entry))
    .map(([key]) => key)
    .sort()

/** What of a place this request names: found by looking, so that an entry cannot leave it out. */
function thingsOf({ ask }: Entry): (keyof Place)[] {
  const asked = JSON.stringify(ask(ours))
  const other = nowhere()
  const names = Object.keys(ours) as (keyof Place)[]
  return names.filter((name) => JSON.stringify(ask({ ...ours, [name]: other[name] })) !== asked)
}

/** The same request, naming their workspace beside it in every way that a careless server might believe. */
function insisting(key: string, asked: Ask): Ask {
  const wish = { workspaceId: theirs.workspaceId, workspace_id: theirs.workspaceId, role: 'admin' }
  const body = contracts.get(key)!.body ? asked.body : wish
  return { ...asked, query: { ...asked.query, ...wish }, ...(body && { body }) }
}
const insistingHeaders = () => ({ 'x-workspace-id': theirs.workspaceId, 'x-agent-id': theirs.agentId })

function expectNothingOfTheirs({ text }: Answer, about: string, named?: Place[keyof Place]): void {
  const said = typeof named === 'string' ? text.replaceAll(named, '') : text
  const ids = Object.values(theirs).filter((value) => typeof value === 'string' && value !== named)
  for (const secret of [...ids, word]) expect(said.includes(String(secret)), `${about}: ${said}`).toBe(false)
}

/** On the form itself, and on whatever form stands within it. */
function withExtra(body: Record<string, unknown>, name: string, value: unknown): Record<string, unknown>[] {
  const inner = Object.entries(body).filter(([, it]) => it && typeof it === 'object' && !Array.isArray(it))
  return [
    { ...body, [name]: value },
    ...inner.map(([key, it]) => ({ ...body, [key]: { ...(it as object), [name]: value } })),
  ]
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

async function anAgentOf({ workspaceId }: Place, role: string): Promise<string> {
  const agentId = newId()
  await sql`insert into agents (workspace_id, agent_id, user_id, name, email, role)
    values (${workspaceId}, ${agentId}, ${`user-${agentId}`}, 'Robin Doe', 'robin@care.test', ${role})`.execute(
    it.owner,
  )
  return agentId
}
