/**
 * What was heard a short while ago and is nowhere on disk: deletes of posts that nobody knew, edits that matched
 * nothing, accounts that went away. News of one post may come in any order, and an older piece must not win.
 *
 * In:  what batches said about posts and accounts, by the source that said it.
 * Out: the same, when an older piece of news about them arrives. Bounded: the longest unheard of is forgotten.
 *
 * A source speaks only to those who listen to it (P8): a workspace's own stream tells the others nothing.
 */
import type { AccountStatus, HeardPost } from '../connectors/connector.ts'
import type { Batch } from './batch.ts'

/** What the sources of one workspace said. */
export type Seen = {
  isDeleted(uri: string): boolean
  editOf(uri: string): HeardPost | undefined
  statusOf(accountId: string): AccountStatus | undefined
}
export type Recents = {
  remember(sourceId: string, batch: Pick<Batch, 'posts' | 'deletes' | 'statuses'>): void
  seenBy(sourceIds: readonly string[]): Seen
}

type Told = { status: AccountStatus; order: number }
type Recent = { deleted: Bounded<true>; edited: Bounded<HeardPost>; accounts: Bounded<Told> }
type Bounded<T> = { get(key: string): T | undefined; set(key: string, value: T): void }

export function makeRecents(limit = 20_000): Recents {
  const bySource = new Map<string, Recent>()
  let order = 0

  function recentOf(sourceId: string): Recent {
    const known = bySource.get(sourceId)
    if (known) return known
    const made = {
      deleted: bounded<true>(limit),
      edited: bounded<HeardPost>(limit / 20),
      accounts: bounded<Told>(limit),
    }
    bySource.set(sourceId, made)
    return made
  }

  return {
    remember(sourceId, { posts, deletes, statuses }) {
      const recent = recentOf(sourceId)
      for (const uri of deletes.keys()) recent.deleted.set(uri, true)
      for (const [accountId, status] of statuses) recent.accounts.set(accountId, { status, order: order++ })
      for (const { newest, edited } of posts) {
        if (edited && !isNewer(recent.edited.get(newest.uri), newest)) recent.edited.set(newest.uri, newest)
      }
    },
    seenBy(sourceIds) {
      // Asked anew each time: what is said after this counts too, by a source that had said nothing before as well.
      const heard = () => sourceIds.flatMap((id) => bySource.get(id) ?? [])
      return {
        isDeleted: (uri) => heard().some((it) => it.deleted.get(uri)),
        editOf: (uri) =>
          heard()
            .flatMap((it) => it.edited.get(uri) ?? [])
            .reduce<HeardPost | undefined>((a, b) => (isNewer(a, b) ? a : b), undefined),
        statusOf: (accountId) =>
          heard()
            .flatMap((it) => it.accounts.get(accountId) ?? [])
            .reduce<Told | undefined>((a, b) => (a && a.order > b.order ? a : b), undefined)?.status,
      }
    },
  }
}

const isNewer = (a: HeardPost | undefined, b: HeardPost) => a !== undefined && a.rev >= b.rev

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
