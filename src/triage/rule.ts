/**
 * A rule: a name, and what a post must say for it to fire.
 *
 * In:  folded text (match/fold.ts): lower case, no accents, straight apostrophes.
 * Out: the rules that fired, each with the words that made it fire.
 */
import type { Reason } from './triage.ts'

export type Rule = { rule: string; says: RegExp[] /** Idioms that mean something else. */; unless?: RegExp }

export function findReasons(rules: readonly Rule[], folded: string): Reason[] {
  return rules.flatMap(({ rule, says, unless }) => {
    const text = unless ? folded.replace(unless, ' ') : folded
    const words = says.flatMap((it) => text.match(it)?.[0]?.trim() ?? [])
    return words.length > 0 ? [{ rule, words: [...new Set(words)] }] : []
  })
}
