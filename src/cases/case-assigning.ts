/**
 * Who has a case: taking it, handing it over, putting it back.
 *
 * In:  the case, whom it should go to (null: nobody), and the version the agent was looking at.
 * Out: the next case, or why not. The screen asks the same question to grey a button out.
 */
import { type RefusalCode, refuseIf } from '../base/refusal.ts'
import type { Agent } from '../staff/agent.ts'
import { type Worker, whyNotGive } from '../staff/capacity.ts'
import type { Case, Change } from './case.ts'

export type Assigning = { agentId: string | null; version: number }

/** Taking what nobody has harms no one, however old the agent's view of it is. */
export function whyNotAssign(
  it: Pick<Case, 'status' | 'assigneeId' | 'version'>,
  to: Assigning,
  byAgentId: string,
): RefusalCode | null {
  if (it.status === 'closed') return 'case-closed'
  if (it.version === to.version || it.assigneeId === to.agentId) return null
  const takes = to.agentId === byAgentId
  if (takes && it.assigneeId === null) return null
  return takes ? 'taken-by-another' : 'changed-meanwhile'
}

export function assignCase(was: Case, to: Assigning, byAgentId: string, at: Date): Change {
  refuseIf(whyNotAssign(was, to, byAgentId))
  if (was.assigneeId === to.agentId) return { next: was, events: [], at }
  const next: Case = {
    ...was,
    assigneeId: to.agentId,
    status: was.status === 'new' && to.agentId !== null ? 'open' : was.status,
  }
  return { next, events: [{ type: 'assigned', from: was.assigneeId, to: to.agentId, by: byAgentId }], at }
}

/** Whether they may, and whether whoever would get it can take it. `to` is null for the queue. */
export function whyNotHand(
  it: Pick<Case, 'assigneeId' | 'teamId'>,
  to: Worker | null,
  by: Pick<Agent, 'agentId' | 'may'>,
): RefusalCode | null {
  if (it.assigneeId === (to?.agentId ?? null)) return null
  if (to) return whyNotGive(to, by, it)
  return it.assigneeId === by.agentId || by.may.includes('cases.assign') ? null : 'not-allowed'
}
