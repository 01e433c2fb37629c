/**
 * Four eyes: whose public words wait for a second person.
 *
 * In:  what the team of the case and the channel ask for, and who writes or decides.
 * Out: whether approval is needed, or why somebody may not decide. The screen asks the same.
 */
import type { RefusalCode } from '../base/refusal.ts'
import type { Agent } from '../staff/agent.ts'

export type ApprovalRule = { teamAsks: boolean; channelAsks: boolean }

export function needsApproval(rule: ApprovalRule, author: Pick<Agent, 'may'>): boolean {
  return (rule.teamAsks || rule.channelAsks) && !author.may.includes('replies.approve')
}

export function whyNotApprove(
  approval: { byAgentId: string },
  by: Pick<Agent, 'agentId' | 'may'>,
): RefusalCode | null {
  if (!by.may.includes('replies.approve')) return 'not-allowed'
  return approval.byAgentId === by.agentId ? 'own-words' : null
}
