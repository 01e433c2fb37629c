/**
 * Who may send a reply right now: one worker at a time, by the database's clock, and in order.
 *
 * The token fences off a worker that lost its lease: it may not write what became of the reply. Its request may have
 * gone out all the same, which is why the key is the row's and not the attempt's.
 */
import { sql } from 'kysely'
import { findAll, findOne, type Tx } from '../base/db.ts'
import { cleanDetail } from '../connectors/clean-text.ts'
import { columns } from './reply.sql.ts'
import { type News, type Next, notThereYet, type Reply, type ReplyState } from './reply.ts'

/** Longer than a send may take (sendTimeoutMs in reply.jobs.ts). */
export const leaseMs = 20_000

export type Leased = Reply & { was: ReplyState }

/** Takes the reply, or nothing: `whyNotLeased` says why. */
export async function leaseReply(tx: Tx, replyId: string, token: string): Promise<Leased | undefined> {
  return findOne(
    tx,
    sql<Leased>`update replies set state = 'sending', detail = null, attempts = replies.attempts + 1, lease_token = ${token},
        lease_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
      from channels
      where replies.workspace_id = current_workspace() and replies.reply_id = ${replyId}
        and channels.workspace_id = replies.workspace_id and channels.channel_id = replies.channel_id
        and channels.state = 'open' and channels.removed_at is null and not (${isQuiet})
        and (replies.state = 'unknown' or (replies.state = 'queued' and replies.send_after <= clock_timestamp())
          or (replies.state = 'sending' and replies.lease_until < clock_timestamp()))
        and not exists (${earlier})
      returning ${columns}, old.state as was`,
  )
}

/** Whoever settles a reply changes its case too, and locks that first, as intake does. */
export async function lockCase(tx: Tx, caseId: string): Promise<void> {
  await sql`select 1 from cases where workspace_id = current_workspace() and case_id = ${caseId}
    for update`.execute(tx)
}

/** The network has asked the account for patience, and the time that it named is not over. */
const isQuiet = sql`coalesce(channels.quiet_until > clock_timestamp(), false)`

/** The same channel has something older to say in the same thread. */
const earlier = sql`select 1 from replies other
  where other.workspace_id = replies.workspace_id and other.channel_id = replies.channel_id
    and other.thread_uri = replies.thread_uri and other.state in ('queued', 'sending', 'unknown')
    and (other.queued_at, other.reply_id) < (replies.queued_at, replies.reply_id)`

export type NotLeased = {
  why: 'settled' | 'removed' | 'paused' | 'held' | 'behind' | 'early' | 'quiet'
  /** When it is worth coming back: the end of the undo window, of somebody else's lease, or of the network's patience. */
  until: Date
}

export async function whyNotLeased(tx: Tx, replyId: string): Promise<NotLeased> {
  const found = await findOne(
    tx,
    sql<NotLeased>`select
        date_trunc('milliseconds', greatest(replies.send_after, replies.lease_until, channels.quiet_until)) as until, case
        when replies.state not in ('queued', 'sending', 'unknown') then 'settled'
        when replies.state = 'sending' and replies.lease_until >= clock_timestamp() then 'held'
        when channels.removed_at is not null then 'removed'
        when channels.state <> 'open' then 'paused'
        when replies.send_after > clock_timestamp() then 'early'
        when ${isQuiet} then 'quiet'
        else 'behind' end as why
      from replies join channels on channels.workspace_id = replies.workspace_id
        and channels.channel_id = replies.channel_id
      where replies.workspace_id = current_workspace() and replies.reply_id = ${replyId}`,
  )
  return found ?? { why: 'settled', until: new Date(0) }
}

/** Asks the whole channel for patience; a longer time that was named before stands. */
export async function keepQuiet(tx: Tx, channelId: string, forMs: number): Promise<void> {
  await sql`update channels set quiet_until = greatest(quiet_until,
      -- Milliseconds are all that a Date carries: a job must not come a microsecond early.
      date_trunc('milliseconds', clock_timestamp()) + (${Math.ceil(forMs)} + 1) * interval '1 millisecond')
    where workspace_id = current_workspace() and channel_id = ${channelId}`.execute(tx)
}

export async function isChannelQuiet(tx: Tx, channelId: string): Promise<boolean> {
  const found = await findOne(
    tx,
    sql`select 1 from channels
      where workspace_id = current_workspace() and channel_id = ${channelId} and ${isQuiet}`,
  )
  return found !== undefined
}

/**
 * About to send. Still ours, and for another full lease; false when it was lost or the post was deleted by its owner
 * meanwhile.
 */
export async function renewLease(tx: Tx, replyId: string, token: string): Promise<boolean> {
  const changed = await sql`update replies
    set lease_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond', absent_at = null
    where workspace_id = current_workspace() and reply_id = ${replyId} and lease_token = ${token}
      and state = 'sending'`.execute(tx)
  return Number(changed.numAffectedRows) > 0
}

/** Ends the lease with what became of the reply. Undefined when the lease was lost. */
export async function settle(tx: Tx, replyId: string, token: string, next: Next): Promise<Reply | undefined> {
  const isSent = next.state === 'sent'
  const isUncounted = 'counts' in next && !next.counts
  const detail = isSent || next.detail === null ? null : cleanDetail(next.detail)
  const isAbsent = next.state === 'unknown' && next.detail === notThereYet
  return findOne(
    tx,
    sql<Reply>`update replies set state = ${next.state}, detail = ${detail},
        cid = ${isSent ? next.cid : null}, url = ${isSent ? next.url : null},
        sent_at = case when ${isSent} then clock_timestamp() end,
        absent_at = case when ${isAbsent} then coalesce(absent_at, clock_timestamp()) else absent_at end,
        attempts = attempts - ${isUncounted ? 1 : 0}, lease_token = null, lease_until = null
      where workspace_id = current_workspace() and reply_id = ${replyId} and lease_token = ${token}
        and state = 'sending' returning ${columns}`,
  )
}

/** A connection that has been silent longer than this is taken for lost: a living one says so every ten seconds. */
const livingMs = 25_000
/** News of an account comes by a relay later than from its own server. */
const relayPatience = 6

/** What the streams that this workspace listens to can tell of a reply that the network does not have. */
export async function findNews(tx: Tx, replyId: string, graceMs: number): Promise<News> {
  const found = await findOne(
    tx,
    sql<Omit<News, 'graceMs'>>`select
        (extract(epoch from clock_timestamp() - replies.absent_at) * 1000)::double precision as absent_for_ms,
        case when bool_or(it.connected_at is not null
            and it.alive_at > clock_timestamp() - ${livingMs} * interval '1 millisecond'
            and it.alive_at >= replies.absent_at + it.patience * ${graceMs} * interval '1 millisecond') then 'sure'
          when count(it.source_id) > 0 then 'awaited' else 'none' end as word
      from replies join channels on channels.workspace_id = replies.workspace_id
        and channels.channel_id = replies.channel_id
      left join lateral (${unbroken}) it on true
      where replies.workspace_id = current_workspace() and replies.reply_id = ${replyId}
      group by replies.absent_at`,
  )
  return { word: found?.word ?? 'none', absentForMs: found?.absentForMs ?? null, graceMs }
}

/** Streams that carry what this account does, heard without a hole since before the reply could first go out. */
const unbroken = sql`select sources.source_id, sources.connected_at, sources.alive_at,
    case when sources.kind = 'rehearsal' or sources.address = channels.service_url then 1
      else ${relayPatience} end as patience
  from workspace_sources own join sources on sources.source_id = own.source_id
  where own.workspace_id = replies.workspace_id and sources.state = 'running'
    and sources.heard_since <= replies.send_after
    and ((channels.network = 'rehearsal' and sources.kind = 'rehearsal')
      or (channels.network <> 'rehearsal' and sources.kind = 'firehose' and sources.address = channels.service_url)
      or (sources.kind in ('firehose', 'jetstream') and sources.source_id = any(channels.heard_on)))
    and not exists (select from gaps where gaps.source_id = sources.source_id
      and gaps.author_id = channels.account_id and gaps.last_at >= replies.send_after)`

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
          where job.key = concat_ws(':', 'reply', replies.workspace_id, replies.reply_id)
            and job.is_available)
      order by replies.queued_at limit 1000`,
  )
  return rows.map((it) => it.replyId)
}
