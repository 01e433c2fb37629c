/** The outbox table. Times that decide are the database's; nothing here reads what must never leave the house. */
import { type RawBuilder, sql } from 'kysely'
import { findAll, findOne, json, type Tx } from '../base/db.ts'
import { cleanDetail } from '../connectors/clean-text.ts'
import type { Frozen } from '../connectors/connector.ts'
import type { Reply } from './reply.ts'

export async function findReply(tx: Tx, replyId: string): Promise<Reply | undefined> {
  return findOne(
    tx,
    sql<Reply>`select ${columns} from replies
      where workspace_id = current_workspace() and reply_id = ${replyId}`,
  )
}

export async function lockReply(tx: Tx, replyId: string): Promise<Reply | undefined> {
  return findOne(
    tx,
    sql<Reply>`select ${columns} from replies
      where workspace_id = current_workspace() and reply_id = ${replyId} for update`,
  )
}

export type NewReply = Pick<
  Reply,
  'replyId' | 'caseId' | 'channelId' | 'byAgentId' | 'purpose' | 'text' | 'threadUri' | 'parentUri'
> & { frozen: Frozen; undoMs: number }

/** Undefined when a reply of this id is there already. */
export async function insertReply(tx: Tx, reply: NewReply): Promise<Reply | undefined> {
  // Two agents queueing in one thread take turns, so that the order of `queued_at` is the order of commits.
  await sql`select pg_advisory_xact_lock(
    hashtextextended(concat_ws(' ', current_workspace(), ${reply.channelId}::text, ${reply.threadUri}::text), 1))`.execute(
    tx,
  )
  return findOne(
    tx,
    sql<Reply>`insert into replies (workspace_id, reply_id, case_id, channel_id, by_agent_id, purpose, text,
        thread_uri, parent_uri, frozen_key, frozen_uri, frozen_record, queued_at, send_after)
      select current_workspace(), ${reply.replyId}, ${reply.caseId}, ${reply.channelId}, ${reply.byAgentId},
        ${reply.purpose}, ${reply.text}, ${reply.threadUri}, ${reply.parentUri}, ${reply.frozen.key},
        ${reply.frozen.uri}, ${json(reply.frozen.record)}, at,
        -- Milliseconds are all that a Date carries: a job must not come a microsecond early.
        date_trunc('milliseconds', at) + ${reply.undoMs} * interval '1 millisecond'
      from clock_timestamp() as at
      on conflict (workspace_id, reply_id) do nothing
      returning ${columns}`,
  )
}

export async function undoReply(tx: Tx, replyId: string): Promise<Reply | undefined> {
  return findOne(
    tx,
    sql<Reply>`update replies set state = 'undone'
      where workspace_id = current_workspace() and reply_id = ${replyId}
        and state = 'queued' and attempts = 0 and send_after > clock_timestamp()
      returning ${columns}`,
  )
}

/** Starts over with the same frozen record under the same key; the words go to the end of the line. */
export async function restartReply(tx: Tx, replyId: string, state: Reply['state']): Promise<Reply> {
  const saved = await findOne(
    tx,
    sql<Reply>`update replies set state = ${state}, detail = null, attempts = 0, lease_token = null,
        lease_until = null, absent_at = null,
        queued_at = case when ${state} = 'undone' then queued_at else clock_timestamp() end
      where workspace_id = current_workspace() and reply_id = ${replyId} returning ${columns}`,
  )
  return saved!
}

/** What is still to go out on a channel that opened again. */
export async function findUnsettledOfChannel(tx: Tx, channelId: string): Promise<Reply[]> {
  return findAll(
    tx,
    sql<Reply>`select ${columns} from replies where workspace_id = current_workspace()
      and channel_id = ${channelId} and state in ('queued', 'unknown') order by queued_at`,
  )
}

export async function saveLook(tx: Tx, replyId: string, shown: Reply['shown'], reason: string | null) {
  await sql`update replies set shown = ${shown}, shown_reason = ${reason && cleanDetail(reason)}
    where workspace_id = current_workspace() and reply_id = ${replyId} and state = 'sent'`.execute(tx)
}

type ReplyEvent =
  | 'reply-queued'
  | 'reply-undone'
  | 'reply-refused'
  | 'reply-again'
  | 'reply-given-up'
  | 'approval-asked'
  | 'approval-given'
  | 'approval-returned'
  | 'approval-withdrawn'

/** What stands in the history of the case beside what the case itself records. */
export async function addReplyEvent(
  tx: Tx,
  reply: Pick<Reply, 'caseId' | 'replyId'>,
  event: { type: ReplyEvent; reason?: string | null },
  by: string | null,
  at: Date,
): Promise<void> {
  const detail = { replyId: reply.replyId, ...(event.reason && { reason: event.reason }) }
  await sql`insert into case_events (workspace_id, case_id, type, detail, by_agent_id, at)
    values (current_workspace(), ${reply.caseId}, ${event.type}, ${json(detail)}, ${by},
      ${at})`.execute(tx)
}

export type Answerable = {
  brand: string
  /** The newest post of the customer that is still there. */
  parentUri: string | null
}

export async function findAnswerable(tx: Tx, caseId: string): Promise<Answerable> {
  const found = await findOne(
    tx,
    sql<Answerable>`select w.brand, (
        select p.uri from posts p join cases c on c.workspace_id = p.workspace_id and c.case_id = p.case_id
        where p.workspace_id = w.workspace_id and p.case_id = ${caseId} and not p.ours
          and p.author_id = c.author_id and p.deleted_at is null and p.hidden_at is null
        order by p.said_at desc, p.post_id desc limit 1) as parent_uri
      from workspaces w where w.workspace_id = current_workspace()`,
  )
  return found!
}

/** Deleted by its author or taken away with its account since the reply was queued. */
export async function isPostGone(tx: Tx, uri: string): Promise<boolean> {
  const found = await findOne(
    tx,
    sql`select 1 from posts where workspace_id = current_workspace() and uri = ${uri}
      and (deleted_at is not null or hidden_at is not null)`,
  )
  return found !== undefined
}

export const columns: RawBuilder<unknown> = sql.raw(`replies.workspace_id, replies.reply_id, replies.case_id,
  replies.channel_id, replies.by_agent_id, replies.purpose, replies.text, replies.thread_uri,
  replies.parent_uri, replies.frozen_key, replies.frozen_uri, replies.frozen_record, replies.state,
  replies.detail, replies.send_after, replies.attempts, replies.cid, replies.url, replies.queued_at,
  replies.sent_at, replies.shown, replies.shown_reason`)
