/**
 * Notices lost commits: each commit names the revision before it, so a jump means that something of that author's
 * was missed. Gaps in sequence numbers mean nothing (the sync specification allows any).
 *
 * Remembers the latest authors only, in memory; after a restart it starts anew and says nothing until it knows.
 */
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
