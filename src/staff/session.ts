/**
 * Who is at the door: sessions by cookie, kept by better-auth, asked for on every request.
 *
 * In:  a request with a cookie; or an address and a password, a code, a passkey; or a user who came by a link.
 * Out: the agent, or the cookies that let them in or out. Every way in and every step up is a new session. Signing out
 *      works at once in this process and within `rememberedMs` in others: that long a known session is not asked for again.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type pg from 'pg'
import type { Now } from '../base/clock.ts'
import { type Db, inWorkspace } from '../base/db.ts'
import { Refusal } from '../base/refusal.ts'
import { isSafeWay } from '../base/safe-way.ts'
import type { MasterKey } from '../base/secret.ts'
import type { Agent } from './agent.ts'
import { appendAudit } from './audit.sql.ts'
import { makeNoteRefused } from './audit-refused.ts'
import { type Auth, makeAuth } from './auth.ts'
import { cookiesOf, strangersCookies, type TypedCode, tryCode, tryPassword } from './door-steps.ts'
import type { FindAgent } from './mount.ts'
import type { OwnSession } from './own-account.ts'
import { findOwnSession, forgetOldSessions, saveSeen, saveWay, type Way } from './own-session.sql.ts'
import { savePasskeyUse } from './passkey.sql.ts'
import { askToEnter, enterByPasskey, type Options } from './passkey.ts'
import type { UsedPasskey } from './passkey-contract.ts'
import { claimCode } from './second-factor.sql.ts'
import { readCode } from './second-factor.ts'
import { findAgentOfSession } from './staff.sql.ts'
import { makeBounds, makeThrottle, placeOf } from './throttle.ts'

const rememberedMs = 1_000
const tenMinutes = 10 * 60 * 1000

export type Sessions = {
  findAgent: FindAgent
  /** Which session a request belongs to, by its signed cookie alone; it may have ended. Never leaves the server. */
  tokenOf(request: FastifyRequest): Promise<string | null>
  /** The session that a person is here by. A key has none: what is a person's own is not for programs. */
  own(call: { request: FastifyRequest; agent: Agent }): Promise<OwnSession>
  /** Hears of every session that this process ends, at once. */
  onEnd(hear: (token: string) => void): void
  /** This session is in another workspace now: asked for anew, its streams end. */
  moved(token: string): Promise<void>
  /** These were deleted elsewhere, with what ended them: known here at once. */
  ended(tokens: readonly string[]): void
  /** False over plain HTTP on anything but localhost: a password would cross the network in the open. */
  signInAllowed: boolean
  /** The same, for the way that this request came. */
  whyBlocked(request: FastifyRequest): 'not-https' | null
  rehearsal: boolean
  /** For what else is kept by better-auth: second factors and passkeys. */
  auth: Auth
  hashPassword(password: string): Promise<string>
  /** Counts tries; throws `wrong-password`, also when the person has none. */
  checkPassword(userId: string, password: string): Promise<void>
  /**
   * Lets a user in without a password, and without asking for their second factor: after setting up, by a link that
   * proves as much, or by single sign-on of a workspace. After a reset of the password people sign in instead.
   */
  enter(userId: string, call: Door, how?: Way): Promise<void>
  /** A new id for this session, which counts as signed in just now. Only after a proof of who it is. */
  renew(call: Door & { agent: Agent }): Promise<void>
  /** Sends the cookies that better-auth answered a step with, and ends the session that the browser had. */
  letIn(call: Door, headers: Headers, how: Way): Promise<void>
  /** `half` is who has a second factor: `giveCode` comes next. */
  signIn(credentials: { email: string; password: string }, call: Door): Promise<'inside' | 'half'>
  giveCode(typed: TypedCode, call: Door): Promise<void>
  askPasskey(call: Door): Promise<Options>
  givePasskey(signed: UsedPasskey, call: Door): Promise<void>
  signOut(call: Door): Promise<void>
}
export type Door = { request: FastifyRequest; reply: FastifyReply }

export function makeSessions(options: {
  pool: pg.Pool
  db: Db
  master: MasterKey
  baseUrl: string
  signInAllowed: boolean
  rehearsal: boolean
  now: Now
}): Sessions {
  const { db, now } = options
  const auth = makeAuth(options)
  const known = rememberAgents(db, now)
  const seen = noteSeen(db, now)
  const throttleOf = (tries: number) => makeThrottle({ tries, windowMs: tenMinutes, now })
  const guesses = makeBounds({ perPlace: 30, here: 10, everywhere: 100 }, now)
  const passkeyTries = throttleOf(30)
  const perPerson = throttleOf(10)
  const codesPerPerson = throttleOf(10)
  const noteRefused = makeNoteRefused(options)
  const passkeysPerPlace = throttleOf(300)

  const hearers: ((token: string) => void)[] = []

  const readToken = (cookie: string) => auth.api.readToken({ headers: new Headers({ cookie }) })
  const tokenOf = async (request: FastifyRequest) =>
    request.headers.cookie ? readToken(request.headers.cookie) : null

  async function own({ request, agent }: { request: FastifyRequest; agent: Agent }): Promise<OwnSession> {
    if (agent.keyId) throw new Refusal('session-only')
    const token = await tokenOf(request)
    const found = token && (await findOwnSession(db, token))
    if (!found || found.userId !== agent.userId) throw new Refusal('not-signed-in')
    return found
  }

  /** A new session never continues an old one of the same browser. */
  async function letIn({ request, reply }: Door, headers: Headers, how: Way): Promise<string> {
    const cookies = headers.getSetCookie()
    const token = await readToken(cookies.map((line) => line.split(';')[0]).join('; '))
    if (!token) throw new Error('let in without a session')
    const userAgent = request.headers['user-agent'] ?? ''
    await saveWay(db, token, { ...how, ip: request.ip, userAgent, at: now() })
    const old = await tokenOf(request)
    if (old) await end(old)
    await forgetOldSessions(db)
    reply.header('set-cookie', cookies)
    return token
  }
  /** Who came in by themselves, for the log of the workspace where they find themselves. */
  async function comeIn(call: Door, headers: Headers, by: Way['by']): Promise<void> {
    const token = await letIn(call, headers, { by })
    const agent = await findAgentOfSession(db, token)
    if (!agent) return
    const entry = { act: 'session.begun', at: now(), byAgentId: agent.agentId, content: { by } }
    await inWorkspace(db, agent.workspaceId, (tx) => appendAudit(tx, entry))
  }
  async function enter(userId: string, call: Door, how: Way = { by: 'link' }): Promise<void> {
    const { headers } = await auth.api.enter({ body: { userId }, returnHeaders: true })
    await letIn(call, headers, how)
  }

  function ended(tokens: readonly string[]): void {
    for (const token of tokens) known.forget(token)
    for (const token of tokens) for (const hear of hearers) hear(token)
  }
  async function end(token: string): Promise<void> {
    await auth.api.endSession({ body: { token } })
    ended([token])
  }

  return {
    tokenOf,
    own,
    onEnd: (hear) => void hearers.push(hear),
    async moved(token) {
      await known.renew(token)
      for (const hear of hearers) hear(token)
    },
    ended,
    signInAllowed: options.signInAllowed,
    whyBlocked: (request) =>
      options.signInAllowed && isSafeWay(request, options.baseUrl) ? null : 'not-https',
    rehearsal: options.rehearsal,
    auth,
    async findAgent(request) {
      const token = await tokenOf(request)
      const agent = token ? await known.find(token) : null
      if (token && agent) seen(token, request.ip)
      return agent
    },
    hashPassword: async (password) => (await auth.$context).password.hash(password),
    async checkPassword(userId, password) {
      if (!perPerson.take(userId)) throw new Refusal('too-many-tries')
      const { internalAdapter, password: hashes } = await auth.$context
      const accounts = await internalAdapter.findAccounts(userId)
      const hash = accounts.find((it) => it.providerId === 'credential')?.password
      if (!hash || !(await hashes.verify({ hash, password }))) throw new Refusal('wrong-password')
      perPerson.giveBack(userId)
    },
    enter,
    async renew(call) {
      const { userId, signedInBy, onlyWorkspaceId, workspaceId } = await own(call)
      await enter(userId, call, { by: signedInBy, onlyWorkspaceId, workspaceId })
    },
    letIn: async (call, headers, how) => void (await letIn(call, headers, how)),
    async signIn(credentials, call) {
      const account = credentials.email.toLowerCase()
      const place = placeOf(call.request)
      if (!guesses.take(place, account)) throw new Refusal('too-many-tries')
      const { headers, isHalf } = await tryPassword(auth, credentials).catch((error) => {
        if (error instanceof Refusal) noteRefused({ email: account })
        throw error
      })
      guesses.giveBack(place, account)
      if (isHalf) call.reply.header('set-cookie', headers.getSetCookie())
      else await comeIn(call, headers, 'password')
      return isHalf ? 'half' : 'inside'
    },
    async giveCode(typed, call) {
      const cookies = await strangersCookies(auth, call.request)
      const userId = await auth.api.readPending({ headers: cookies })
      if (!userId) throw new Refusal('start-again')
      if (!codesPerPerson.take(userId)) throw new Refusal('too-many-tries')
      const wrong = () => {
        noteRefused({ userId })
        return new Refusal('sign-in-failed')
      }
      const isFirst = typed.kind === 'recovery' || (await claimCode(db, userId, readCode(typed.code)))
      if (!isFirst) throw wrong()
      const headers = await tryCode(auth, typed, cookies).catch((error) => {
        throw error instanceof Refusal && error.code === 'sign-in-failed' ? wrong() : error
      })
      codesPerPerson.giveBack(userId)
      await comeIn(call, headers, typed.kind === 'app' ? 'code' : 'recovery-code')
    },
    async askPasskey({ request, reply }) {
      if (!passkeysPerPlace.take(placeOf(request))) throw new Refusal('too-many-tries')
      return askToEnter(auth, reply)
    },
    async givePasskey(signed, call) {
      const place = placeOf(call.request)
      if (!passkeyTries.take(place)) throw new Refusal('too-many-tries')
      const { headers } = await enterByPasskey(auth, call.request, signed)
      passkeyTries.giveBack(place)
      await savePasskeyUse(db, signed.id, now())
      await comeIn(call, headers, 'passkey')
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

/** When a session was last used: asked of the database once a minute, and waited for by nobody. */
function noteSeen(db: Db, now: Now) {
  const notedAt = new Map<string, number>()
  return (token: string, ip: string) => {
    const at = now()
    if (at.getTime() - (notedAt.get(token) ?? 0) < 60_000) return
    if (notedAt.size >= 5_000) notedAt.clear()
    notedAt.set(token, at.getTime())
    saveSeen(db, token, ip, at).catch(() => {})
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
