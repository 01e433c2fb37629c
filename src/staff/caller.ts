/**
 * Who is calling: somebody in a browser by their session, or a program by an API key.
 *
 * In:  a request. `Authorization: Bearer` is a key and nothing else is; with one, the cookie counts for nothing.
 * Out: the agent that it speaks for, or null: the same for a key that was never made, has ended or has run out. Never
 *      more than agent and key may both do; asked for anew every second, so that what was taken away is gone.
 */
import type { FastifyRequest } from 'fastify'
import type { Now } from '../base/clock.ts'
import type { Db } from '../base/db.ts'
import type { Visitor } from '../base/rate-limit.ts'
import { Refusal } from '../base/refusal.ts'
import type { Agent } from './agent.ts'
import { findHolderOfKey, holderOfKey, saveKeyUse } from './api-key.sql.ts'
import { readKey } from './api-key.ts'
import type { FindAgent } from './mount.ts'
import type { Sessions } from './session.ts'
import { makeThrottle, placeOf } from './throttle.ts'

const rememberedMs = 1_000
const useMs = 60_000
const mostRemembered = 5_000

export type Callers = {
  findAgent: FindAgent
  /** Whose share of requests it counts for; null for strangers. */
  visitorOf(request: FastifyRequest): Promise<Visitor | null>
  /** What this request's stream lives by (findHolders). */
  holderOf(request: FastifyRequest): Promise<string | null>
  /** Hears of every session and key that this process ends, at once. */
  onEnd(hear: (holder: string) => void): void
  /** For a key that was ended here. */
  forgetKey(keyId: string): void
}

export function makeCallers({ db, sessions, now }: { db: Db; sessions: Sessions; now: Now }): Callers {
  const known = new Map<string, { agent: Agent; until: number }>()
  const badTries = makeThrottle({ tries: 30, windowMs: 10 * 60_000, now })
  const asked = new WeakMap<FastifyRequest, Promise<Agent | null>>()
  const hearers: ((holder: string) => void)[] = []

  async function findByKey(said: string, place: string): Promise<Agent | null> {
    const key = readKey(said)
    const digest = key?.digest.toString('hex') ?? ''
    const entry = known.get(digest)
    if (entry && entry.until > now().getTime()) return entry.agent
    const found = key && (await findHolderOfKey(db, key))
    const agent = found && withinKey(found.agent, found.keyMay)
    if (!agent) {
      known.delete(digest)
      // Only for its guesses: one forgotten script must not shut out the good keys of its whole office.
      if (!badTries.take(place)) throw new Refusal('too-many-tries')
      return null
    }
    remember(digest, agent)
    noteUse(agent, found.lastUsedAt)
    return agent
  }

  function remember(digest: string, agent: Agent): void {
    known.delete(digest)
    if (known.size >= mostRemembered) known.delete(known.keys().next().value!)
    known.set(digest, { agent, until: now().getTime() + rememberedMs })
  }

  /** Nobody waits for it, and nothing is lost when it fails. */
  function noteUse(agent: Agent, lastUsedAt: Date | null): void {
    const at = now()
    if (lastUsedAt && at.getTime() - lastUsedAt.getTime() < useMs) return
    void saveKeyUse(db, agent, at).catch(() => {})
  }

  function findKeyAgent(request: FastifyRequest): Promise<Agent | null> | null {
    const said = bearerOf(request)
    if (said === null) return null
    const under = asked.get(request) ?? findByKey(said, placeOf(request))
    asked.set(request, under)
    return under
  }

  sessions.onEnd((token) => {
    for (const hear of hearers) hear(token)
  })
  return {
    findAgent: async (request) => findKeyAgent(request) ?? sessions.findAgent(request),
    async visitorOf(request) {
      const byKey = findKeyAgent(request)
      // Why it is refused is said where it is asked for.
      if (byKey) return byKey.then((it) => it && { kind: 'key' as const, id: it.keyId! }).catch(() => null)
      const token = await sessions.tokenOf(request)
      return token ? { kind: 'session', id: token } : null
    },
    async holderOf(request) {
      const byKey = findKeyAgent(request)
      const agent = await byKey
      if (byKey) return agent?.keyId ? holderOfKey(agent.keyId) : null
      return sessions.tokenOf(request)
    },
    onEnd: (hear) => void hearers.push(hear),
    forgetKey(keyId) {
      for (const [digest, { agent }] of known) if (agent.keyId === keyId) known.delete(digest)
      for (const hear of hearers) hear(holderOfKey(keyId))
    },
  }
}

/** Another scheme is a proxy's business: only Bearer is ours. */
function bearerOf({ headers }: FastifyRequest): string | null {
  const [, said] = /^bearer(?:\s+(.*))?$/i.exec(headers.authorization ?? '') ?? []
  if (said !== undefined) return said.trim()
  return /^bearer\b/i.test(headers.authorization ?? '') ? '' : null
}

/** Keys are for whoever may have keys: a role that lost this right has lost its keys. */
function withinKey(agent: Agent, keyMay: readonly string[]): Agent | null {
  if (!agent.may.includes('keys.own')) return null
  return { ...agent, may: agent.may.filter((it) => keyMay.includes(it)) }
}
