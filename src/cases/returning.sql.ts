/** What someone holds that somebody else should answer. */
import { sql } from 'kysely'
import { findAll, findOne, type Tx } from '../base/db.ts'

/** Their open cases in which a customer waits, locked, the most pressing first. */
export async function lockWaitingCases(
  tx: Tx,
  agentId: string,
): Promise<{ caseId: string; teamId: string | null }[]> {
  const locked = await findAll(
    tx,
    sql<{ caseId: string; teamId: string | null; dueAt: Date | null }>`
      select case_id, team_id, answer_due_at as due_at from cases
      where workspace_id = current_workspace() and assignee_id = ${agentId} and status <> 'closed'
        and unanswered_since is not null
      -- One order for everybody who locks several.
      order by case_id for update`,
  )
  const due = (it: { dueAt: Date | null }) => it.dueAt?.getTime() ?? Number.POSITIVE_INFINITY
  return locked.sort((a, b) => (due(a) < due(b) ? -1 : due(a) > due(b) ? 1 : 0))
}

/** Open, and with someone who does not see its team: of these agents, or of everybody (null). */
export async function findUnseenCases(
  tx: Tx,
  agentIds: readonly string[] | null,
): Promise<{ caseId: string; agentId: string }[]> {
  return findAll(
    tx,
    sql<{ caseId: string; agentId: string }>`select c.case_id, a.agent_id from agents a
      join cases c on c.workspace_id = a.workspace_id and c.assignee_id = a.agent_id
      where a.workspace_id = current_workspace() and a.sees = 'teams' and c.status <> 'closed'
        and c.team_id is not null and (${agentIds === null} or a.agent_id = any(${agentIds ?? []}::uuid[]))
        and not exists (select from team_agents t where t.workspace_id = a.workspace_id
          and t.agent_id = a.agent_id and t.team_id = c.team_id)
      -- One order for everybody who locks several.
      order by c.case_id limit 1000`,
  )
}

export async function saveReturned(
  tx: Tx,
  absenceId: string,
  it: { caseId: string; to: string | null },
  at: Date,
): Promise<void> {
  await sql`insert into returned_cases (workspace_id, absence_id, case_id, to_agent_id, returned_at)
    values (current_workspace(), ${absenceId}, ${it.caseId}, ${it.to}, ${at})
    on conflict (workspace_id, absence_id, case_id)
      do nothing`.execute(tx)
}

export type Gone = { agentId: string; absenceId: string | null; deputyId: string | null }

/** Who holds a waiting case and is out of office or suspended at this moment. */
export async function findGone(tx: Tx, at: Date): Promise<Gone[]> {
  return findAll(
    tx,
    sql<Gone>`select a.agent_id, o.absence_id, o.deputy_id from agents a
      left join lateral (
        select o.absence_id, o.deputy_id from absences o
        where o.workspace_id = a.workspace_id and o.agent_id = a.agent_id
          and o.starts_at <= ${at} and o.ends_at > ${at} and o.ended_at is null
        order by o.starts_at, o.absence_id limit 1
      ) as o on true
      where a.workspace_id = current_workspace() and (a.suspended_at is not null or o.absence_id is not null)
        and exists (select from cases c where c.workspace_id = a.workspace_id and c.assignee_id = a.agent_id
          and c.status <> 'closed' and c.unanswered_since is not null)
      order by a.agent_id`,
  )
}

/** Whether their screen was heard of in the last minute. */
export async function isHere(tx: Tx, agentId: string, at: Date): Promise<boolean> {
  const found = await findOne(
    tx,
    sql`select from presence where workspace_id = current_workspace() and agent_id = ${agentId}
      and heard_at > ${at}::timestamptz - interval '1 minute'`,
  )
  return found !== undefined
}
