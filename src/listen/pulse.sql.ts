/**
 * Whether a source is connected, and how far its news reaches: what the outbox asks before it sends anything twice.
 * All times are the database's, as those of the outbox are.
 */
import { sql } from 'kysely'
import type { Db } from '../base/db.ts'

/** Nothing is connected when the program begins, whatever a killed one left behind. */
export async function forgetPulses(db: Db): Promise<void> {
  await sql`update sources set connected_at = null, alive_at = null
    where connected_at is not null or alive_at is not null`.execute(db)
}

/** Everything until `ageMs` ago has been told; null when this is not known. */
export async function savePulse(db: Db, sourceId: string, ageMs: number | null): Promise<void> {
  await sql`update sources set connected_at = coalesce(connected_at, clock_timestamp()),
      heard_since = coalesce(heard_since, clock_timestamp()),
      alive_at = greatest(alive_at, clock_timestamp() - ${ageMs}::double precision * interval '1 millisecond')
    where source_id = ${sourceId}`.execute(db)
}

/** Something was missed: what is heard without a break begins anew. */
export async function saveHole(db: Db, sourceId: string): Promise<void> {
  await sql`update sources set heard_since = clock_timestamp() where source_id = ${sourceId}`.execute(db)
}

export async function endPulse(db: Db, sourceId: string): Promise<void> {
  await sql`update sources set connected_at = null, alive_at = null where source_id = ${sourceId}`.execute(db)
}
