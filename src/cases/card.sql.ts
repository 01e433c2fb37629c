/**
 * Cards and the lists they stand in. Order and pages come from the indexes of the cases table.
 *
 * A page is found by the key of the last row of the page before: however the rows above it move meanwhile, what
 * stayed in its place is seen once.
 */
import { type RawBuilder, sql } from 'kysely'
import { findAll, findOne, kept, type Tx } from '../base/db.ts'
import { Refusal } from '../base/refusal.ts'
import type { Agent } from '../staff/agent.ts'
import { type CardRow, cardOf, type Links } from './card.ts'
import type { listViews } from './case-contract.ts'
import type { Card } from './case-views.ts'

export type ListView = (typeof listViews)[number]
export type ListPage = { caseIds: string[]; next: string | null }
type Key = { first: number; second: number; caseId: string }

/** In the order of the ids; ids of other workspaces and of nothing are left out. One query, however many cards. */
export async function findCards(tx: Tx, caseIds: readonly string[], links: Links): Promise<Card[]> {
  if (caseIds.length === 0) return []
  const rows = await findAll(
    tx,
    sql<CardRow>`${kept}
      select c.case_id, c.number, c.version, c.network, c.status, c.author_id, c.assignee_id, c.channel_id, c.team_id,
        c.kind, c.urgency, c.language, c.opened_at, c.last_said_at, c.unanswered_since, c.answer_due_at,
        c.first_answered_at, c.customer_posts, c.outcome, c.outcome_by, c.outcome_reason, c.closed_at,
        a.account_id, a.handle, a.display_name, a.status as author_status, a.muted_reason,
        newest.text as newest, trouble.what as reply_trouble
      from unnest(${caseIds}::uuid[]) with ordinality as wanted (id, place)
      join cases c on c.workspace_id = current_workspace() and c.case_id = wanted.id
      join authors a on a.workspace_id = c.workspace_id and a.author_id = c.author_id
      left join lateral (${newestWords}) as newest on true
      left join lateral (${trouble}) as trouble on true
      order by wanted.place`,
  )
  return rows.map((row) => cardOf(row, links))
}

/** Enough for an excerpt, and a bound for whoever piles ten thousand marks on one letter. */
export const newestWords: RawBuilder<unknown> = sql.raw(`
  select left(p.text, 2000) as text from posts p
  where p.workspace_id = c.workspace_id and p.case_id = c.case_id and not p.ours
    and p.author_id = c.author_id and p.text is not null and p.hidden_at is null
  order by p.said_at desc, p.post_id desc limit 1`)

/** What became of the newest reply that anything became of: a later one that went out settles an earlier refusal. */
const trouble: RawBuilder<unknown> = sql.raw(`
  (select 'awaiting-approval' as what from approvals p where p.workspace_id = c.workspace_id
    and p.case_id = c.case_id and p.decision is null limit 1)
  union all (select 'returned' from approvals p where p.workspace_id = c.workspace_id and p.case_id = c.case_id
    and p.decision = 'returned' and not exists (select from replies r where r.workspace_id = p.workspace_id
      and r.case_id = p.case_id and r.queued_at > p.decided_at)
    and not exists (select from approvals q where q.workspace_id = p.workspace_id and q.case_id = p.case_id
      and q.asked_at > p.decided_at) and c.status <> 'closed' limit 1)
  union all (select case when r.state <> 'sent' then r.state when r.shown = 'hidden' then 'hidden' end as what
  from replies r where r.workspace_id = c.workspace_id and r.case_id = c.case_id
    and r.state in ('sent', 'refused', 'unknown', 'needs-person')
  order by r.queued_at desc, r.reply_id desc limit 1) limit 1`)

/** Whose lists these are; `teamIds` is null for who sees every case. */
type Reader = Pick<Agent, 'agentId' | 'teamIds'>

export async function findPage(
  tx: Tx,
  page: Reader & { view: ListView; after?: string | undefined; limit: number },
): Promise<ListPage> {
  const after = page.after === undefined ? null : readKey(page.after)
  const rows = await findAll(tx, sql<Key>`${pageQuery(page.view, page, after, page.limit + 1)}`)
  const shown = rows.slice(0, page.limit)
  const last = shown.at(-1)
  return {
    caseIds: shown.map((row) => row.caseId),
    next: last && rows.length > page.limit ? writeKey(last) : null,
  }
}

export function pageQuery(
  view: ListView,
  reader: Reader,
  after: Key | null,
  limit: number,
): RawBuilder<unknown> {
  const rows =
    view === 'queue'
      ? (of: RawBuilder<unknown>) => queueRows(of, after, limit)
      : (of: RawBuilder<unknown>) => timedRows(view, reader.agentId, of, after, limit)
  const direction = sql.raw(view === 'queue' ? '' : 'desc')
  return perTeam(
    view,
    reader,
    rows,
    (all) => sql`select first, second, case_id from (${all}) as rows
    order by first ${direction}, second, case_id limit ${limit}`,
  )
}

/** One scan over all teams, or one for each team of who sees no more; their own cases are few enough for one. */
function perTeam(
  view: ListView,
  { teamIds }: Reader,
  rows: (of: RawBuilder<unknown>) => RawBuilder<unknown>,
  merge: (all: RawBuilder<unknown>) => RawBuilder<unknown>,
): RawBuilder<unknown> {
  if (teamIds === null || view === 'mine') return rows(sql`true`)
  return merge(sql`(${rows(sql`team_id is null`)}) union all
    select theirs.* from unnest(${[...teamIds]}::uuid[]) as team (id)
      cross join lateral (${rows(sql`team_id = team.id`)}) as theirs`)
}

function timedRows(
  view: ListView,
  agentId: string,
  of: RawBuilder<unknown>,
  after: Key | null,
  limit: number,
): RawBuilder<unknown> {
  const time = sql.ref(view === 'closed' ? 'closed_at' : 'last_said_at')
  const past =
    after &&
    sql`and ${time} <= ${timeOf(after.first)}
    and (${time} < ${timeOf(after.first)} or case_id > ${after.caseId}::uuid)`
  return sql`select ${microsOf(time)} as first, 0 as second, case_id from cases
    where workspace_id = current_workspace() and ${isIn(view, agentId)} and ${of} ${past ?? sql``}
    order by ${time} desc, case_id limit ${limit}`
}

function queueRows(of: RawBuilder<unknown>, after: Key | null, limit: number): RawBuilder<unknown> {
  const past =
    after &&
    sql`and (${dueOrLast}, unanswered_since, case_id)
    > (${timeOf(after.first)}, ${timeOf(after.second)}, ${after.caseId}::uuid)`
  return sql`select ${microsOf(dueOrLast)} as first, ${microsOf(sql`unanswered_since`)} as second, case_id
    from cases where workspace_id = current_workspace() and ${isIn('queue', '')} and ${of} ${past ?? sql``}
    order by ${dueOrLast}, unanswered_since, case_id limit ${limit}`
}

/** Without working hours nothing is promised: behind all that is. The words of the index (migration 0010). */
const dueOrLast: RawBuilder<unknown> = sql.raw(
  `(case when answer_due_at is null then '2200-01-01 00:00:00+00'::timestamptz else answer_due_at end)`,
)

function isIn(view: ListView, agentId: string): RawBuilder<unknown> {
  if (view === 'queue') return sql`status <> 'closed' and unanswered_since is not null`
  if (view === 'answered') return sql`status <> 'closed' and unanswered_since is null`
  if (view === 'mine') return sql`status <> 'closed' and assignee_id = ${agentId}::uuid`
  return sql`status = 'closed'`
}

/**
 * Where counting stops: a badge says "999+" beyond, and a list of millions costs what one of a thousand does. Counters
 * kept by every change instead would be rows that all agents of a workspace wait for.
 */
const mostCounted = 1_000

export async function countViews(tx: Tx, reader: Reader): Promise<Record<ListView, number>> {
  const count = (view: ListView) => {
    const rows = (of: RawBuilder<unknown>) => sql`select from cases
      where workspace_id = current_workspace() and ${isIn(view, reader.agentId)} and ${of} limit ${mostCounted}`
    const counted = perTeam(
      view,
      reader,
      rows,
      (all) => sql`select from (${all}) as rows limit ${mostCounted}`,
    )
    return sql`(select count(*) from (${counted}) as counted)`
  }
  const found = await findOne(
    tx,
    sql<Record<ListView, number>>`${kept} select ${count('queue')} as queue, ${count('mine')} as mine,
      ${count('answered')} as answered, ${count('closed')} as closed`,
  )
  return found!
}

// Microseconds, because a time cut to JavaScript's milliseconds is not the key of its row any more.
const microsOf = (time: RawBuilder<unknown>) => sql`(extract(epoch from ${time}) * 1000000)::bigint`
const timeOf = (micros: number) => sql`('epoch'::timestamptz + ${micros}::float8 * interval '1 microsecond')`

const writeKey = ({ first, second, caseId }: Key) =>
  Buffer.from(`${first} ${second} ${caseId}`).toString('base64url')

function readKey(after: string): Key {
  const [first, second, caseId = '', ...more] = Buffer.from(after, 'base64url').toString('latin1').split(' ')
  const key = { first: Number(first), second: Number(second), caseId }
  const isKey =
    Number.isSafeInteger(key.first) &&
    Number.isSafeInteger(key.second) &&
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(caseId)
  if (!isKey || more.length > 0) throw new Refusal('bad-input', 'this page key is not one of ours')
  return key
}
