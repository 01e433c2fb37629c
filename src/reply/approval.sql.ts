/** Replies that wait for a second person. */
import { sql } from 'kysely'
import { findAll, findOne, type Tx } from '../base/db.ts'
import { Refusal } from '../base/refusal.ts'
import { newestWords } from '../cases/card.sql.ts'
import type { ApprovalRule } from './approval.ts'
import type { Reply } from './reply.ts'

export type Approval = Pick<Reply, 'replyId' | 'caseId' | 'channelId' | 'byAgentId' | 'purpose' | 'text'> & {
  askedAt: Date
  decision: 'approved' | 'returned' | 'withdrawn' | null
}

export async function findApprovalRule(
  tx: Tx,
  { caseId, channelId }: { caseId: string; channelId: string },
): Promise<ApprovalRule & { channelTeamId: string | null }> {
  const found = await findOne(
    tx,
    sql<
      ApprovalRule & { channelTeamId: string | null }
    >`select coalesce(t.needs_approval, false) as team_asks,
        coalesce(h.needs_approval, false) as channel_asks, k.team_id as channel_team_id
      from cases c
      left join teams t on t.workspace_id = c.workspace_id and t.team_id = c.team_id
      left join channels h on h.workspace_id = c.workspace_id and h.channel_id = ${channelId}
      left join team_channels k on k.workspace_id = c.workspace_id and k.channel_id = ${channelId}
      where c.workspace_id = current_workspace() and c.case_id = ${caseId}`,
  )
  if (!found) throw new Refusal('not-found')
  return found
}

export async function findApproval(tx: Tx, replyId: string): Promise<Approval | undefined> {
  return findOne(tx, sql<Approval>`${approvalWhere(replyId)}`)
}

export async function lockApproval(tx: Tx, replyId: string): Promise<Approval | undefined> {
  return findOne(tx, sql<Approval>`${approvalWhere(replyId)} for update`)
}

const approvalWhere = (replyId: string) => sql`
  select reply_id, case_id, channel_id, by_agent_id, purpose, text, asked_at, decision from approvals
  where workspace_id = current_workspace() and reply_id = ${replyId}`

/** False when this id is there already. */
export async function insertApproval(tx: Tx, it: Omit<Approval, 'decision'>): Promise<boolean> {
  const made =
    await sql`insert into approvals (workspace_id, reply_id, case_id, channel_id, by_agent_id, purpose,
      text, asked_at)
    values (current_workspace(), ${it.replyId}, ${it.caseId}, ${it.channelId}, ${it.byAgentId}, ${it.purpose},
      ${it.text}, ${it.askedAt}) on conflict do nothing`.execute(tx)
  return made.numAffectedRows === 1n
}

export async function decideApproval(
  tx: Tx,
  replyId: string,
  decided: { decision: NonNullable<Approval['decision']>; by: string; at: Date },
): Promise<void> {
  await sql`update approvals set decision = ${decided.decision}, decided_by = ${decided.by}, decided_at = ${decided.at}
    where workspace_id = current_workspace() and reply_id = ${replyId}`.execute(tx)
}

export type WaitingApproval = Approval & {
  caseNumber: number
  authorName: string | null
  answerDueAt: Date | null
  teamId: string | null
  excerpt: string | null
}

export async function findWaiting(
  tx: Tx,
  page: { after?: string | undefined; limit: number },
): Promise<WaitingApproval[]> {
  return findAll(
    tx,
    sql<WaitingApproval>`select p.reply_id, p.case_id, p.channel_id, p.by_agent_id, p.purpose, p.text, p.asked_at,
        p.decision, c.number as case_number, c.answer_due_at, c.team_id,
        coalesce(a.display_name, '@' || a.handle) as author_name, newest.text as excerpt
      from approvals p
      join cases c on c.workspace_id = p.workspace_id and c.case_id = p.case_id
      join authors a on a.workspace_id = c.workspace_id and a.author_id = c.author_id
      left join lateral (${newestWords}) as newest on true
      where p.workspace_id = current_workspace() and p.decision is null
        and (${page.after ?? null}::uuid is null or (p.asked_at, p.reply_id) > (
          select k.asked_at, k.reply_id from approvals k
          where k.workspace_id = current_workspace() and k.reply_id = ${page.after ?? null}::uuid))
      order by p.asked_at, p.reply_id limit ${page.limit + 1}`,
  )
}

/** Counting stops where nobody reads the number any more. */
export async function countWaiting(tx: Tx): Promise<number> {
  const found = await findOne(
    tx,
    sql<{ count: number }>`select count(*) from (select from approvals
      where workspace_id = current_workspace() and decision is null limit 1000) as counted`,
  )
  return found!.count
}
