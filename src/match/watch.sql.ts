/** Watches, kept with their history: one that ended stays for the cases that it opened. */
import { sql } from 'kysely'
import { findAll, findOne, json, type Tx } from '../base/db.ts'
import type { Watch, WatchTerms } from './watch.ts'

export type WatchRecord = Watch & { createdAt: Date }

const columns = sql`watch_id, workspace_id, name, terms, created_at`

/** The watches in force in this workspace. */
export async function findWatches(tx: Tx): Promise<WatchRecord[]> {
  return findAll(
    tx,
    sql`select ${columns} from watches where removed_at is null order by created_at, watch_id`,
  )
}

/** The same watch of the same name again is the one that is there. */
export async function saveWatch(
  tx: Tx,
  watch: { watchId: string; name: string; terms: WatchTerms; createdBy: string; at: Date },
): Promise<WatchRecord> {
  const there = await findOne<WatchRecord>(
    tx,
    sql`select ${columns} from watches
      where removed_at is null and name = ${watch.name} and terms = ${json(watch.terms)} limit 1`,
  )
  if (there) return there
  const saved = await findOne<WatchRecord>(
    tx,
    sql`insert into watches (workspace_id, watch_id, name, terms, created_by, created_at)
      values (current_workspace(), ${watch.watchId}, ${watch.name}, ${json(watch.terms)}, ${watch.createdBy},
        ${watch.at})
      returning ${columns}`,
  )
  return saved!
}

export async function countWatches(tx: Tx): Promise<number> {
  const found = await findOne<{ count: number }>(
    tx,
    sql`select count(*) as count from watches where removed_at is null`,
  )
  return found?.count ?? 0
}

export async function changeWatch(
  tx: Tx,
  watchId: string,
  change: { name: string; terms: WatchTerms },
): Promise<WatchRecord | undefined> {
  return findOne(
    tx,
    sql`update watches set name = ${change.name}, terms = ${json(change.terms)}
      where watch_id = ${watchId} and removed_at is null returning ${columns}`,
  )
}

/** False when there was none. */
export async function endWatch(tx: Tx, watchId: string, at: Date): Promise<boolean> {
  const ended =
    await sql`update watches set removed_at = ${at} where watch_id = ${watchId} and removed_at is null`.execute(
      tx,
    )
  return ended.numAffectedRows === 1n
}
