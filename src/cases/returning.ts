/**
 * Giving back what someone cannot work on: they are out of office, or suspended.
 *
 * In:  one of their open cases that waits for an answer, whom it goes to (null: the queue), and why.
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
