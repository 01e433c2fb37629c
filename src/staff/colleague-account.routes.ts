/** Helping a colleague back in, over HTTP. Never for who may do more than the one who helps. */
import type { Tx } from '../base/db.ts'
import { postLetter } from '../base/mail.jobs.ts'
import type { PostOffice } from '../base/mail.ts'
import { Refusal, refuseIf } from '../base/refusal.ts'
import type { MasterKey } from '../base/secret.ts'
import type { Agent } from './agent.ts'
import { type ColleagueFound, findColleague } from './colleague.sql.ts'
import { whyNotTouch } from './colleague.ts'
import { whyNotLink, whyNotTurnOff } from './colleague-account.ts'
import { colleagueAccountRoutes as contract } from './colleague-account-contract.ts'
import type { Mount } from './mount.ts'
import { findPerson, lockPerson, saveName } from './own-account.sql.ts'
import { whyNotChangeAccess } from './own-account.ts'
import { endSessionsIntoHere } from './own-session.sql.ts'
import { linkLastsMs, makeResetLink, mostLetters } from './reset.jobs.ts'
import { countLinks, lockAccount } from './reset.sql.ts'
import { resetLetter } from './reset-mail.ts'
import { endSecondFactor } from './second-factor.sql.ts'
import type { Sessions } from './session.ts'
import type { TellPerson } from './tell-person.ts'
import { findAgentsOfUser } from './workspace-switch.sql.ts'

type Tools = {
  sessions: Sessions
  tellPerson: TellPerson
  postOffice: PostOffice
  master: MasterKey
  publicUrl: string
}
const done = { done: true } as const

export function colleagueAccountRoutes(mount: Mount, tools: Tools): void {
  const { sessions, tellPerson, postOffice, publicUrl } = tools
  const byMail = postOffice.kind !== 'none'

  mount(contract.resetLink, async (call) => {
    const { agent, params, change, now } = call
    const own = await sessions.own(call)
    const at = now()
    return change(async (tx, tell) => {
      const whose = await findWhose(tx, agent, params.id)
      refuseIf(whyNotLink(whose, byMail))
      // A link in hand opens their account: who asks for it says first who they are.
      if (!byMail) refuseIf(whyNotChangeAccess(own, at))
      const person = await findPerson(tx, whose.userId)
      const account = person && (await lockAccount(tx, person.email))
      if (!account) throw new Refusal('no-password')
      if ((await countLinks(tx, whose.userId, new Date(at.getTime() - linkLastsMs))) >= mostLetters)
        throw new Refusal('too-many-tries')
      const { link, expiresAt } = await makeResetLink(tx, account, { publicUrl, at, byMail })
      tell({ content: { by: byMail ? 'mail' : 'link' } })
      if (!byMail) return { link }
      const letter = { ...resetLetter(link), to: account.email, until: expiresAt }
      await postLetter(tx, letter, { workspaceId: agent.workspaceId }, { ...tools, at })
      return { link: null }
    })
  })

  mount(contract.turnOffSecondFactor, async (call) => {
    const { agent, params, change, now, request } = call
    const own = await sessions.own(call)
    const at = now()
    refuseIf(whyNotChangeAccess(own, at))
    return change(async (tx) => {
      const whose = await findWhose(tx, agent, params.id)
      refuseIf(whyNotTurnOff(whose))
      await lockPerson(tx, whose.userId)
      if (!(await endSecondFactor(tx, whose.userId))) throw new Refusal('not-found')
      const { workspaceId } = agent
      const told = { agent: { userId: whose.userId, workspaceId }, at, address: request.ip }
      await tellPerson(tx, { ...told, news: 'second-factor-off-by-admin' })
      return done
    })
  })

  mount(contract.endSessions, async ({ agent, params, change, now, request }) => {
    let tokens: string[] = []
    const answer = await change(async (tx, tell) => {
      const whose = await findWhose(tx, agent, params.id)
      refuseIf(whose.isSelf ? 'not-yourself' : null)
      tokens = await endSessionsIntoHere(tx, whose.userId)
      tell({ content: { ended: tokens.length } })
      const told = { agent: { userId: whose.userId, workspaceId: agent.workspaceId }, at: now() }
      if (tokens.length > 0)
        await tellPerson(tx, { ...told, news: 'signed-out-by-admin', address: request.ip })
      return { ended: tokens.length }
    })
    sessions.ended(tokens)
    return answer
  })

  mount(contract.correctName, ({ agent, params, body, change }) =>
    change(async (tx) => {
      await findTouchable(tx, agent, params.id)
      await saveName(tx, params.id, body.name)
      return done
    }),
  )
}

async function findTouchable(tx: Tx, by: Agent, agentId: string): Promise<ColleagueFound> {
  const found = await findColleague(tx, agentId)
  if (!found) throw new Refusal('not-found')
  refuseIf(whyNotTouch(by, found))
  return found
}

/** Whether they work elsewhere; where is no business of this workspace. */
async function findWhose(tx: Tx, by: Agent, agentId: string) {
  const { userId } = await findTouchable(tx, by, agentId)
  const places = await findAgentsOfUser(tx, userId)
  const worksElsewhere = places.some((it) => it.workspaceId !== by.workspaceId)
  return { userId, isSelf: agentId === by.agentId, worksElsewhere }
}
