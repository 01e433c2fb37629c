/**
 * A role of the workspace's own: a copy of another one, changed by hand.
 *
 * In:  who makes or changes it, and what it lets one do, before and after.
 * Out: null, or the code of the reason why not. Nobody makes a role that can do more than they can, and who sees some
 *      teams only makes none.
 *
 * Imported by the screen: no clock, no database.
 */
import type { RefusalCode } from '../base/refusal.ts'
import type { Agent } from './agent.ts'
import type { Permission } from './permissions.ts'

export function whyNotShape(
  by: Pick<Agent, 'may' | 'teamIds'>,
  before: readonly Permission[],
  after: readonly Permission[],
): RefusalCode | null {
  // People of every team have it.
  if (by.teamIds !== null) return 'whole-workspace-only'
  return [...before, ...after].every((it) => by.may.includes(it)) ? null : 'beyond-yours'
}

export function whyNotRemove(it: { usedBy: number }): RefusalCode | null {
  return it.usedBy > 0 ? 'role-in-use' : null
}
