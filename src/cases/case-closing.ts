/**
 * How a case ends: with an outcome, and with a reason where the outcome alone would tell nobody anything.
 *
 * In:  the case, the outcome and its reason, and who closes.
 * Out: the next case, or why not. Asked twice: to refuse here, and by the screen to say why a button is grey.
 */
import { type RefusalCode, refuseIf } from '../base/refusal.ts'
import { type Case, type Change, endingOf, noEnding, type Outcome, type OutcomeBy } from './case.ts'
import { noAnswerReasons } from './case-views.ts'

export type Closing = { outcome: Outcome; outcomeBy?: OutcomeBy; reason?: string | null }

export function whyNotClose(it: Pick<Case, 'status'>, closing?: Closing): RefusalCode | null {
  if (it.status === 'closed') return 'case-closed'
  return closing && !hasReason(closing) ? 'outcome-needs-reason' : null
}

function hasReason({ outcome, reason }: Closing): boolean {
  if (outcome === 'solved') return true
  if (outcome === 'no-answer-needed') return noAnswerReasons.some((it) => it === reason)
  return Boolean(reason?.trim())
}

/** `byAgentId` is always a person (P9). */
export function closeCase(was: Case, closing: Closing, byAgentId: string, at: Date): Change {
  refuseIf(whyNotClose(was, closing))
  const next: Case = {
    ...was,
    status: 'closed',
    outcome: closing.outcome,
    // Only a solution can be confirmed by the customer.
    outcomeBy: closing.outcome === 'solved' ? (closing.outcomeBy ?? 'us') : 'us',
    outcomeReason: closing.reason?.trim() || null,
    closedAt: at,
    closedBy: byAgentId,
  }
  return { next, events: [{ type: 'closed', by: byAgentId, ...endingOf(next) }], at }
}

export function whyNotReopen(it: Pick<Case, 'status'>): RefusalCode | null {
  return it.status === 'closed' ? null : 'case-open'
}

/** Who was waiting when it was closed waits on since then: closing by mistake costs nobody their place. */
export function reopenCase(was: Case, byAgentId: string, at: Date): Change {
  refuseIf(whyNotReopen(was))
  const next: Case = { ...was, ...noEnding, status: was.unansweredSince ? 'open' : 'waiting' }
  return { next, events: [{ type: 'reopened', postId: null, by: byAgentId, ...endingOf(was) }], at }
}
