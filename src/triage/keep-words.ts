/**
 * A reason quotes the words that led to it. When those words were deleted or edited away there, they may not live
 * on here (P7): the rule that fired stays, its words go.
 *
 * In:  a triage, and the texts that are still there.
 * Out: the triage without words that stand in none of them.
 */
import { fold } from '../match/fold.ts'
import type { Reason, Triage } from './triage.ts'

export function keepWords(triage: Triage, texts: readonly string[]): Triage {
  const folded = texts.map(fold)
  const isThere = (words: string) => folded.some((it) => it.includes(fold(words)))
  const kept = (reasons: Reason[]) => reasons.map((it) => ({ ...it, words: it.words.filter(isThere) }))
  return {
    ...triage,
    kindReasons: kept(triage.kindReasons),
    urgencyReasons: kept(triage.urgencyReasons),
  }
}
