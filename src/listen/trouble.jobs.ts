/**
 * What a batch says that is no news of posts: input nobody could read, and holes in the stream.
 *
 * In:  a sorted batch, and which accounts some workspace of this source knows.
 * Out: letters and gaps, each bounded; letters about what was deleted there are gone (P7).
 */
import type { Tx } from '../base/db.ts'
import type { Batch } from './batch.ts'
import { saveGaps } from './bookmark.sql.ts'
import { burnDeadLetters, type Gone, saveDeadLetters } from './letter.sql.ts'

/** Of strangers nothing is written down, their holes neither. */
export async function keepTroubles(
  tx: Tx,
  sourceId: string,
  batch: Batch,
  isKnown: (accountId: string) => boolean,
): Promise<void> {
  await saveDeadLetters(
    tx,
    sourceId,
    batch.poisons.map((it) => ({ ...it, attempts: 1 })),
  )
  await saveGaps(
    tx,
    sourceId,
    batch.gaps.filter((it) => it.authorId === undefined || isKnown(it.authorId)),
  )
  await burnDeadLetters(tx, sourceId, goneIn(batch))
}

function goneIn({ deletes, statuses }: Batch): Gone[] {
  const accounts = [...statuses].filter(([, status]) => status === 'deleted')
  return [
    ...[...deletes].map(([uri, { authorId }]) => ({ accountId: authorId, uri })),
    ...accounts.map(([accountId]) => ({ accountId, uri: null })),
  ]
}
