/**
 * Deliveries: who may take one up now, and what became of it. By the database's clock; decides nothing.
 *
 * The token fences off a worker that lost its lease: it may not write what became of the delivery. Its request may have
 * gone out all the same, which is why the webhook-id is the event's and not the attempt's.
 *
 * Rows that were found are named by their place in the table (ctid), under the destination's lock: there
 * is no join that a planner could get wrong while it has not counted what has just come.
 */
import { sql } from 'kysely'
import { newId } from './clock.ts'
import { type Db, findAll, findOne, json, type Tx } from './db.ts'
import type { Fate, Standing, Tried } from './webhook-attempt.ts'

/** Longer than an attempt may take (limitMs and answerLimitMs in webhook-post.ts). */
export const leaseMs = 25_000

export type Lane = { workspaceId: string; destinationId: string }
export type Destination = Lane & {
  url: string
  ownNetwork: boolean
  isOn: boolean
  sealedSecret: string
  /** Null where the old one is over. */
  sealedOldSecret: string | null
}
export type Taken = {
  eventId: string
  type: string
  data: Record<string, unknown>
  at: Date
  sequence: number
  /** This attempt counted. */
  tries: number
}

/** Over all workspaces: where something waits that could go out now. */
export async function findDueLanes(db: Db): Promise<Lane[]> {
  return findAll(db, sql<Lane>`select workspace_id, destination_id from list_due_webhooks()`)
}

/** Locked, so that two workers number and take turns; held for the questions below only. */
export async function lockDestination(tx: Tx, destinationId: string): Promise<Destination | undefined> {
  return findOne(
    tx,
    sql<Destination>`select workspace_id, destination_id, url, own_network, state = 'on' as is_on, sealed_secret,
        case when old_secret_until > clock_timestamp() then sealed_old_secret end as sealed_old_secret
      from webhook_destinations
      where workspace_id = current_workspace() and destination_id = ${destinationId} for no key update`,
  )
}

/** Numbered in one go at most: who waits for the destination's lock waits for this. */
export const mostNumbered = 1_000

/**
 * What was committed since gets its number: what one case says has been committed in the order of its event ids. Of a
 * destination that is not on only pings, past all that waits. Answers how many; under the destination's lock.
 */
export async function numberFresh(tx: Tx, destinationId: string, isOn: boolean): Promise<number> {
  const fresh = await findAll(
    tx,
    sql<{ at: string; isFirst: boolean }>`select ctid::text as at,
        row_number() over (partition by about order by event_id) = 1 as is_first from (
      select ctid, event_id, about from webhook_deliveries
      where workspace_id = current_workspace() and destination_id = ${destinationId} and state = 'waiting'
        and sequence is null ${isOn ? sql`` : sql`and type = 'webhook.ping'`}
      order by event_id limit ${mostNumbered}) as few order by event_id`,
  )
  if (fresh.length === 0) return 0
  const counted = await findOne(
    tx,
    sql<{
      before: number
    }>`update webhook_destinations set last_sequence = last_sequence + ${fresh.length}::int
      where workspace_id = current_workspace() and destination_id = ${destinationId}
      returning last_sequence - ${fresh.length}::int as before`,
  )
  const rows = fresh.map((it) => it.at)
  const firsts = fresh.filter((it) => it.isFirst).map((it) => it.at)
  await sql`update webhook_deliveries it
    set sequence = ${counted!.before}::bigint + array_position(${rows}::tid[], it.ctid),
      is_behind = it.ctid <> all (${firsts}::tid[]) or exists (select from webhook_deliveries older
        where older.workspace_id = it.workspace_id and older.destination_id = it.destination_id
          and older.about = it.about and older.state = 'waiting' and older.sequence is not null)
    where it.workspace_id = current_workspace() and it.destination_id = ${destinationId}
      and it.ctid = any (${rows}::tid[])`.execute(tx)
  return fresh.length
}

/**
 * As many as there is room for, none of them behind an older one about the same thing; those that are due for longest
 * first. By the time of the statement: the clock's own is no condition for an index.
 */
export async function takeDue(
  tx: Tx,
  destinationId: string,
  { room, token, isOn }: { room: number; token: string; isOn: boolean },
): Promise<Taken[]> {
  const taken = await findAll(
    tx,
    sql<Taken>`with due as (
        select ctid from webhook_deliveries it
        where it.workspace_id = current_workspace() and it.destination_id = ${destinationId}
          and it.state = 'waiting' and it.sequence is not null and not it.is_behind
          and it.next_at <= statement_timestamp() ${isOn ? sql`` : sql`and it.type = 'webhook.ping'`}
        order by it.next_at, it.sequence limit ${room}
      )
      update webhook_deliveries it set lease_token = ${token}, tries = it.tries + 1,
        next_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond',
        first_tried_at = coalesce(it.first_tried_at, clock_timestamp())
      where it.workspace_id = current_workspace() and it.destination_id = ${destinationId}
        and it.ctid = any (array(select ctid from due))
      returning it.event_id, it.type, it.data, it.at, it.sequence, it.tries`,
  )
  return taken.sort((a, b) => a.sequence - b.sequence)
}

/** Null when somebody else holds it by now. `sinceFirstMs` since its first attempt. */
export async function holdTaken(
  tx: Tx,
  it: { destinationId: string; eventId: string; token: string },
): Promise<{ sinceFirstMs: number } | undefined> {
  return findOne(
    tx,
    sql<{ sinceFirstMs: number }>`select
        (extract(epoch from clock_timestamp() - first_tried_at) * 1000)::float8 as since_first_ms
      from webhook_deliveries where workspace_id = current_workspace() and destination_id = ${it.destinationId}
        and event_id = ${it.eventId} and lease_token = ${it.token} for update`,
  )
}

/** Under the destination's lock: with what is settled, the next about the same thing becomes due. */
export async function saveFate(
  tx: Tx,
  it: { destinationId: string; eventId: string },
  fate: Fate,
  tried: Tried,
): Promise<void> {
  const inMs = fate.state === 'waiting' ? fate.inMs : 0
  const error = tried.outcome === 'failed' ? tried.error : null
  await sql`update webhook_deliveries set state = ${fate.state}, lease_token = null,
      next_at = clock_timestamp() + ${inMs} * interval '1 millisecond', last_error = ${error},
      last_status = ${tried.status},
      settled_at = case when ${fate.state} = 'waiting' then null else clock_timestamp() end
    where workspace_id = current_workspace() and destination_id = ${it.destinationId}
      and event_id = ${it.eventId}`.execute(tx)
  if (fate.state !== 'waiting') await wakeNext(tx, it)
}

async function wakeNext(tx: Tx, it: { destinationId: string; eventId: string }): Promise<void> {
  await sql`update webhook_deliveries set is_behind = false
    where workspace_id = current_workspace() and destination_id = ${it.destinationId} and is_behind
      and event_id = (select next.event_id from webhook_deliveries next
        where next.workspace_id = current_workspace() and next.destination_id = ${it.destinationId}
          and next.state = 'waiting' and next.sequence is not null and next.about = (
            select about from webhook_deliveries settled where settled.workspace_id = current_workspace()
              and settled.destination_id = ${it.destinationId} and settled.event_id = ${it.eventId})
        order by next.sequence limit 1)`.execute(tx)
}

/** Who is behind whom, told anew; under the destination's lock. */
export async function putInLine(tx: Tx, destinationId: string, about: readonly string[]): Promise<void> {
  const isBehind = sql`exists (select from webhook_deliveries older
      where older.workspace_id = it.workspace_id and older.destination_id = it.destination_id
        and older.about = it.about and older.state = 'waiting' and older.sequence < it.sequence)`
  await sql`update webhook_deliveries it set is_behind = ${isBehind}
    where it.workspace_id = current_workspace() and it.destination_id = ${destinationId}
      and it.about = any (${about}::text[]) and it.state = 'waiting' and it.sequence is not null
      and it.is_behind <> ${isBehind}`.execute(tx)
}

export async function saveAttempt(
  tx: Tx,
  it: { destinationId: string; eventId: string },
  attempt: { at: Date; durationMs: number; tried: Tried; answer: string | null },
): Promise<void> {
  const { at, durationMs, tried, answer } = attempt
  await sql`insert into webhook_attempts (workspace_id, destination_id, event_id, attempt_id, at, duration_ms,
      status, error, answer)
    values (current_workspace(), ${it.destinationId}, ${it.eventId}, ${newId(at)}, ${at}, ${durationMs},
      ${tried.status}, ${tried.outcome === 'failed' ? tried.error : null}, ${answer})`.execute(tx)
}

/** Not taken: given back as if nobody had asked, because we are about to stop. */
export async function giveBack(
  tx: Tx,
  it: { destinationId: string; eventId: string; token: string },
): Promise<void> {
  await sql`update webhook_deliveries set lease_token = null, tries = tries - 1, next_at = clock_timestamp()
    where workspace_id = current_workspace() and destination_id = ${it.destinationId}
      and event_id = ${it.eventId} and lease_token = ${it.token}`.execute(tx)
}

export async function countFailure(tx: Tx, destinationId: string): Promise<Standing | undefined> {
  return findOne(
    tx,
    sql<Standing>`update webhook_destinations set failures = failures + 1,
        failing_since = coalesce(failing_since, clock_timestamp())
      where workspace_id = current_workspace() and destination_id = ${destinationId}
      returning failures,
        (extract(epoch from clock_timestamp() - failing_since) * 1000)::float8 as failing_for_ms`,
  )
}

export async function forgetFailures(tx: Tx, destinationId: string): Promise<void> {
  await sql`update webhook_destinations set failures = 0, failing_since = null
    where workspace_id = current_workspace() and destination_id = ${destinationId} and failures > 0`.execute(
    tx,
  )
}

/** Where it ends, what waits for it ends too: kept, to be sent again if it ever comes back. */
export async function turnOff(tx: Tx, destinationId: string, state: 'paused' | 'disabled'): Promise<void> {
  const reason = state === 'disabled' ? 'gone' : 'failing'
  await sql`update webhook_destinations set state = ${state}, state_reason = ${reason}, state_at = clock_timestamp()
    where workspace_id = current_workspace() and destination_id = ${destinationId} and state = 'on'`.execute(
    tx,
  )
  if (state === 'paused') return
  await sql`update webhook_deliveries set state = 'dead', last_error = 'gone', settled_at = clock_timestamp(),
      lease_token = null
    where workspace_id = current_workspace() and destination_id = ${destinationId} and state = 'waiting'`.execute(
    tx,
  )
}

/** Sent to this destination alone, whatever it wants to hear. */
export async function addPing(tx: Tx, destinationId: string, byAgentId: string, at: Date): Promise<string> {
  const eventId = newId(at)
  const data = { destinationId, byAgentId }
  await sql`insert into webhook_deliveries (workspace_id, destination_id, event_id, type, about, data, at)
    values (current_workspace(), ${destinationId}, ${eventId}, 'webhook.ping', ${eventId}, ${json(data)}, ${at})`.execute(
    tx,
  )
  await wake(tx)
  return eventId
}

/** Sent again by one request. */
export const mostReplayed = 10_000

/** One dead letter, or those of a destination, the oldest first. Answers how many wait again. */
export async function replayDead(tx: Tx, destinationId: string, eventId: string | null): Promise<number> {
  await lockDestination(tx, destinationId)
  const replayed = await findAll(
    tx,
    sql<{ about: string }>`with dead as (
        select ctid from webhook_deliveries where workspace_id = current_workspace()
          and destination_id = ${destinationId} and state = 'dead'
          and (${eventId}::uuid is null or event_id = ${eventId}::uuid)
        order by event_id limit ${mostReplayed}
      )
      update webhook_deliveries it set state = 'waiting', tries = 0, first_tried_at = null, settled_at = null,
        last_error = null, next_at = clock_timestamp()
      where it.workspace_id = current_workspace() and it.destination_id = ${destinationId}
        and it.ctid = any (array(select ctid from dead))
      returning it.about`,
  )
  await putInLine(tx, destinationId, [...new Set(replayed.map((it) => it.about))])
  await wake(tx)
  return replayed.length
}

/** On commit: something may be due here. */
export async function wake(tx: Tx): Promise<void> {
  await sql`select pg_notify('evenhand_webhooks', current_workspace() || ' told')`.execute(tx)
}
