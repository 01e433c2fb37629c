/** Who is here, on which case, and who has it open beside them. */
import { sql } from 'kysely'
import { findAll, type Tx } from '../base/db.ts'
import { mostAgents, mostReturnedShown } from '../staff/bounds.ts'
import { mostOnlookersShown, type Onlooker } from './presence-contract.ts'

export type Beat = { agentId: string; caseId: string | null; writing: boolean; at: Date }

/** Inside the walls of the agent: a case that they do not see is none. */
export async function saveBeat(tx: Tx, { agentId, caseId, writing, at }: Beat): Promise<void> {
  await sql`insert into presence (workspace_id, agent_id, heard_at, case_id, is_writing)
    select current_workspace(), ${agentId}, ${at}, c.case_id, ${writing} and c.case_id is not null
    from (select) as one left join cases c on c.workspace_id = current_workspace() and c.case_id = ${caseId}::uuid
    on conflict (workspace_id, agent_id) do update
      set heard_at = excluded.heard_at, case_id = excluded.case_id, is_writing = excluded.is_writing`.execute(
    tx,
  )
}

/** Joined with the case, so that nobody learns who is at one they do not see. */
export async function findOthers(tx: Tx, { agentId, caseId }: Beat, since: Date): Promise<Onlooker[]> {
  if (!caseId) return []
  return findAll(
    tx,
    sql<Onlooker>`select p.agent_id, p.is_writing from presence p
      join cases c on c.workspace_id = p.workspace_id and c.case_id = p.case_id
      where p.workspace_id = current_workspace() and p.case_id = ${caseId} and p.agent_id <> ${agentId}
        and p.heard_at > ${since} order by p.agent_id limit ${mostOnlookersShown}`,
  )
}

export type Looking = { caseId: string; agentId: string; isWriting: boolean }

/** For the live stream, outside of anybody's team walls: so it asks itself who still sees the case they had open. */
export async function findLooking(tx: Tx, caseIds: readonly string[], since: Date): Promise<Looking[]> {
  return findAll(
    tx,
    sql<Looking>`select p.case_id, p.agent_id, p.is_writing from presence p
      join agents a on a.workspace_id = p.workspace_id and a.agent_id = p.agent_id
      join cases c on c.workspace_id = p.workspace_id and c.case_id = p.case_id
      where p.workspace_id = current_workspace() and p.case_id = any(${caseIds}::uuid[]) and p.heard_at > ${since}
        and a.suspended_at is null and (a.sees = 'workspace' or c.team_id is null or exists (
          select from team_agents t where t.workspace_id = c.workspace_id and t.team_id = c.team_id
            and t.agent_id = a.agent_id))
      order by p.case_id, p.agent_id`,
  )
}

export type WhereFound = {
  agentId: string
  outUntil: Date | null
  note: string | null
  awaySince: Date | null
  heardAt: Date | null
  capacity: number | null
  openCases: number
  waitingCases: number
}

export async function findWhereabouts(tx: Tx, at: Date): Promise<WhereFound[]> {
  return findAll(
    tx,
    sql<WhereFound>`select a.agent_id, a.away_since, a.capacity, p.heard_at, o.ends_at as out_until, o.note,
        (select count(*) from cases c where c.workspace_id = a.workspace_id and c.assignee_id = a.agent_id
          and c.status <> 'closed') as open_cases,
        (select count(*) from cases c where c.workspace_id = a.workspace_id and c.assignee_id = a.agent_id
          and c.status <> 'closed' and c.unanswered_since is not null) as waiting_cases
      from agents a
      left join presence p on p.workspace_id = a.workspace_id and p.agent_id = a.agent_id
      left join lateral (
        select o.ends_at, o.note from absences o where o.workspace_id = a.workspace_id and o.agent_id = a.agent_id
          and o.starts_at <= ${at} and o.ends_at > ${at} and o.ended_at is null
        order by o.ends_at desc limit 1
      ) as o on true
      where a.workspace_id = current_workspace() and a.suspended_at is null order by a.agent_id limit ${mostAgents}`,
  )
}

export type ReturnedFound = {
  caseId: string
  number: number
  handle: string | null
  displayName: string | null
  status: 'new' | 'open' | 'waiting' | 'closed'
  toAgentId: string | null
  returnedAt: Date
}

export async function findReturned(tx: Tx, absenceId: string): Promise<ReturnedFound[]> {
  return findAll(
    tx,
    sql<ReturnedFound>`select c.case_id, c.number, a.handle, a.display_name, c.status, r.to_agent_id, r.returned_at
      from returned_cases r
      join cases c on c.workspace_id = r.workspace_id and c.case_id = r.case_id
      join authors a on a.workspace_id = c.workspace_id and a.author_id = c.author_id
      where r.workspace_id = current_workspace() and r.absence_id = ${absenceId}
      order by r.returned_at, c.number limit ${mostReturnedShown}`,
  )
}
