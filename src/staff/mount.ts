/**
 * The one door for requests: a contract route is checked by its schemas, the agent is known and the workspace is
 * entered before a handler runs; what they may not do is refused before their words are read.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Now } from '../base/clock.ts'
import type { AnyRoute, RouteInput, RouteOutput } from '../base/contract.ts'
import { type Db, inWorkspace, narrowToTeams, type Tx } from '../base/db.ts'
import { failpoint } from '../base/failpoint.ts'
import { Refusal, refuseIf } from '../base/refusal.ts'
import type { MasterKey } from '../base/secret.ts'
import { wellFormed } from '../base/well-formed.ts'
import type { Agent } from './agent.ts'
import { type AuditEntry, appendAudit } from './audit.sql.ts'
import { isPermission, type Permission, whyNot } from './permissions.ts'
import { asOfNow } from './staff.sql.ts'
import { claimWish, findGranted, Granted, grantWish, readWish, type Wish } from './wish.sql.ts'

export type Call<T extends AnyRoute> = RouteInput<T> & {
  /** The body of a route that takes bytes. */
  bytes: Buffer
  request: FastifyRequest
  reply: FastifyReply
  now: Now
  /** The signed-in agent; throws `not-signed-in` on a route for anyone. */
  agent: Agent
  /** One transaction inside the agent's workspace, to read, or for what is not theirs to answer for. */
  run: Run
  /** What this request changes, in one transaction with its row in the audit log. What it answers is the answer. */
  change: Change<RouteOutput<T>>
  /** For a change made together with those of others (together.ts): what `change` would write beside it. */
  beside: Beside
}
export type Run = <R>(work: (tx: Tx) => Promise<R>) => Promise<R>
export type Change<Out> = (work: (tx: Tx, tell: Tell) => Promise<Out>) => Promise<Out>
/** What the audit log says beside who did what: ids and states, never words of people, never secrets. */
export type Tell = (about: { onId?: string; content?: Record<string, unknown> }) => void
export type Beside = { wish: Wish | null; entryOf: (about: Parameters<Tell>[0]) => AuditEntry | null }
export type Mount = <T extends AnyRoute>(
  route: T,
  handle: (call: Call<T>) => Promise<RouteOutput<T>>,
  /** `together`: the handler hands its change to together.ts, which asks by itself whether it was done before. */
  how?: { together: true },
) => void
export type FindAgent = (request: FastifyRequest) => Promise<Agent | null>

/** The largest form at the door, with every character escaped, is half of it; strangers get no more of our time. */
const mostFromStrangers = 8 * 1024

type Tools = {
  db: Db
  master: MasterKey
  now: Now
  findAgent: FindAgent
  /** Gets every route that is mounted, for the documentation. */
  routes?: AnyRoute[]
}

export function makeMount(app: FastifyInstance, tools: Tools): Mount {
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, bytes, done) =>
    done(null, bytes),
  )
  return (route, handle, how) => {
    const needed = neededBy(route)
    tools.routes?.push(route)
    const { params, query, body } = route
    app.route({
      method: route.method,
      url: route.path,
      ...(route.access === 'anyone' && { bodyLimit: mostFromStrangers }),
      ...(route.bytes && { bodyLimit: route.bytes.most }),
      config: { isStream: route.media === 'text/event-stream' },
      schema: {
        summary: route.summary,
        ...(params && { params }),
        ...(query && { querystring: query }),
        ...(body && { body }),
        response: { 200: route.response },
      },
      // Before the body is read or checked: who may not come in learns nothing from our errors.
      onRequest: async (request, reply) => {
        if (needed === 'nothing') return
        const agent = await tools.findAgent(request)
        if (!agent) {
          if (request.headers.authorization) reply.header('www-authenticate', 'Bearer')
          throw new Refusal('not-signed-in')
        }
        if (route.by === 'session' && agent.keyId) throw new Refusal('session-only')
        if (needed !== 'signed-in') refuseIf(whyNot(agent, needed))
        agentOf.set(request, agent)
      },
      preValidation: async (request) => {
        request.params = wellFormed(request.params)
        request.query = wellFormed(request.query)
        if (Buffer.isBuffer(request.body) !== (route.bytes !== undefined))
          throw new Refusal('bad-input', `this takes ${route.bytes ? 'application/octet-stream' : 'JSON'}`)
        if (!route.bytes) request.body = wellFormed(request.body)
      },
      handler: async (request, reply) => {
        const wish = needed === 'nothing' ? null : readWish(route, request, knownAgent(request))
        const run: Run = (work) => {
          const agent = knownAgent(request)
          return inWorkspace(tools.db, agent.workspaceId, async (tx) => {
            await narrowToTeams(tx, agent.teamIds)
            return work(tx)
          })
        }
        const beside: Beside = {
          wish,
          entryOf: (about) => (route.act ? entryOf(route.act, request, about, tools.now()) : null),
        }
        const change = async (work: (tx: Tx, tell: Tell) => Promise<unknown>) => {
          const answer = await run(async (tx) => {
            // A network may have been asked for seconds meanwhile: what they may do is asked for again.
            const agent = await asOfNow(tx, knownAgent(request))
            if (!agent) throw new Refusal('changed-meanwhile')
            if (needed !== 'signed-in' && needed !== 'nothing') refuseIf(whyNot(agent, needed))
            agentOf.set(request, agent)
            await narrowToTeams(tx, agent.teamIds)
            if (wish) await claimWish(tx, wish, tools)
            let about: Parameters<Tell>[0] = {}
            const answer = await work(tx, (told) => {
              about = { ...about, ...told }
            })
            const entry = beside.entryOf(about)
            if (entry) await appendAudit(tx, entry)
            if (wish) await grantWish(tx, wish, withoutSecrets(answer, route.once), tools)
            return answer
          })
          if (wish) failpoint('before_answer')
          return answer
        }
        try {
          if (wish && !how?.together) await run((tx) => findGranted(tx, wish, tools))
          return await handle({
            params: request.params,
            query: request.query,
            body: route.bytes ? undefined : request.body,
            bytes: request.body,
            request,
            reply,
            now: tools.now,
            run,
            change,
            beside,
            get agent() {
              return knownAgent(request)
            },
          } as unknown as Call<typeof route>)
        } catch (error) {
          if (!(error instanceof Granted)) throw error
          reply.header('idempotent-replayed', 'true')
          return error.answer
        }
      },
    })
  }
}

/** A route that names no permission of the table would be open to nobody knows whom: the program does not start. */
function neededBy(route: AnyRoute): Permission | 'signed-in' | 'nothing' {
  if (route.access === 'anyone') return 'nothing'
  const { needs = '' } = route
  if (needs === 'signed-in' || isPermission(needs)) return needs
  throw new Error(`${route.method} ${route.path} needs '${needs}', which is no permission`)
}

function entryOf(act: string, request: FastifyRequest, about: Parameters<Tell>[0], at: Date): AuditEntry {
  const agent = knownAgent(request)
  const { id = null } = (request.params ?? {}) as { id?: string }
  return {
    act,
    at,
    byAgentId: agent.agentId,
    byKeyId: agent.keyId,
    onId: about.onId ?? id,
    ...(about.content && { content: about.content }),
  }
}

/** What is kept for who asks again: never what is shown once. */
function withoutSecrets(answer: unknown, once: readonly string[] = []): unknown {
  return once.length === 0
    ? answer
    : { ...(answer as object), ...Object.fromEntries(once.map((it) => [it, null])) }
}

const agentOf = new WeakMap<FastifyRequest, Agent>()

function knownAgent(request: FastifyRequest): Agent {
  const agent = agentOf.get(request)
  if (!agent) throw new Refusal('not-signed-in')
  return agent
}
