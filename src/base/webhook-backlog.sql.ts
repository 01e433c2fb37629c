/** How much waits for whom, and forgetting what is over. Inside a workspace; decides nothing. */
import { sql } from 'kysely'
import { findAll, type Tx } from './db.ts'
import { lockDestination, putInLine } from './webhook.sql.ts'
import type { Backlog } from './webhook-attempt.ts'

/** Counted no further than `upTo`. */
export async function findBacklogs(tx: Tx, upTo: number): Promise<(Backlog & { destinationId: string })[]> {
  return findAll(
    tx,
    sql`select it.destination_id, it.state = 'paused' as is_paused,
        (extract(epoch from clock_timestamp() - it.state_at) * 1000)::float8 as for_ms,
        it.overflowing_since is not null as is_overflowing,
        (select count(*) from (select from webhook_deliveries d where d.workspace_id = it.workspace_id
          and d.destination_id = it.destination_id and d.state = 'waiting' limit ${upTo}) as few) as waiting
      from webhook_destinations it where it.workspace_id = current_workspace()`,
  )
}

export async function saveOverflowing(tx: Tx, destinationId: string, isOverflowing: boolean): Promise<void> {
  await sql`update webhook_destinations set overflowing_since = ${isOverflowing ? sql`clock_timestamp()` : null}
    where workspace_id = current_workspace() and destination_id = ${destinationId}`.execute(tx)
}

/** What waits for longer than that is a dead letter, and says so. Answers how many, at most so many at once. */
export async function buryDeliveries(
  tx: Tx,
  { destinationId, days, most }: { destinationId: string; days: number; most: number },
): Promise<number> {
  await lockDestination(tx, destinationId)
  const buried = await findAll(
    tx,
    sql<{ about: string }>`with old as (
        select ctid from webhook_deliveries where workspace_id = current_workspace()
          and destination_id = ${destinationId} and state = 'waiting' and at < now() - ${days} * interval '1 day'
        limit ${most}
      )
      update webhook_deliveries it set state = 'dead', last_error = 'paused', settled_at = clock_timestamp(),
        lease_token = null
      where it.workspace_id = current_workspace() and it.destination_id = ${destinationId}
        and it.ctid = any (array(select ctid from old))
      returning it.about`,
  )
  await putInLine(tx, destinationId, [...new Set(buried.map((it) => it.about))])
  return buried.length
}

/** What is over for longer than that, with its attempts; never what waits. Answers how many, at most so many at once. */
export async function forgetDeliveries(
  tx: Tx,
  { destinationId, days, most }: { destinationId: string; days: number; most: number },
): Promise<number> {
  const long = sql`now() - ${days} * interval '1 day'`
  const forgotten = await sql`delete from webhook_deliveries where workspace_id = current_workspace()
    and destination_id = ${destinationId} and ctid = any (array(
      select ctid from webhook_deliveries old where old.workspace_id = current_workspace()
        and old.destination_id = ${destinationId} and old.state <> 'waiting' and old.at < ${long}
        and (old.settled_at is null or old.settled_at < ${long}) limit ${most}))`.execute(tx)
  return Number(forgotten.numAffectedRows)
}
