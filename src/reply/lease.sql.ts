/**
 * Who may send a reply right now: one worker at a time, by the database's clock, and in order.
 *
 * The token fences off a worker that lost its lease: it may not write what became of the reply. Its request may have
 * gone out all the same, which is why the key is the row's and not the attempt's.
 */
import { sql } from 'kysely'
import { type Db, findAll, findOne, type Tx } from '../base/db.ts'
import { columns } from './reply.sql.ts'
import type { Next, Reply, ReplyState } from './reply.ts'

/** Longer than a send may take (sendTimeoutMs in reply.jobs.ts). */
export const leaseMs = 20_000

export type Leased = Reply & { was: ReplyState; wasDetail: string | null }

/** Takes the reply, or nothing: `whyNotLeased` says why. */
export async function leaseReply(tx: Tx, replyId: string, token: string): Promise<Leased | undefined> {
  return findOne(
    tx,
    sql<Leased>`update replies set state = 'sending', detail = null, attempts = replies.attempts + 1, lease_token = ${token},
        lease_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
      from channels
      where replies.workspace_id = current_workspace() and replies.reply_id = ${replyId}
        and channels.workspace_id = replies.workspace_id and channels.channel_id = replies.channel_id
        and channels.state = 'open' and channels.removed_at is null
        and (replies.state = 'unknown' or (replies.state = 'queued' and replies.send_after <= clock_timestamp())
          or (replies.state = 'sending' and replies.lease_until < clock_timestamp()))
        and not exists (${earlier})
      returning ${columns}, old.state as was, old.detail as was_detail`,
  )
}

/** Whoever settles a reply changes its case too, and locks that first, as intake does. */
export async function lockCase(tx: Tx, caseId: string): Promise<void> {
  await sql`select 1 from cases where workspace_id = current_workspace() and case_id = ${caseId}
    for update`.execute(tx)
}

/** The same channel has something older to say in the same thread. */
const earlier = sql`select 1 from replies other
  where other.workspace_id = replies.workspace_id and other.channel_id = replies.channel_id
    and other.thread_uri = replies.thread_uri and other.state in ('queued', 'sending', 'unknown')
    and (other.queued_at, other.reply_id) < (replies.queued_at, replies.reply_id)`

export type NotLeased = {
  why: 'settled' | 'removed' | 'paused' | 'held' | 'behind' | 'early'
  /** When it is worth coming back: the end of the undo window, or of somebody else's lease. */
  until: Date
}

export async function whyNotLeased(tx: Tx, replyId: string): Promise<NotLeased> {
  const found = await findOne(
    tx,
    sql<NotLeased>`select
        date_trunc('milliseconds', greatest(replies.send_after, replies.lease_until)) as until, case
        when replies.state not in ('queued', 'sending', 'unknown') then 'settled'
        when replies.state = 'sending' and replies.lease_until >= clock_timestamp() then 'held'
        when channels.removed_at is not null then 'removed'
        when channels.state <> 'open' then 'paused'
        when replies.send_after > clock_timestamp() then 'early'
        else 'behind' end as why
      from replies join channels on channels.workspace_id = replies.workspace_id
        and channels.channel_id = replies.channel_id
      where replies.workspace_id = current_workspace() and replies.reply_id = ${replyId}`,
  )
  return found ?? { why: 'settled', until: new Date(0) }
}

/** Still ours, and for another full lease; false when it was lost or the post was deleted by its owner meanwhile. */
export async function renewLease(tx: Tx, replyId: string, token: string): Promise<boolean> {
  const changed = await sql`update replies
    set lease_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    where workspace_id = current_workspace() and reply_id = ${replyId} and lease_token = ${token}
      and state = 'sending'`.execute(tx)
  return Number(changed.numAffectedRows) > 0
}

/** Ends the lease with what became of the reply. Undefined when the lease was lost. */
export async function settle(tx: Tx, replyId: string, token: string, next: Next): Promise<Reply | undefined> {
  const isSent = next.state === 'sent'
  const isUncounted = 'counts' in next && !next.counts
  return findOne(
    tx,
    sql<Reply>`update replies set state = ${next.state}, detail = ${isSent ? null : next.detail},
        cid = ${isSent ? next.cid : null}, url = ${isSent ? next.url : null},
        sent_at = case when ${isSent} then clock_timestamp() end,
        attempts = attempts - ${isUncounted ? 1 : 0}, lease_token = null, lease_until = null
      where workspace_id = current_workspace() and reply_id = ${replyId} and lease_token = ${token}
        and state = 'sending' returning ${columns}`,
  )
}

/** A stream of this workspace is being read right now, and what it tells is minutes old: it is catching up. */
export async function isStreamBehind(tx: Tx): Promise<boolean> {
  const found = await findOne(
    tx,
    sql`select 1 from workspace_sources own join sources on sources.source_id = own.source_id
      where own.workspace_id = current_workspace() and sources.state = 'running'
        and sources.last_heard_at > clock_timestamp() - interval '20 seconds'
        and sources.last_said_at < sources.last_heard_at - interval '60 seconds' limit 1`,
  )
  return found !== undefined
}

/** The account cannot be used: back to where it was, as if nothing had been tried. */
export async function giveBack(tx: Tx, replyId: string, token: string, was: ReplyState): Promise<void> {
  await sql`update replies set state = ${was === 'queued' ? 'queued' : 'unknown'}, attempts = attempts - 1,
      lease_token = null, lease_until = null
    where workspace_id = current_workspace() and reply_id = ${replyId} and lease_token = ${token}
      and state = 'sending'`.execute(tx)
}

/** Its channel is gone: what certainly never went out is refused, the rest needs a person. */
export async function closeOrphan(tx: Tx, replyId: string): Promise<void> {
  await sql`update replies set detail = 'channel-removed', lease_token = null, lease_until = null,
      state = case when state = 'queued' then 'refused' else 'needs-person' end
    where workspace_id = current_workspace() and reply_id = ${replyId}
      and state in ('queued', 'sending', 'unknown')`.execute(tx)
}

/** Who waits behind a reply that is settled now. */
export async function findNextInLine(tx: Tx, settled: Reply): Promise<Reply | undefined> {
  return findOne(
    tx,
    sql<Reply>`select ${columns} from replies where workspace_id = current_workspace()
      and channel_id = ${settled.channelId} and thread_uri = ${settled.threadUri}
      and state in ('queued', 'unknown') and reply_id <> ${settled.replyId}
      order by queued_at, reply_id limit 1`,
  )
}

/** Unsettled, due, and no job waiting to do it: what a crash leaves behind. */
export async function findStranded(tx: Tx): Promise<string[]> {
  const rows = await findAll(
    tx,
    sql<{ replyId: string }>`select replies.reply_id from replies
      join channels on channels.workspace_id = replies.workspace_id and channels.channel_id = replies.channel_id
      where replies.workspace_id = current_workspace()
        and (channels.state = 'open' or channels.removed_at is not null)
        and ((replies.state = 'queued' and replies.send_after < clock_timestamp() - interval '3 seconds')
          or replies.state = 'unknown'
          or (replies.state = 'sending' and replies.lease_until < clock_timestamp()))
        and not exists (select 1 from graphile_worker._private_jobs job
          where job.key = 'reply:' || replies.reply_id and job.is_available)
      order by replies.queued_at limit 1000`,
  )
  return rows.map((it) => it.replyId)
}

export async function listWorkspaces(db: Db): Promise<string[]> {
  const rows = await findAll(db, sql<{ id: string }>`select list_workspaces() as id`)
  return rows.map((it) => it.id)
}
