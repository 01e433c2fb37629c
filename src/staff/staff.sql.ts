/** Agents, their sessions and their workspace. */
import { sql } from 'kysely'
import { type Db, findAll, findOne, type Tx } from '../base/db.ts'
import type { Agent, Role } from './agent.ts'
import { mostAgents, mostTeams } from './bounds.ts'
import { isPermission, mayOf, type Permission } from './permissions.ts'

/** Where a session is: the workspace chosen last, else the first; never another than the one it is bound to. */
const placeOfSession = sql`
  cross join lateral (
    select w.* from find_workspaces_of_user(s."userId") with ordinality as w (workspace_id, agent_id, rights_version, nth)
    where s."onlyWorkspaceId" is null or w.workspace_id = s."onlyWorkspaceId"
    order by w.workspace_id is distinct from s."workspaceId", w.nth limit 1) w`

/** Whose session this is. Two questions in one transaction: the walls let the second be asked only once inside. */
export async function findAgentOfSession(db: Db, token: string): Promise<Agent | null> {
  return db.transaction().execute(async (tx) => {
    const found = await findOne(
      tx,
      sql<{ agentId: string }>`
        select w.agent_id, set_config('evenhand.workspace', w.workspace_id::text, true)
        from auth_sessions s ${placeOfSession}
        where s.token = ${token} and s."expiresAt" > now()`,
    )
    return found ? findAgent(tx, found.agentId) : null
  })
}

type AgentRow = Omit<Agent, 'may' | 'keyId'> & { ownMay: Permission[] | null }

/** With all that their role lets them do. Null when they were suspended. */
export async function findAgent(tx: Tx, agentId: string): Promise<Agent | null> {
  const found = await findOne(
    tx,
    sql<AgentRow>`select a.workspace_id, a.agent_id, a.user_id, a.name, a.role, a.rights_version, r.may as own_may,
        case when a.sees = 'teams' then array(
          select t.team_id from team_agents t where t.agent_id = a.agent_id order by 1) end as team_ids
      from agents a left join roles r on r.workspace_id = a.workspace_id and r.role_id = a.role_id
      where a.agent_id = ${agentId} and a.suspended_at is null`,
  )
  if (!found) return null
  const { ownMay, ...agent } = found
  const may = agent.role === 'custom' ? (ownMay ?? []).filter(isPermission) : mayOf(agent.role)
  return { ...agent, may, keyId: null }
}

type Holder = { token: string; workspaceId: string; agentId: string; rightsVersion: number }

/** Which of these sessions still stand, and whose they are now. One question for all of them. */
export async function findHolders(db: Db, tokens: string[]): Promise<Holder[]> {
  return findAll(
    db,
    sql`select s.token, w.workspace_id, w.agent_id, w.rights_version from auth_sessions s ${placeOfSession}
      where s.token = any(${tokens}::text[]) and s."expiresAt" > now()`,
  )
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

type ColleagueRow = {
  agentId: string
  name: string
  role: Role
  roleName: string | null
  answers: boolean
  suspendedAt: string | null
  email: string
}

/** Should there be more than are shown, one is among them oneself. */
export async function findColleagues(tx: Tx, selfId: string): Promise<ColleagueRow[]> {
  const found = await findAll(
    tx,
    sql<
      Omit<ColleagueRow, 'suspendedAt' | 'answers'> & { suspendedAt: Date | null; ownMay: string[] | null }
    >`
      select a.agent_id, a.name, a.role, r.name as role_name, r.may as own_may, a.suspended_at, a.email
      from (select * from agents order by agent_id <> ${selfId}, suspended_at is not null, agent_id
        limit ${mostAgents}) a left join roles r on r.workspace_id = a.workspace_id and r.role_id = a.role_id
      order by a.name, a.agent_id`,
  )
  return found.map(({ ownMay, ...it }) => ({
    ...it,
    answers: (it.role === 'custom' ? (ownMay ?? []) : mayOf(it.role)).includes('cases.work'),
    suspendedAt: it.suspendedAt?.toISOString() ?? null,
  }))
}

export async function findTeams(tx: Tx): Promise<{ teamId: string; name: string; needsApproval: boolean }[]> {
  return findAll(
    tx,
    sql`select team_id, name, needs_approval from teams where removed_at is null
      order by lower(name), team_id limit ${mostTeams}`,
  )
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
  change: { name?: string | undefined; brand: string; timeZone: string; answerWithinMinutes: number },
): Promise<void> {
  await sql`update workspaces set name = coalesce(${change.name ?? null}, name), brand = ${change.brand}, time_zone = ${change.timeZone},
    answer_within_minutes = ${change.answerWithinMinutes} where workspace_id = current_workspace()`.execute(
    tx,
  )
}

export async function isTeamHere(tx: Tx, teamId: string): Promise<boolean> {
  const found = await findOne(
    tx,
    sql`select from teams where workspace_id = current_workspace() and team_id = ${teamId} and removed_at is null`,
  )
  return found !== undefined
}

export async function teamAsksApproval(tx: Tx, teamId: string): Promise<boolean> {
  const found = await findOne(
    tx,
    sql`select from teams where workspace_id = current_workspace() and team_id = ${teamId} and needs_approval`,
  )
  return found !== undefined
}

export async function isInTeamOf(tx: Tx, teamId: string, agentId: string): Promise<boolean> {
  const found = await findOne(
    tx,
    sql`select from team_agents where workspace_id = current_workspace() and team_id = ${teamId}
      and agent_id = ${agentId}`,
  )
  return found !== undefined
}

export async function findAgentOfUser(tx: Tx, userId: string): Promise<string | null> {
  const found = await findOne(
    tx,
    sql<{ agentId: string }>`select agent_id from agents where workspace_id = current_workspace()
      and user_id = ${userId}`,
  )
  return found?.agentId ?? null
}

/** With the rights of this moment; null when they were suspended or their key has ended since they were let in. */
export async function asOfNow(tx: Tx, was: Agent): Promise<Agent | null> {
  const { agentId, rightsVersion, keyId } = was
  const found = await findOne(
    tx,
    sql<{ isSame: boolean }>`select rights_version = ${rightsVersion} as is_same from agents
      where workspace_id = current_workspace() and agent_id = ${agentId} and suspended_at is null
        and (${keyId}::uuid is null or exists (select from api_keys where workspace_id = current_workspace()
          and key_id = ${keyId} and ended_at is null))`,
  )
  if (!found || found.isSame) return found ? was : null
  const fresh = await findAgent(tx, agentId)
  if (!fresh) return null
  const may = keyId ? fresh.may.filter((it) => was.may.includes(it)) : fresh.may
  return { ...fresh, may, keyId }
}
