/** Everything one case shows. Each list has a bound; the newest are kept and told oldest first. */
import { type RawBuilder, sql } from 'kysely'
import { findAll, findOne, type Tx } from '../base/db.ts'
import { isSeen } from '../people/author.sql.ts'
import { newestWords } from './card.sql.ts'
import { excerptOf, iso } from './card.ts'
import type { Case } from './case.ts'
import { type CaseView, mostPosts, type ReplyView } from './case-views.ts'
import type { StoredPost } from './post-view.ts'

const most = {
  posts: mostPosts.ofCase,
  otherVoices: mostPosts.ofOthers,
  replies: 200,
  notes: 200,
  events: 500,
}

/**
 * The posts of this case, and what others said in the same thread in cases of their own. `voice` is told from the
 * case: the same words are a customer's in one and another voice in the next.
 */
export async function findPosts(tx: Tx, it: Case): Promise<StoredPost[]> {
  const own = sql`p.case_id = ${it.caseId}`
  const beside = sql`p.case_id in (select o.case_id from cases o where o.workspace_id = current_workspace()
    and o.thread_uri = ${it.threadUri} and o.network = ${it.network} and o.case_id <> ${it.caseId}
    order by o.case_id desc limit 50)`
  const posts = await findAll(
    tx,
    sql<StoredPost>`select * from (${postsWhere(it, own, most.posts)}) as own
      union all select * from (${postsWhere(it, beside, most.otherVoices)}) as beside
      order by said_at, post_id`,
  )
  return posts
}

/** What the customer's side of this case says, as far as it can be seen. */
export async function findVisibleTexts(tx: Tx, caseId: string): Promise<string[]> {
  const rows = await findAll(
    tx,
    sql<{
      text: string
    }>`select text from posts where workspace_id = current_workspace() and case_id = ${caseId}
      and text is not null and hidden_at is null and not ours`,
  )
  return rows.map((it) => it.text)
}

/** Of these addresses, what we have: to keep hidden what was deleted here, whoever still shows it. */
export async function findPostsByUri(tx: Tx, it: Case, uris: readonly string[]): Promise<StoredPost[]> {
  const wanted = sql`p.network = ${it.network} and p.uri = any(${[...uris]}::text[])`
  return findAll(tx, sql<StoredPost>`${postsWhere(it, wanted, uris.length)}`)
}

function postsWhere(it: Case, condition: RawBuilder<unknown>, limit: number): RawBuilder<unknown> {
  return sql`select p.post_id, p.uri, p.parent_uri, p.author_account_id as account_id,
      coalesce(a.handle, h.handle) as handle, coalesce(a.display_name, h.display_name) as display_name,
      case when p.ours then 'us' when p.author_id = ${it.authorId} then 'customer' else 'other' end as voice,
      p.text, p.facets, p.embed, p.said_at, p.edited_at,
      case when p.deleted_at is not null then 'deleted' when p.hidden_at is not null then 'hidden' end as gone
    from posts p
    left join authors a on a.workspace_id = p.workspace_id and a.author_id = p.author_id
    left join channels h on p.ours and h.workspace_id = p.workspace_id and h.network = p.network
      and h.account_id = p.author_account_id
    where p.workspace_id = current_workspace() and ${condition}
    order by p.said_at desc, p.post_id desc limit ${limit}`
}

type ReplyRow = Omit<ReplyView, 'sendAfter' | 'queuedAt' | 'sentAt'> & {
  sendAfter: Date
  queuedAt: Date
  sentAt: Date | null
}

export async function findReplies(tx: Tx, caseId: string): Promise<ReplyView[]> {
  const rows = await findAll(
    tx,
    sql<ReplyRow>`select * from (select reply_id, channel_id, by_agent_id, purpose, text, frozen_uri as uri, state, detail,
        send_after, queued_at, sent_at, url, shown, shown_reason
      from replies where workspace_id = current_workspace() and case_id = ${caseId}
      union all select reply_id, channel_id, by_agent_id, purpose, text, '', 'awaiting-approval', null,
        asked_at, asked_at, null, null, 'unchecked', null
      from approvals where workspace_id = current_workspace() and case_id = ${caseId} and decision is null) as r
      order by queued_at desc, reply_id desc limit ${most.replies}`,
  )
  return rows.toReversed().map((row) => ({
    ...row,
    sendAfter: row.sendAfter.toISOString(),
    queuedAt: row.queuedAt.toISOString(),
    sentAt: iso(row.sentAt),
  }))
}

export async function findNotes(tx: Tx, caseId: string): Promise<CaseView['notes']> {
  const rows = await findAll(
    tx,
    sql<{ noteId: string; byAgentId: string; text: string; writtenAt: Date }>`
      select note_id, by_agent_id, text, written_at from notes
      where workspace_id = current_workspace() and case_id = ${caseId}
      order by written_at desc, note_id desc limit ${most.notes}`,
  )
  return rows.toReversed().map((row) => ({ ...row, writtenAt: row.writtenAt.toISOString() }))
}

type EventRow = Omit<CaseView['events'][number], 'at'> & { at: Date }

export async function findEvents(tx: Tx, caseId: string): Promise<CaseView['events']> {
  const rows = await findAll(
    tx,
    sql<EventRow>`select event_id, type, detail, by_agent_id, at from case_events
      where workspace_id = current_workspace() and case_id = ${caseId}
      order by at desc, event_id desc limit ${most.events}`,
  )
  return rows.toReversed().map((row) => ({ ...row, at: row.at.toISOString() }))
}

/** A watch by its name, removed ones too, or the agent who handed it in: it is why this came to us. */
export async function findMatchedBy(tx: Tx, caseId: string): Promise<CaseView['matchedBy']> {
  return findAll(
    tx,
    sql<CaseView['matchedBy'][number]>`
      select distinct coalesce(m ->> 'rule', 'watch') as rule, coalesce(w.name, b.name) as name
      from posts p cross join jsonb_array_elements(p.matched) as m
      left join watches w on w.workspace_id = p.workspace_id and w.watch_id = (m ->> 'watchId')::uuid
      left join agents b on b.workspace_id = p.workspace_id and b.agent_id = (m ->> 'byAgentId')::uuid
      where p.workspace_id = current_workspace() and p.case_id = ${caseId}
      order by 1, 2 limit 50`,
  )
}

type OtherCaseRow = Omit<CaseView['otherCases'][number], 'openedAt'> & { openedAt: Date }

export async function findOtherCases(tx: Tx, it: Case): Promise<CaseView['otherCases']> {
  const rows = await findAll(
    tx,
    sql<OtherCaseRow>`select c.case_id, c.number, c.status, c.opened_at, c.outcome, newest.text as excerpt
      from cases c left join lateral (${newestWords}) as newest on true
      where c.workspace_id = current_workspace() and c.author_id = ${it.authorId} and c.case_id <> ${it.caseId}
      order by c.opened_at desc, c.case_id limit 20`,
  )
  return rows.map((row) => ({
    ...row,
    openedAt: row.openedAt.toISOString(),
    excerpt: row.excerpt === null ? null : excerptOf(row.excerpt),
  }))
}

/** The nth image of a post that is still there. */
export async function findImage(tx: Tx, postId: string, n: number) {
  const found = await findOne(
    tx,
    sql<{ caseId: string | null; network: Case['network']; accountId: string; ref: string | null }>`
      select case_id, network, author_account_id as account_id, embed -> 'images' -> ${n}::int ->> 'ref' as ref from posts
      where workspace_id = current_workspace() and post_id = ${postId}
        and deleted_at is null and hidden_at is null`,
  )
  return found?.ref ? { ...found, ref: found.ref } : undefined
}

/** What a post in view quotes. */
export async function findQuote(tx: Tx, postId: string) {
  const found = await findOne(
    tx,
    sql<{ caseId: string | null; network: Case['network']; uri: string | null }>`
      select case_id, network, embed -> 'quote' ->> 'uri' as uri from posts
      where workspace_id = current_workspace() and post_id = ${postId}
        and deleted_at is null and hidden_at is null`,
  )
  return found?.uri ? { ...found, uri: found.uri } : undefined
}

/** Whether we know that this post is gone, or that its network keeps its author from view. */
export async function isKeptFromView(
  tx: Tx,
  post: { network: Case['network']; accountId: string; uri: string },
): Promise<boolean> {
  const found = await findOne(
    tx,
    sql`select from posts where workspace_id = current_workspace() and network = ${post.network}
        and uri = ${post.uri} and (deleted_at is not null or hidden_at is not null)
      union all select from authors where workspace_id = current_workspace() and network = ${post.network}
        and account_id = ${post.accountId} and status <> 'active'
      limit 1`,
  )
  return found !== undefined
}

type NewNote = { noteId: string; caseId: string; byAgentId: string; text: string }

/** Asked again after a lost answer, it is written once. False: another note has this id. */
export async function addNote(tx: Tx, { noteId, caseId, byAgentId, text }: NewNote): Promise<boolean> {
  await sql`insert into notes (workspace_id, note_id, case_id, by_agent_id, text)
    select workspace_id, ${noteId}, case_id, ${byAgentId}, ${text} from cases
    where workspace_id = current_workspace() and case_id = ${caseId} on conflict do nothing`.execute(tx)
  const written = await findOne(
    tx,
    sql`select from notes where workspace_id = current_workspace() and note_id = ${noteId}
      and case_id = ${caseId} and by_agent_id = ${byAgentId} and text = ${text}`,
  )
  return written !== undefined
}

/** Answers false when there is no such author here, or none that may be seen. */
export async function saveMute(
  tx: Tx,
  authorId: string,
  mute: { reason: 'spam' | 'muted'; byAgentId: string; at: Date } | null,
): Promise<boolean> {
  const saved = await findOne(
    tx,
    sql`update authors set muted_at = ${mute?.at ?? null}, muted_by = ${mute?.byAgentId ?? null},
        muted_reason = ${mute?.reason ?? null}
      where workspace_id = current_workspace() and author_id = ${authorId} and ${isSeen(sql`authors.author_id`)}
      returning author_id`,
  )
  return saved !== undefined
}
