/** Passkeys: coming in with one, and one's own list of them. */
import type { FastifyRequest } from 'fastify'
import { Refusal, refuseIf } from '../base/refusal.ts'
import type { Agent } from './agent.ts'
import { withAuthIn } from './auth-db.ts'
import { countPasskeys } from './bounds.sql.ts'
import { mostPasskeys } from './bounds.ts'
import type { Mount } from './mount.ts'
import { lockPerson } from './own-account.sql.ts'
import { whyNotChangeAccess } from './own-account.ts'
import { removePasskey, renamePasskey } from './passkey.sql.ts'
import { addPasskey, askToAdd } from './passkey.ts'
import { passkeyRoutes as contract } from './passkey-contract.ts'
import type { Sessions } from './session.ts'
import type { AccountNews, TellPerson } from './tell-person.ts'

const done = { done: true } as const

type Asked = { agent: Agent; request: FastifyRequest }
type Tools = { sessions: Sessions; now: () => Date; tellPerson: TellPerson }

export function passkeyRoutes(mount: Mount, { sessions, now, tellPerson }: Tools): void {
  const { auth } = sessions
  const newsOf = (news: AccountNews, { agent, request }: Asked) => ({
    agent,
    news,
    at: now(),
    address: request.ip,
  })

  mount(contract.askToEnter, async (call) => {
    refuseIf(sessions.whyBlocked(call.request))
    return { options: await sessions.askPasskey(call) }
  })

  mount(contract.enter, async (call) => {
    refuseIf(sessions.whyBlocked(call.request))
    await sessions.givePasskey(call.body.signed, call)
    return done
  })

  mount(contract.askToAdd, async ({ request, agent, reply, run }) => {
    const own = await sessions.own({ request, agent })
    refuseIf(whyNotChangeAccess(own, now()))
    if ((await run((tx) => countPasskeys(tx, own.userId))) >= mostPasskeys)
      throw new Refusal('too-many-passkeys')
    return { options: await askToAdd(auth, { request, reply }) }
  })

  mount(contract.add, async ({ request, agent, body, change }) => {
    const own = await sessions.own({ request, agent })
    refuseIf(whyNotChangeAccess(own, now()))
    return change(async (tx, tell) => {
      await lockPerson(tx, own.userId)
      if ((await countPasskeys(tx, own.userId)) >= mostPasskeys) throw new Refusal('too-many-passkeys')
      const id = await withAuthIn(tx, () => addPasskey(auth, request, body))
      tell({ onId: id })
      await tellPerson(tx, newsOf('passkey-added', { agent, request }))
      return { id }
    })
  })

  mount(contract.rename, async ({ request, agent, params, body, change }) => {
    const own = await sessions.own({ request, agent })
    refuseIf(whyNotChangeAccess(own, now()))
    return change(async (tx) => {
      if (!(await renamePasskey(tx, own.userId, params.id, body.name))) throw new Refusal('not-found')
      return done
    })
  })

  mount(contract.remove, async ({ request, agent, params, change }) => {
    const own = await sessions.own({ request, agent })
    refuseIf(whyNotChangeAccess(own, now()))
    return change(async (tx) => {
      if (!(await removePasskey(tx, own.userId, params.id))) throw new Refusal('not-found')
      await tellPerson(tx, newsOf('passkey-removed', { agent, request }))
      return done
    })
  })
}
