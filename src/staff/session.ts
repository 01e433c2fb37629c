/**
 * Who is at the door: sessions by cookie, kept by better-auth, asked for on every request.
 *
 * In:  a request with a cookie, or an address and a password, or a user who came by a link.
 * Out: the agent, or the cookies that let them in or out. Signing out works at once in this process and within
 *      `rememberedMs` in others: that long a known session is not asked for again.
 */
import { APIError } from 'better-auth/api'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type pg from 'pg'
import type { Now } from '../base/clock.ts'
import type { Db } from '../base/db.ts'
import { Refusal } from '../base/refusal.ts'
import { isSafeWay } from '../base/safe-way.ts'
import type { MasterKey } from '../base/secret.ts'
import type { Agent } from './agent.ts'
import { makeAuth } from './auth.ts'
import type { FindAgent } from './mount.ts'
import { findAgentOfSession, forgetOldSessions } from './staff.sql.ts'
import { makeThrottle } from './throttle.ts'

const rememberedMs = 1_000
const tenMinutes = 10 * 60 * 1000

export type Sessions = {
  findAgent: FindAgent
  /** Which session a request belongs to, by its signed cookie alone; it may have ended. Never leaves the server. */
  tokenOf(request: FastifyRequest): Promise<string | null>
  /** Hears of every session that this process ends, at once. */
  onEnd(hear: (token: string) => void): void
  /** False over plain HTTP on anything but localhost: a password would cross the network in the open. */
  signInAllowed: boolean
  /** The same, for the way that this request came. */
  whyBlocked(request: FastifyRequest): 'not-https' | null
  rehearsal: boolean
  hashPassword(password: string): Promise<string>
  /** Lets a user in without a password: after setting up, or by a printed link. */
  enter(userId: string, call: Door): Promise<void>
  signIn(credentials: { email: string; password: string }, call: Door): Promise<void>
  signOut(call: Door): Promise<void>
  /** This session is in another workspace now: asked for anew, its streams end. */
  moved(token: string): Promise<void>
  /** These were deleted elsewhere, with what ended them: known here at once. */
  ended(tokens: readonly string[]): void
}
type Door = { request: FastifyRequest; reply: FastifyReply }

export function makeSessions(options: {
  pool: pg.Pool
  db: Db
  master: MasterKey
  baseUrl: string
  signInAllowed: boolean
  rehearsal: boolean
  now: Now
}): Sessions {
  const auth = makeAuth(options)
  const known = rememberAgents(options.db, options.now)
  // An office shares one address of the network; a person has one of their own.
  const perAccount = makeThrottle({ tries: 10, windowMs: tenMinutes, now: options.now })
  const perPlace = makeThrottle({ tries: 30, windowMs: tenMinutes, now: options.now })

  const hearers: ((token: string) => void)[] = []

  const tokenOf = async (request: FastifyRequest) =>
    request.headers.cookie ? auth.api.readToken({ headers: cookiesOf(request) }) : null

  /** A new session never continues an old one of the same browser. */
  async function letIn({ request, reply }: Door, headers: Headers): Promise<void> {
    const old = await tokenOf(request)
    if (old) await end(old)
    await forgetOldSessions(options.db)
    reply.header('set-cookie', headers.getSetCookie())
  }
  async function end(token: string): Promise<void> {
    await auth.api.endSession({ body: { token } })
    known.forget(token)
    for (const hear of hearers) hear(token)
  }

  return {
    tokenOf,
    onEnd: (hear) => void hearers.push(hear),
    signInAllowed: options.signInAllowed,
    whyBlocked: (request) =>
      options.signInAllowed && isSafeWay(request, options.baseUrl) ? null : 'not-https',
    rehearsal: options.rehearsal,
    async findAgent(request) {
      const token = await tokenOf(request)
      return token ? known.find(token) : null
    },
    hashPassword: async (password) => (await auth.$context).password.hash(password),
    async enter(userId, call) {
      const { headers } = await auth.api.enter({ body: { userId }, returnHeaders: true })
      await letIn(call, headers)
    },
    async signIn(credentials, call) {
      const account = credentials.email.toLowerCase()
      const keys: [typeof perAccount, string][] = [
        [perAccount, account],
        [perPlace, call.request.ip],
      ]
      if (!keys.every(([throttle, key]) => throttle.take(key))) throw new Refusal('too-many-tries')
      const headers = await signInByPassword(auth, credentials)
      for (const [throttle, key] of keys) throttle.giveBack(key)
      await letIn(call, headers)
    },
    async moved(token) {
      await known.renew(token)
      for (const hear of hearers) hear(token)
    },
    ended(tokens) {
      for (const token of tokens) {
        known.forget(token)
        for (const hear of hearers) hear(token)
      }
    },
    async signOut({ request, reply }) {
      const token = await tokenOf(request)
      // Ended by ourselves first: better-auth would call it a success when the database did not answer.
      if (token) await end(token)
      const { headers } = await auth.api.signOut({ headers: cookiesOf(request), returnHeaders: true })
      reply.header('set-cookie', headers.getSetCookie())
    },
  }
}

const cookiesOf = (request: FastifyRequest) => new Headers({ cookie: request.headers.cookie ?? '' })

async function signInByPassword(
  auth: ReturnType<typeof makeAuth>,
  body: { email: string; password: string },
): Promise<Headers> {
  try {
    return (await auth.api.signInEmail({ body, returnHeaders: true })).headers
  } catch (error) {
    // One answer for an unknown address and a wrong password; better-auth hashes in both cases.
    if (error instanceof APIError && error.statusCode < 500) throw new Refusal('sign-in-failed')
    throw error
  }
}

/** A short memory in front of the database. Forgetting leaves a mark, so that a lookup under way cannot undo it. */
function rememberAgents(db: Db, now: Now) {
  const remembered = new Map<string, { agent: Agent | null; until: number }>()
  const keep = (token: string, agent: Agent | null) => {
    if (remembered.size >= 5_000) remembered.clear()
    remembered.set(token, { agent, until: now().getTime() + rememberedMs })
  }
  const fresh = (token: string) => {
    const entry = remembered.get(token)
    return entry && entry.until > now().getTime() ? entry : undefined
  }
  return {
    async find(token: string): Promise<Agent | null> {
      const entry = fresh(token)
      if (entry) return entry.agent
      const agent = await findAgentOfSession(db, token)
      const meanwhile = fresh(token)
      if (meanwhile) return meanwhile.agent
      keep(token, agent)
      return agent
    },
    forget: (token: string) => keep(token, null),
    renew: async (token: string) => keep(token, await findAgentOfSession(db, token)),
  }
}
