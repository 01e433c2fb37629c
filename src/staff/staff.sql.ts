/** Agents, their sessions and their workspace. */
import { sql } from 'kysely'
import { type Db, findAll, findOne, type Tx } from '../base/db.ts'
import type { Agent, Role } from './agent.ts'

/** Whose session this is. Two questions in one transaction: the walls let the second be asked only once inside. */
export async function findAgentOfSession(db: Db, token: string): Promise<Agent | null> {
  return db.transaction().execute(async (tx) => {
    const found = await findOne(
      tx,
      sql<{ agentId: string }>`
        select w.agent_id, set_config('evenhand.workspace', w.workspace_id::text, true)
        from auth_sessions s
        cross join lateral (select * from find_workspaces_of_user(s."userId") limit 1) w
        where s.token = ${token} and s."expiresAt" > now()`,
    )
    if (!found) return null
    const agent = await findOne(
      tx,
      sql<Agent>`select workspace_id, agent_id, user_id, name, role from agents
        where agent_id = ${found.agentId}`,
    )
    return agent ?? null
  })
}

type Holder = { token: string; workspaceId: string; agentId: string }

/** Which of these sessions still stand, and whose they are now. One question for all of them. */
export async function findHolders(db: Db, tokens: string[]): Promise<Holder[]> {
  return findAll(
    db,
    sql`select s.token, w.workspace_id, w.agent_id from auth_sessions s
      cross join lateral (select * from find_workspaces_of_user(s."userId") limit 1) w
      where s.token = any(${tokens}::text[]) and s."expiresAt" > now()`,
  )
}

/** Sessions that ran out are of no use to anybody. */
export async function forgetOldSessions(db: Db): Promise<void> {
  await sql`delete from auth_sessions where "expiresAt" < now()`.execute(db)
}

export type WorkspaceRow = {
  workspaceId: string
  name: string
  brand: string
  timeZone: string
  answerWithinMinutes: number
}

export async function findWorkspace(tx: Tx): Promise<WorkspaceRow> {
  const found = await findOne(
    tx,
    sql<WorkspaceRow>`select workspace_id, name, brand, time_zone, answer_within_minutes from workspaces`,
  )
  if (!found) throw new Error('inside no workspace')
  return found
}

export async function findColleagues(
  tx: Tx,
): Promise<{ agentId: string; name: string; role: Role; email: string }[]> {
  return findAll(tx, sql`select agent_id, name, role, email from agents order by name, agent_id`)
}

/** Something is listened to, or was connected to be. */
export async function hasBegun(tx: Tx): Promise<boolean> {
  const found = await findOne(
    tx,
    sql`select 1 from workspace_sources
      union all select 1 from channels where removed_at is null limit 1`,
  )
  return found !== undefined
}

export async function changeWorkspace(
  tx: Tx,
  change: { brand: string; timeZone: string; answerWithinMinutes: number },
): Promise<void> {
  await sql`update workspaces set brand = ${change.brand}, time_zone = ${change.timeZone},
    answer_within_minutes = ${change.answerWithinMinutes} where workspace_id = current_workspace()`.execute(
    tx,
  )
}
