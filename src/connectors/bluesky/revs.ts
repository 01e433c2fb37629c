/**
 * Notices lost commits: each commit names the revision before it, so a jump means that something of that author's
 * was missed. Gaps in sequence numbers mean nothing (the sync specification allows any).
 *
 * Remembers the latest authors only, in memory; after a restart it starts anew and says nothing until it knows.
 */
import { Unreadable } from './post.ts'
import { oldestRev, timeOfTid } from './tid.ts'

/** As far as a clock may be ahead of ours. */
const aheadMs = 5 * 60_000

/** Null for one that is none, and for one from the future: it would win over every honest one after it. */
export function believable(value: unknown, heardAt: Date): string | null {
  const at = typeof value === 'string' ? timeOfTid(value) : null
  return at && at.getTime() <= heardAt.getTime() + aheadMs ? (value as string) : null
}

export function readRev(value: unknown, heardAt: Date): string {
  const rev = believable(value, heardAt)
  if (rev === null) throw new Unreadable('its revision is none, or lies in the future')
  return rev
}

/** A deletion counts whatever its revision says. */
export const revOfDelete = (value: unknown): string =>
  typeof value === 'string' && timeOfTid(value) ? value : oldestRev

export type Revs = {
  /** Whether something between the last known revision and this commit was missed. */
  misses(did: string, commit: { rev: string; since: string | null }): boolean
}

export function rememberRevs(most = 50_000): Revs {
  const known = new Map<string, string>()
  function misses(did: string, { rev, since }: { rev: string; since: string | null }): boolean {
    const last = known.get(did)
    // News from before what we know: a repetition, or out of order.
    if (last !== undefined && rev <= last) return false
    known.delete(did)
    known.set(did, rev)
    if (known.size > most) known.delete(known.keys().next().value!)
    return last !== undefined && since !== last
  }
  return { misses }
}
