/**
 * What a batch says that is no news of posts: input nobody could read, and holes in the stream.
 *
 * In:  a sorted batch, which accounts some workspace of this source knows, and what each of them heard lately.
 * Out: letters and gaps, each bounded; letters about what was deleted there are gone (P7).
 */
import type { Tx } from '../base/db.ts'
import type { Batch } from './batch.ts'
import { saveGaps } from './bookmark.sql.ts'
import { burnDeadLetters, type Gone, saveDeadLetters } from './letter.sql.ts'
import type { Seen } from './recent.ts'

type Known = {
  isKnown: (accountId: string) => boolean
  isOurs: (accountId: string) => boolean
  seen: readonly Seen[]
}

/** Of strangers nothing is written down, their holes neither. */
export async function keepTroubles(
  tx: Tx,
  sourceId: string,
  batch: Batch,
  { isKnown, isOurs, seen }: Known,
): Promise<void> {
  await saveDeadLetters(
    tx,
    sourceId,
    batch.poisons.filter((it) => !isGone(it, seen)).map((it) => ({ ...it, attempts: 1 })),
  )
  await saveGaps(
    tx,
    sourceId,
    batch.gaps.filter((it) => it.authorId === undefined || isKnown(it.authorId)),
    isOurs,
  )
  await burnDeadLetters(tx, sourceId, goneIn(batch))
}

/** Deleted before this came, by the word of a source that all listen to who listen here. */
function isGone({ uri, authorId }: Batch['poisons'][number], seen: readonly Seen[]): boolean {
  const knows = (it: Seen) =>
    (uri !== undefined && it.isDeleted(uri)) ||
    (authorId !== undefined && it.statusOf(authorId) === 'deleted')
  return seen.length > 0 && seen.every(knows)
}

function goneIn({ deletes, statuses }: Batch): Gone[] {
  const accounts = [...statuses].filter(([, status]) => status === 'deleted')
  return [
    ...[...deletes].map(([uri, { authorId }]) => ({ accountId: authorId, uri })),
    ...accounts.map(([accountId]) => ({ accountId, uri: null })),
  ]
}
