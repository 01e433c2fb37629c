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
  by: Pick<Agent, 'teamIds'>,
): RefusalCode | null {
  if (it.status === 'closed') return 'case-closed'
  return whyNotThere(by, to) ?? (it.version === to.version ? null : 'changed-meanwhile')
}

export function giveToTeam(
  was: Case,
  to: GivingToTeam,
  by: Pick<Agent, 'agentId' | 'teamIds'>,
  isAssigneeInTeam: boolean,
  at: Date,
): Change {
  if (was.teamId === to.teamId) return { next: was, events: [], at }
  refuseIf(whyNotGiveToTeam(was, to, by))
  const stays = to.teamId === null || isAssigneeInTeam || was.assigneeId === null
  const next: Case = { ...was, teamId: to.teamId, assigneeId: stays ? was.assigneeId : null }
  const moved = { type: 'team-changed', from: was.teamId, to: to.teamId, by: by.agentId } as const
  const left = { type: 'assigned', from: was.assigneeId, to: null, by: by.agentId } as const
  return { next, events: stays ? [moved] : [moved, left], at }
}
