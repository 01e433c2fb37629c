/** Destinations and their log, as the screen asks for them. Inside a workspace. */
import { sql } from 'kysely'
import { findAll, findOne, type Tx } from '../base/db.ts'
import type { DeliveryError } from '../base/webhook-attempt.ts'
import type { AttemptRow, DeliveryRow, WebhookRow } from './webhook-contract.ts'

type Dated<T, K extends keyof T> = Omit<T, K> & Record<K, Date>
export type DestinationRecord = Omit<
  WebhookRow,
  'stateAt' | 'overflowingSince' | 'oldSecretUntil' | 'createdAt' | 'last'
> & {
  stateAt: Date
  overflowingSince: Date | null
  oldSecretUntil: Date | null
  createdAt: Date
  lastAt: Date | null
  lastStatus: number | null
  lastError: DeliveryError | null
}

export async function findDestinations(
  tx: Tx,
  destinationId: string | null = null,
): Promise<DestinationRecord[]> {
  return findAll(
    tx,
    sql<DestinationRecord>`select it.destination_id, it.name, it.url, it.types, it.own_network, it.state,
        it.state_reason, it.state_at, it.overflowing_since,
        case when it.old_secret_until > clock_timestamp() then it.old_secret_until end as old_secret_until,
        it.created_at, last.at as last_at, last.status as last_status, last.error as last_error,
        (select count(*) from (select from webhook_deliveries d where d.workspace_id = it.workspace_id
          and d.destination_id = it.destination_id and d.state = 'waiting' limit 1000) as few) as waiting,
        (select count(*) from (select from webhook_deliveries d where d.workspace_id = it.workspace_id
          and d.destination_id = it.destination_id and d.state = 'dead' limit 1000) as few) as dead
      from webhook_destinations it
      left join lateral (select a.at, a.status, a.error from webhook_attempts a
        where a.workspace_id = it.workspace_id and a.destination_id = it.destination_id
        order by a.attempt_id desc limit 1) as last on true
      where it.workspace_id = current_workspace()
        and (${destinationId}::uuid is null or it.destination_id = ${destinationId}::uuid)
      order by it.created_at, it.destination_id`,
  )
}

/** Locked, so that two at once do not both find room. */
export async function countDestinations(tx: Tx): Promise<number> {
  await sql`select from workspaces where workspace_id = current_workspace() for no key update`.execute(tx)
  const found = await findOne(
    tx,
    sql<{ count: number }>`select count(*) as count from webhook_destinations
      where workspace_id = current_workspace()`,
  )
  return found!.count
}

type Wanted = {
  destinationId: string
  name: string
  url: string
  types: readonly string[] | null
  ownNetwork: boolean
}

export async function saveDestination(
  tx: Tx,
  it: Wanted & { sealedSecret: string; createdBy: string },
): Promise<void> {
  await sql`insert into webhook_destinations (workspace_id, destination_id, name, url, types, own_network,
      sealed_secret, created_by)
    values (current_workspace(), ${it.destinationId}, ${it.name}, ${it.url}, ${it.types}::text[],
      ${it.ownNetwork}, ${it.sealedSecret}, ${it.createdBy})`.execute(tx)
}

export async function changeDestination(tx: Tx, it: Wanted): Promise<boolean> {
  const changed = await sql`update webhook_destinations set name = ${it.name}, url = ${it.url},
      types = ${it.types}::text[], own_network = ${it.ownNetwork}
    where workspace_id = current_workspace() and destination_id = ${it.destinationId}`.execute(tx)
  return changed.numAffectedRows === 1n
}

/** Turned on by a person it starts anew: what failed before counts no more. */
export async function turnDestination(
  tx: Tx,
  destinationId: string,
  state: 'on' | 'paused',
): Promise<boolean> {
  const turned = await sql`update webhook_destinations set state = ${state},
      state_reason = ${state === 'paused' ? 'by-agent' : null}, state_at = clock_timestamp(),
      overflowing_since = case when ${state} = 'paused' then overflowing_since end
    where workspace_id = current_workspace() and destination_id = ${destinationId}`.execute(tx)
  await sql`update webhook_destinations set failures = 0, failing_since = null
    where workspace_id = current_workspace() and destination_id = ${destinationId}`.execute(tx)
  return turned.numAffectedRows === 1n
}

export async function renewSecret(tx: Tx, destinationId: string, sealedSecret: string): Promise<boolean> {
  const renewed = await sql`update webhook_destinations set sealed_old_secret = sealed_secret,
      old_secret_until = clock_timestamp() + interval '24 hours', sealed_secret = ${sealedSecret}
    where workspace_id = current_workspace() and destination_id = ${destinationId}`.execute(tx)
  return renewed.numAffectedRows === 1n
}

export async function removeDestination(tx: Tx, destinationId: string): Promise<boolean> {
  const removed = await sql`delete from webhook_destinations
    where workspace_id = current_workspace() and destination_id = ${destinationId}`.execute(tx)
  return removed.numAffectedRows === 1n
}

export type DeliveryRecord = Omit<DeliveryRow, 'at' | 'nextAt'> & { at: Date; nextAt: Date | null }

export async function findDeliveries(
  tx: Tx,
  asked: {
    destinationId: string
    state?: string | undefined
    type?: string | undefined
    after?: string | undefined
    limit: number
  },
): Promise<DeliveryRecord[]> {
  const { destinationId, state = null, type = null, after = null, limit } = asked
  return findAll(
    tx,
    sql<DeliveryRecord>`select it.event_id, it.type, it.at, it.sequence, it.state, it.tries,
        case when it.state = 'waiting' then it.next_at end as next_at, it.last_status, it.last_error,
        (select a.duration_ms from webhook_attempts a where a.workspace_id = it.workspace_id
          and a.destination_id = it.destination_id and a.event_id = it.event_id
          order by a.attempt_id desc limit 1) as duration_ms
      from webhook_deliveries it
      where it.workspace_id = current_workspace() and it.destination_id = ${destinationId}
        and (${state}::text is null or it.state = ${state}) and (${type}::text is null or it.type = ${type})
        and (${after}::uuid is null or it.event_id < ${after}::uuid)
      order by it.event_id desc limit ${limit}`,
  )
}

type Sent = {
  type: string
  at: Date
  sequence: number | null
  workspaceId: string
  data: Record<string, unknown>
}

export async function findSentBody(
  tx: Tx,
  destinationId: string,
  eventId: string,
): Promise<Sent | undefined> {
  return findOne(
    tx,
    sql<Sent>`select type, at, sequence, workspace_id, data from webhook_deliveries
      where workspace_id = current_workspace() and destination_id = ${destinationId} and event_id = ${eventId}`,
  )
}

export async function findAttempts(
  tx: Tx,
  destinationId: string,
  eventId: string,
): Promise<Dated<AttemptRow, 'at'>[]> {
  return findAll(
    tx,
    sql<Dated<AttemptRow, 'at'>>`select at, duration_ms, status, error, answer from webhook_attempts
      where workspace_id = current_workspace() and destination_id = ${destinationId} and event_id = ${eventId}
      order by attempt_id desc limit 200`,
  )
}
