/**
 * Which team a case belongs to.
 *
 * In:  the case, the team it should go to (null: everybody), and the version the agent was looking at.
 * Out: the next case, or why not. Its assignee keeps it only when they work in that team.
 */
import { type RefusalCode, refuseIf } from '../base/refusal.ts'
import type { Agent } from '../staff/agent.ts'
import { whyNotThere } from '../staff/permissions.ts'
import type { Case, Change } from './case.ts'

export type GivingToTeam = { teamId: string | null; version: number }

export function whyNotGiveToTeam(
  it: Pick<Case, 'status' | 'version'>,
  to: GivingToTeam,
  by: Pick<Agent, 'teamIds' | 'may'>,
  /** The team that it would leave asks for a second person: its words would go around them. */
  leavesApproval = false,
): RefusalCode | null {
  if (it.status === 'closed') return 'case-closed'
  if (leavesApproval && !by.may.includes('replies.approve')) return 'team-asks-approval'
  return whyNotThere(by, to) ?? (it.version === to.version ? null : 'changed-meanwhile')
}

export function giveToTeam(
  was: Case,
  to: GivingToTeam,
  by: Pick<Agent, 'agentId' | 'teamIds' | 'may'>,
  known: { isAssigneeInTeam: boolean; leavesApproval: boolean },
  at: Date,
): Change {
  if (was.teamId === to.teamId) return { next: was, events: [], at }
  refuseIf(whyNotGiveToTeam(was, to, by, known.leavesApproval))
  const stays = to.teamId === null || known.isAssigneeInTeam || was.assigneeId === null
  const next: Case = { ...was, teamId: to.teamId, assigneeId: stays ? was.assigneeId : null }
  const moved = { type: 'team-changed', from: was.teamId, to: to.teamId, by: by.agentId } as const
  const left = { type: 'assigned', from: was.assigneeId, to: null, by: by.agentId } as const
  return { next, events: stays ? [moved] : [moved, left], at }
}
