/**
 * The one door for requests: a contract route is checked by its schemas, the agent is known and the workspace is
 * entered before a handler runs. A route that says nothing about access needs a signed-in agent.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Now } from '../base/clock.ts'
import type { AnyRoute, RouteInput, RouteOutput } from '../base/contract.ts'
import { type Db, inWorkspace, type Tx } from '../base/db.ts'
import { Refusal } from '../base/refusal.ts'
import { wellFormed } from '../base/well-formed.ts'
import type { Agent } from './agent.ts'

export type Call<T extends AnyRoute> = RouteInput<T> & {
  request: FastifyRequest
  reply: FastifyReply
  now: Now
  /** The signed-in agent; throws `not-signed-in` on a route for anyone. */
  agent: Agent
  /** One transaction inside the agent's workspace. */
  run<R>(work: (tx: Tx) => Promise<R>): Promise<R>
}
export type Mount = <T extends AnyRoute>(route: T, handle: (call: Call<T>) => Promise<RouteOutput<T>>) => void
export type FindAgent = (request: FastifyRequest) => Promise<Agent | null>

/** The largest form at the door, with every character escaped, is half of it; strangers get no more of our time. */
const mostFromStrangers = 8 * 1024

type Tools = {
  db: Db
  now: Now
  findAgent: FindAgent
  /** Gets every route that is mounted, for the documentation. */
  routes?: AnyRoute[]
}

export function makeMount(app: FastifyInstance, tools: Tools): Mount {
  return (route, handle) => {
    tools.routes?.push(route)
    const { params, query, body } = route
    app.route({
      method: route.method,
      url: route.path,
      ...(route.access === 'anyone' && { bodyLimit: mostFromStrangers }),
      schema: {
        summary: route.summary,
        ...(params && { params }),
        ...(query && { querystring: query }),
        ...(body && { body }),
        response: { 200: route.response },
      },
      // Before the body is read or checked: who may not come in learns nothing from our errors.
      onRequest: async (request) => {
        if (route.access === 'anyone') return
        const agent = await tools.findAgent(request)
        if (!agent) throw new Refusal('not-signed-in')
        agentOf.set(request, agent)
      },
      preValidation: async (request) => {
        request.params = wellFormed(request.params)
        request.query = wellFormed(request.query)
        request.body = wellFormed(request.body)
      },
      handler: async (request, reply) =>
        handle({
          params: request.params,
          query: request.query,
          body: request.body,
          request,
          reply,
          now: tools.now,
          get agent() {
            return knownAgent(request)
          },
          run: (work: (tx: Tx) => Promise<unknown>) =>
            inWorkspace(tools.db, knownAgent(request).workspaceId, work),
        } as unknown as Call<typeof route>),
    })
  }
}

const agentOf = new WeakMap<FastifyRequest, Agent>()

function knownAgent(request: FastifyRequest): Agent {
  const agent = agentOf.get(request)
  if (!agent) throw new Refusal('not-signed-in')
  return agent
}
