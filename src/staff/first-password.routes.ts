/** A first password, for who comes in without one: by a passkey, or by the printed link of the rehearsal. */
import { Refusal, refuseIf } from '../base/refusal.ts'
import { firstPasswordRoutes as contract } from './first-password-contract.ts'
import type { Mount } from './mount.ts'
import { lockPerson, saveFirstPassword } from './own-account.sql.ts'
import { isFresh, whyNotSetFirst } from './own-account.ts'
import type { Sessions } from './session.ts'
import type { TellPerson } from './tell-person.ts'

export function firstPasswordRoutes(
  mount: Mount,
  { sessions, tellPerson }: { sessions: Sessions; tellPerson: TellPerson },
): void {
  mount(contract.set, async (call) => {
    const { request, agent, body, now } = call
    const own = await sessions.own(call)
    const at = now()
    refuseIf(whyNotSetFirst(own, { at, isRehearsal: sessions.rehearsal }))
    const hash = await sessions.hashPassword(body.password)
    const answer = await call.change(async (tx) => {
      await lockPerson(tx, own.userId)
      // Who has one says the old one first.
      if (!(await saveFirstPassword(tx, own.userId, hash, at))) throw new Refusal('changed-meanwhile')
      await tellPerson(tx, { agent, news: 'password-changed', at, address: request.ip })
      return { done: true } as const
    })
    // Counts as saying who they are; who said so just now goes on.
    if (!isFresh(own, at)) await sessions.renew(call)
    return answer
  })
}
