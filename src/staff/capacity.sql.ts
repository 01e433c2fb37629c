/** How much someone has, and how much they take. */
import { sql } from 'kysely'
import { findOne, type Tx } from '../base/db.ts'
import type { Role } from './agent.ts'
import type { Worker } from './capacity.ts'
import { hasArrived } from './colleague.sql.ts'
import { isPermission, mayOf, type Permission } from './permissions.ts'

/** Held to the end of the transaction: two cases given at one moment are counted one after the other. */
export async function lockWorker(tx: Tx, agentId: string, at: Date): Promise<Worker | null> {
  const locked = await findOne(
    tx,
    sql`select from agents where workspace_id = current_workspace() and agent_id = ${agentId}
      for no key update`,
  )
  // Counted by a statement of its own: one that waits for a lock counts what was there before it waited.
  return locked ? findWorker(tx, agentId, at) : null
}

type WorkerRow = Omit<Worker, 'may'> & { role: Role; ownMay: Permission[] | null }

async function findWorker(tx: Tx, agentId: string, at: Date): Promise<Worker | null> {
  const found = await findOne(
    tx,
    sql<WorkerRow>`select a.agent_id, a.role, r.may as own_may, a.capacity,
        a.suspended_at is not null or not (${hasArrived(sql`a.user_id`)}) as is_suspended,
        a.away_since is not null or exists (select from absences o where o.workspace_id = a.workspace_id
          and o.agent_id = a.agent_id and o.starts_at <= ${at} and o.ends_at > ${at} and o.ended_at is null) as is_away,
        case when a.sees = 'teams' then array(select t.team_id from team_agents t
          where t.workspace_id = a.workspace_id and t.agent_id = a.agent_id order by 1) end as team_ids,
        (select count(*) from cases c where c.workspace_id = a.workspace_id and c.assignee_id = a.agent_id
          and c.status <> 'closed') as open_cases
      from agents a left join roles r on r.workspace_id = a.workspace_id and r.role_id = a.role_id
      where a.workspace_id = current_workspace() and a.agent_id = ${agentId}`,
  )
  if (!found) return null
  const { role, ownMay, ...worker } = found
  return { ...worker, may: role === 'custom' ? (ownMay ?? []).filter(isPermission) : mayOf(role) }
}

/** Answers false when there is no such agent here. */
export async function saveCapacity(tx: Tx, agentId: string, capacity: number | null): Promise<boolean> {
  const saved = await findOne(
    tx,
    sql`update agents set capacity = ${capacity}
      where workspace_id = current_workspace() and agent_id = ${agentId} returning agent_id`,
  )
  return saved !== undefined
}
