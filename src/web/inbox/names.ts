/** What someone or something is called on the screen. */
import { noAnswerReasons, outcomes } from '../../cases/case-views.ts'

type Named = { displayName: string | null; handle: string | null }

/** A display name may be anything, also nothing but blanks. */
export const nameOf = (author: Named, otherwise: string): string =>
  author.displayName?.trim() || (author.handle ? `@${author.handle}` : otherwise)

/** Urgency 0 to 3, by the names it has in the words. */
const urgencies = ['none', 'soon', 'urgent', 'emergency'] as const
export const urgencyKey = (urgency: number) => `urgency.${urgencies[urgency] ?? 'none'}` as const

/** How a case ended: the outcome, or for one that needed no answer the reason, which says more. */
export function endingKey(ended: { outcome?: unknown; outcomeReason?: unknown }) {
  const reason =
    ended.outcome === 'no-answer-needed' && noAnswerReasons.find((it) => it === ended.outcomeReason)
  if (reason) return `closing.reasons.${reason}` as const
  const outcome = outcomes.find((it) => it === ended.outcome)
  return outcome ? (`closing.outcomes.${outcome}` as const) : null
}
