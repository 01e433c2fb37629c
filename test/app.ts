/**
 * The web server of a test: real sessions and walls over a database of one's own, no listening, no port.
 *
 *   const { app, signIn } = await testApp(it, { rooms: (mount, tools) => watchRoutes(mount, tools) })
 *   await app.inject({ url: '/api/watches', headers: await signIn(agent) })
 */
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import type { Now } from '../src/base/clock.ts'
import type { Db } from '../src/base/db.ts'
import { makeServer } from '../src/base/http.ts'
import { type Callers, makeCallers } from '../src/staff/caller.ts'
import { type Mount, makeMount } from '../src/staff/mount.ts'
import { makeSessions, type Sessions } from '../src/staff/session.ts'
import { staffRoutes } from '../src/staff/staff.routes.ts'
import type { TestDb } from './db.ts'
import { testKey } from './key.ts'

export type TestTools = { db: Db; master: Buffer; now: Now; sessions: Sessions; callers: Callers }
export type TestApp = {
  app: FastifyInstance
  sessions: Sessions
  /** Headers of a browser in which this agent is signed in. */
  signIn(agent: { agentId: string }): Promise<{ cookie: string }>
}

export async function testApp(
  it: TestDb,
  options: {
    rooms?: (mount: Mount, tools: TestTools, app: FastifyInstance) => void
    now?: Now
    baseUrl?: string
    signInAllowed?: boolean
    rehearsal?: boolean
    proxies?: string[]
  } = {},
): Promise<TestApp> {
  const { now = () => new Date(), baseUrl = 'http://localhost:4000', signInAllowed = true } = options
  const sessions = makeSessions({
    pool: it.pool,
    db: it.db,
    master: testKey,
    baseUrl,
    signInAllowed,
    rehearsal: options.rehearsal ?? false,
    now,
  })
  const callers = makeCallers({ db: it.db, sessions, now })
  const app = await makeServer({
    publicUrl: baseUrl,
    proxies: options.proxies ?? [],
    visitorOf: callers.visitorOf,
  })
  const mount = makeMount(app, { db: it.db, master: testKey, now, findAgent: callers.findAgent })
  staffRoutes(mount, { db: it.db, sessions })
  options.rooms?.(mount, { db: it.db, master: testKey, now, sessions, callers }, app)
  app.post<{ Params: { userId: string } }>('/test/enter/:userId', async (request, reply) => {
    await sessions.enter(request.params.userId, { request, reply })
    return { done: true }
  })

  async function signIn({ agentId }: { agentId: string }) {
    // Agents that tests insert have no way in of their own.
    const made = await sql<{ id: string }>`
      insert into auth_users (id, name, email) select user_id, name, agent_id || '@test.invalid' from agents
      where agent_id = ${agentId} on conflict (id) do update set name = excluded.name returning id`.execute(
      it.owner,
    )
    const answer = await app.inject({ method: 'POST', url: `/test/enter/${made.rows[0]!.id}` })
    return { cookie: cookieOf(answer) }
  }
  return { app, sessions, signIn }
}

/** What a browser would send back. */
export function cookieOf(answer: { headers: Record<string, unknown> }): string {
  const set = [answer.headers['set-cookie'] ?? []].flat() as string[]
  const kept = set.map((line) => line.split(';')[0]!).filter((pair) => !pair.endsWith('='))
  return kept.join('; ')
}
