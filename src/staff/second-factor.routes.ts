/** A code beside the password. */
import type { FastifyRequest } from 'fastify'
import type { Db } from '../base/db.ts'
import { Refusal, refuseIf } from '../base/refusal.ts'
import type { Agent } from './agent.ts'
import { withAuthIn } from './auth-db.ts'
import { cookiesOf, orRefuse, sealForAuth } from './door-steps.ts'
import type { Mount } from './mount.ts'
import { findPerson, lockPerson } from './own-account.sql.ts'
import { whyNotChangeAccess } from './own-account.ts'
import { endPending } from './own-session.sql.ts'
import {
  beginSecondFactor,
  claimCode,
  endSecondFactor,
  findSecondFactor,
  saveRecoveryCodes,
} from './second-factor.sql.ts'
import { base32, keyUri, makeRecoveryCodes, makeSecret, readCode } from './second-factor.ts'
import { secondFactorRoutes as contract } from './second-factor-contract.ts'
import type { Sessions } from './session.ts'
import type { AccountNews, TellPerson } from './tell-person.ts'
import { makeThrottle } from './throttle.ts'

const done = { done: true } as const

type Asked = { agent: Agent; request: FastifyRequest }
type Tools = { db: Db; sessions: Sessions; now: () => Date; tellPerson: TellPerson }

export function secondFactorRoutes(mount: Mount, { db, sessions, now, tellPerson }: Tools): void {
  const { auth } = sessions
  const tries = makeThrottle({ tries: 10, windowMs: 10 * 60 * 1000, now })
  const sealCodes = (codes: string[]) => sealForAuth(auth, JSON.stringify(codes))
  const newsOf = (news: AccountNews, { agent, request }: Asked) => ({
    agent,
    news,
    at: now(),
    address: request.ip,
  })

  mount(contract.giveCode, async (call) => {
    refuseIf(sessions.whyBlocked(call.request))
    await sessions.giveCode(call.body, call)
    return done
  })

  mount(contract.begin, async ({ request, agent, change }) => {
    const own = await sessions.own({ request, agent })
    refuseIf(whyNotChangeAccess(own, now()))
    const person = await findPerson(db, own.userId)
    if (!person) throw new Refusal('not-signed-in')
    const secret = makeSecret()
    const sealed = {
      secret: await sealForAuth(auth, secret),
      // Nobody has seen these; those that are shown are made when a code proved that the secret arrived.
      recoveryCodes: await sealCodes([]),
    }
    return change(async (tx) => {
      if (!(await beginSecondFactor(tx, own.userId, sealed, now()))) throw new Refusal('changed-meanwhile')
      return { secret: base32(secret), uri: keyUri(secret, person.email, 'Evenhand') }
    })
  })

  mount(contract.confirm, async (call) => {
    const { request, reply, body, agent } = call
    const own = await sessions.own(call)
    refuseIf(whyNotChangeAccess(own, now()))
    const factor = await findSecondFactor(db, own.userId)
    if (!factor || factor.verified) throw new Refusal('changed-meanwhile')
    if (!tries.take(own.userId)) throw new Refusal('too-many-tries')
    const code = readCode(body.code)
    if (!(await claimCode(db, own.userId, code))) throw new Refusal('wrong-code')
    const codes = makeRecoveryCodes()
    const sealed = await sealCodes(codes)
    let entered = new Headers()
    const answer = await call.change(async (tx) => {
      await lockPerson(tx, own.userId)
      if ((await findSecondFactor(tx, own.userId))?.verified !== false) throw new Refusal('changed-meanwhile')
      // better-auth turns it on, and makes a new session of this one.
      const asked = () =>
        auth.api.verifyTOTP({ body: { code }, headers: cookiesOf(request), returnHeaders: true })
      entered = (await withAuthIn(tx, () => orRefuse(asked(), 'wrong-code'))).headers
      await saveRecoveryCodes(tx, own.userId, sealed)
      await tellPerson(tx, newsOf('second-factor-on', { agent, request }))
      return { recoveryCodes: codes }
    })
    tries.giveBack(own.userId)
    await sessions.letIn({ request, reply }, entered, { by: 'code', workspaceId: own.workspaceId })
    return answer
  })

  mount(contract.makeRecoveryCodes, async ({ request, agent, change }) => {
    const own = await sessions.own({ request, agent })
    refuseIf(whyNotChangeAccess(own, now()))
    const codes = makeRecoveryCodes()
    const sealed = await sealCodes(codes)
    return change(async (tx) => {
      if (!(await saveRecoveryCodes(tx, own.userId, sealed))) throw new Refusal('not-found')
      await tellPerson(tx, newsOf('recovery-codes-made', { agent, request }))
      return { recoveryCodes: codes }
    })
  })

  mount(contract.end, async ({ request, agent, change }) => {
    const own = await sessions.own({ request, agent })
    refuseIf(whyNotChangeAccess(own, now()))
    return change(async (tx) => {
      if (!(await endSecondFactor(tx, own.userId))) throw new Refusal('not-found')
      // Whoever waits to give a code would wait for one that nobody asks for any more.
      await endPending(tx, own.userId)
      await tellPerson(tx, newsOf('second-factor-off', { agent, request }))
      return done
    })
  })
}
