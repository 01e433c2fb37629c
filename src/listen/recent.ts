/**
 * What was heard a short while ago and is nowhere on disk: deletes of posts that nobody knew, edits that matched
 * nothing, accounts that went away. News of one post may come in any order, and an older piece must not win.
 *
 * In:  what a batch said about posts and accounts that we hold nothing of.
 * Out: the same, when an older piece of news about them arrives. Bounded: the longest unheard of is forgotten.
 */
import type { AccountStatus, HeardPost } from '../connectors/connector.ts'

export type Recent = {
  deleted: Bounded<true>
  edited: Bounded<HeardPost>
  accounts: Bounded<AccountStatus>
}
export type Bounded<T> = { get(key: string): T | undefined; set(key: string, value: T): void }

export function makeRecent(limit = 20_000): Recent {
  return { deleted: bounded(limit), edited: bounded(Math.ceil(limit / 20)), accounts: bounded(limit) }
}

function bounded<T>(limit: number): Bounded<T> {
  const kept = new Map<string, T>()
  return {
    get: (key) => kept.get(key),
    set(key, value) {
      kept.delete(key)
      kept.set(key, value)
      if (kept.size > limit) kept.delete(kept.keys().next().value!)
    },
  }
}
