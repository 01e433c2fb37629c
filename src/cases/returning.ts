/**
 * Giving back what someone cannot work on: they are out of office, suspended, or do not see it any more.
 *
 * In:  one of their open cases, whom it goes to (null: the queue), and why.
 * Out: the next case and its line of history. The promise made to the customer stays what it was.
 */
import type { Case, Change } from './case.ts'

export type Returning = { why: 'away' | 'suspended'; to: string | null; by: string | null }

export function returnCase(was: Case, fromAgentId: string, { why, to, by }: Returning, at: Date): Change {
  const isTheirs = was.assigneeId === fromAgentId && was.status !== 'closed' && was.unansweredSince !== null
  if (!isTheirs) return { next: was, events: [], at }
  const next: Case = { ...was, assigneeId: to }
  return { next, events: [{ type: 'returned', from: fromAgentId, to, why, by }], at }
}

/** Its team is none of theirs now. Answered or not: they could never open it again. `by` is null for the round. */
export function leaveUnseen(was: Case, fromAgentId: string, by: string | null, at: Date): Change {
  if (was.assigneeId !== fromAgentId || was.status === 'closed') return { next: was, events: [], at }
  const left = { type: 'assigned', from: fromAgentId, to: null, by } as const
  return { next: { ...was, assigneeId: null }, events: [left], at }
}
