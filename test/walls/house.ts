/**
 * The whole house with two workspaces in full use, for the walks over all of its routes: ours, from which is asked,
 * and theirs, of which nothing may come out.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { buildApp } from '../../src/app.ts'
import { newId } from '../../src/base/clock.ts'
import type { AnyRoute } from '../../src/base/contract.ts'
import type { Log } from '../../src/base/log.ts'
import { makePostOffice } from '../../src/base/mail.ts'
import { startLive } from '../../src/cases/live.jobs.ts'
import { makeKey } from '../../src/staff/api-key.ts'
import { type Permission, permissions } from '../../src/staff/permissions.ts'
import { type TestApp, testApp } from '../app.ts'
import { freshDb, type TestDb } from '../db.ts'
import { testKey } from '../key.ts'
import { type Ask, type Entry, entries } from './entries.ts'
import { aPlace, nowhere, type Place } from './place.ts'
import { findContracts, listeningToRoutes } from './routes.ts'

export type Headers = Record<string, string>
export type Answer = { status: number; code: string | null; text: string; headers: Record<string, unknown> }
export type WalledHouse = AsyncDisposable & {
  it: TestDb
  app: FastifyInstance
  door: TestApp
  contracts: Map<string, AnyRoute>
  /** Every route of the server, as it says itself. */
  mounted: string[]
  theirs: Place
  ours: Place
  call(key: string, ask: Ask, headers?: Headers): Promise<Answer>
}

/** The other workspace's word: nothing that holds it may come out. */
export const word = 'kestrel'
export const home = 'http://localhost:4000'

export async function aWalledHouse(options: { log?: Log } = {}): Promise<WalledHouse> {
  const it = await freshDb()
  const contracts = await findContracts()
  const { place } = await aPlace(it, word)
  const theirs = { ...place, wishedReplyId: place.replyId }
  const { place: ours, scene } = await aPlace(it, 'heron')
  const folder = mkdtempSync(join(tmpdir(), 'evenhand-walls-'))
  mkdirSync(join(folder, 'assets'))
  for (const file of ['index.html', 'assets/app.js']) writeFileSync(join(folder, file), '')

  const door = await testApp(it)
  const { connectors, outside } = scene.tools
  const live = startLive({ url: it.url, db: it.db, links: connectors })
  const postOffice = makePostOffice({ mail: null, rehearse: true, allow: [] })
  const house = {
    ...it,
    connectors,
    outside,
    postOffice,
    ways: { open: outside, own: outside },
    live,
    sessions: door.sessions,
    master: testKey,
    ...options,
    folder,
  }
  const settings = { publicUrl: home, proxies: [], jetstreamUrl: null, webFolder: folder }
  const mounted: string[] = []
  const app = await listeningToRoutes(mounted, () =>
    buildApp({ ...house, ...settings, now: () => new Date() }),
  )
  await app.ready()
  return {
    it,
    app,
    door,
    contracts,
    mounted,
    theirs,
    ours,
    call: (key, ask, headers) => callOn(app, key, ask, headers),
    async [Symbol.asyncDispose]() {
      await app.close()
      await door.app.close()
      rmSync(folder, { recursive: true, force: true })
      await it[Symbol.asyncDispose]()
    },
  }
}

async function callOn(
  app: FastifyInstance,
  key: string,
  { params = {}, query, body, bytes }: Ask,
  headers: Headers = {},
): Promise<Answer> {
  const [method, path] = key.split(' ') as ['GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD', string]
  const url = path.replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(params[name]!))
  const payload = method !== 'GET' && method !== 'HEAD' && (body ?? bytes) ? { payload: body ?? bytes } : {}
  const type = bytes && { 'content-type': 'application/octet-stream' }
  const from = { remoteAddress: somewhere(), headers: { ...headers, ...type } }
  const answer = await app.inject({ method, url, ...from, ...(query && { query }), ...payload })
  const isProblem = String(answer.headers['content-type']).includes('problem+json')
  const code = isProblem && method !== 'HEAD' ? answer.json<{ code: string }>().code : null
  return { status: answer.statusCode, code, text: answer.body, headers: answer.headers }
}

/** Each request from a place of its own: who asks for much from one place is soon told to wait. */
let places = 0
const somewhere = () => `10.${(places++ >> 16) & 255}.${(places >> 8) & 255}.${places & 255}`

/** What a caller learns. How much may still be asked is no part of it. */
export const saidBy = ({ status, code, text }: Answer) => ({ status, code, text })

/** What of a place this request names: found by looking, so that an entry cannot leave it out. */
export function thingsOf({ ask }: Entry, ours: Place): (keyof Place)[] {
  const asked = JSON.stringify(ask(ours))
  const other = nowhere()
  const names = Object.keys(ours) as (keyof Place)[]
  return names.filter((name) => JSON.stringify(ask({ ...ours, [name]: other[name] })) !== asked)
}

export const closedEntries = () => Object.entries(entries).filter(([, entry]) => entry.who !== 'anyone')

type AgentState = { role?: string; sees?: 'workspace' | 'teams'; suspended?: boolean }

export async function anAgentOf(it: TestDb, { workspaceId }: Place, state: AgentState = {}): Promise<string> {
  const agentId = newId()
  const { role = 'admin', sees = 'workspace', suspended = false } = state
  await sql`insert into agents (workspace_id, agent_id, user_id, name, email, role, sees, suspended_at)
    values (${workspaceId}, ${agentId}, ${`user-${agentId}`}, 'Robin Doe', ${`${agentId}@care.test`}, ${role}, ${sees},
      ${suspended ? new Date() : null})`.execute(it.owner)
  return agentId
}

type KeyState = { may?: readonly Permission[]; expired?: boolean; ended?: boolean }

/** Headers of a program with a key of this agent. */
export async function aKeyOf(
  it: TestDb,
  { workspaceId, agentId }: Pick<Place, 'workspaceId' | 'agentId'>,
  { may = permissions, expired = false, ended = false }: KeyState = {},
): Promise<{ authorization: string }> {
  const { key, digest, hint } = makeKey(workspaceId)
  await sql`insert into api_keys (workspace_id, agent_id, name, may, digest, hint, expires_at, ended_at)
    values (${workspaceId}, ${agentId}, 'A key', ${[...may]}::text[], ${digest}, ${hint},
      now() + ${expired ? '-1 second' : '1 day'}::interval, ${ended ? new Date() : null})`.execute(it.owner)
  return { authorization: `Bearer ${key}` }
}
