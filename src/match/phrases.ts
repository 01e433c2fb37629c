/**
 * Many words and phrases looked for at once: a tree of tokens, so that the cost follows the text and not the list.
 *
 * In:  phrases with what they stand for, then the tokens of a text.
 * Out: what was found.
 */
import { fold, tokensOf } from './fold.ts'

export type Phrases<T> = { next: Map<string, Phrases<T>>; ends: T[] }

export function compilePhrases<T>(list: Iterable<readonly [phrase: string, meaning: T]>): Phrases<T> {
  const root: Phrases<T> = { next: new Map(), ends: [] }
  for (const [phrase, meaning] of list) {
    let at = root
    for (const it of tokensOf(fold(phrase))) {
      const next = at.next.get(it) ?? { next: new Map(), ends: [] }
      at.next.set(it, next)
      at = next
    }
    if (at !== root) at.ends.push(meaning)
  }
  return root
}

export function findPhrases<T>(phrases: Phrases<T>, tokens: readonly string[]): Set<T> {
  const found = new Set<T>()
  for (let start = 0; start < tokens.length; start++) {
    let at = phrases.next.get(tokens[start]!)
    for (let next = start + 1; at; next++) {
      for (const it of at.ends) found.add(it)
      at = next < tokens.length ? at.next.get(tokens[next]!) : undefined
    }
  }
  return found
}
