/** Colleagues as those see them who give the roles. */
import { sql } from 'kysely'
import { findAll, findOne, type Tx } from '../base/db.ts'
import type { Role } from './agent.ts'
import { builtInRoles, isPermission, mayOf, type Permission } from './permissions.ts'

export type ChosenRole = { role: Role; roleId: string | null; may: Permission[] }

/** A role by its name or its id, held so that it is not deleted meanwhile. */
export async function findRole(tx: Tx, choice: string): Promise<ChosenRole | null> {
  const builtIn = builtInRoles.find((it) => it === choice)
  if (builtIn) return { role: builtIn, roleId: null, may: mayOf(builtIn) }
  const own = await findOne(
    tx,
    sql<{ may: string[] }>`select may from roles
      where workspace_id = current_workspace() and role_id = ${choice} for share`,
  )
  return own ? { role: 'custom', roleId: choice, may: own.may.filter(isPermission) } : null
}

/** Those of these teams that are here. */
export async function findTeamIds(tx: Tx, wanted: readonly string[]): Promise<string[]> {
  const found = await findAll(
    tx,
    sql<{ teamId: string }>`select team_id from teams where workspace_id = current_workspace()
      and removed_at is null and team_id = any(${[...wanted]}::uuid[]) order by 1`,
  )
  return found.map((it) => it.teamId)
}

type Row = {
  agentId: string
  userId: string
  name: string
  email: string
  role: Role
  roleId: string | null
  roleName: string | null
  ownMay: string[] | null
  sees: 'workspace' | 'teams'
  teamIds: string[]
  suspendedAt: Date | null
  createdAt: Date
}
export type ColleagueFound = Omit<Row, 'ownMay'> & { may: Permission[] }

const columns = sql`a.agent_id, a.user_id, a.name, a.email, a.role, a.role_id, r.name as role_name, r.may as own_may,
  a.sees, a.suspended_at, a.created_at, array(select t.team_id from team_agents t
    where t.workspace_id = a.workspace_id and t.agent_id = a.agent_id order by 1) as team_ids`
const joined = sql`agents a left join roles r on r.workspace_id = a.workspace_id and r.role_id = a.role_id`

const withMay = ({ ownMay, ...row }: Row): ColleagueFound => ({
  ...row,
  may: row.role === 'custom' ? (ownMay ?? []).filter(isPermission) : mayOf(row.role),
})

export async function findColleaguePage(
  tx: Tx,
  page: { after: string | null; limit: number },
): Promise<ColleagueFound[]> {
  const { after, limit } = page
  const rows = await findAll(
    tx,
    sql<Row>`select ${columns} from ${joined} where a.workspace_id = current_workspace()
      and (${after}::uuid is null or (lower(a.name), a.agent_id) > (
        select lower(b.name), b.agent_id from agents b
        where b.workspace_id = current_workspace() and b.agent_id = ${after}))
      order by lower(a.name), a.agent_id limit ${limit}`,
  )
  return rows.map(withMay)
}

export async function findColleague(tx: Tx, agentId: string): Promise<ColleagueFound | null> {
  const row = await findOne(
    tx,
    sql<Row>`select ${columns} from ${joined}
      where a.workspace_id = current_workspace() and a.agent_id = ${agentId}`,
  )
  return row ? withMay(row) : null
}

/** Accounts are the installation's: asked for by the ids of people who work here. */
export async function findLastSeen(
  tx: Tx,
  userIds: readonly string[],
): Promise<Map<string, { lastSeenAt: Date | null; secondFactor: boolean }>> {
  const rows = await findAll(
    tx,
    sql<{ userId: string; lastSeenAt: Date | null; secondFactor: boolean }>`
      select u.id as user_id, coalesce((to_jsonb(u) ->> 'twoFactorEnabled')::boolean, false) as second_factor,
        (select max(coalesce(s."seenAt", s."updatedAt")) from auth_sessions s where s."userId" = u.id
          and (s."onlyWorkspaceId" is null or s."onlyWorkspaceId" = current_workspace())
          and (s."workspaceId" is null or s."workspaceId" = current_workspace())) as last_seen_at
      from auth_users u where u.id = any(${userIds}::text[])`,
  )
  return new Map(rows.map(({ userId, ...row }) => [userId, row]))
}

/** Whoever counts or changes admins waits here: two at once could each think that the other stays. */
export async function lockAdmins(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('admins ' || current_workspace()::text, 0))`.execute(
    tx,
  )
}

/** Who came with an import works here from when they arrive: until then nobody can sign in as them. */
export const hasArrived = (userId: ReturnType<typeof sql>) => sql`${userId} not like 'imported:%'`

/** Who is admin, and there to act: of those who see the whole workspace, or of all. */
export async function countAdmins(tx: Tx, seeing: 'workspace' | 'teams'): Promise<number> {
  const found = await findOne(
    tx,
    sql<{ count: number }>`select count(*) as count from agents
      where workspace_id = current_workspace() and role = 'admin' and suspended_at is null
        and ${hasArrived(sql`user_id`)} and (sees = 'workspace' or ${seeing} = 'teams')`,
  )
  return found?.count ?? 0
}

export async function saveRole(
  tx: Tx,
  agentId: string,
  it: { role: Role; roleId: string | null; sees: string },
): Promise<void> {
  await sql`update agents set role = ${it.role}, role_id = ${it.roleId}, sees = ${it.sees}
    where workspace_id = current_workspace() and agent_id = ${agentId}`.execute(tx)
}

/** Only what differs: each row of it begins their streams anew. */
export async function saveTeams(tx: Tx, agentId: string, teamIds: readonly string[]): Promise<void> {
  await sql`delete from team_agents where workspace_id = current_workspace() and agent_id = ${agentId}
    and not team_id = any(${[...teamIds]}::uuid[])`.execute(tx)
  await sql`insert into team_agents (workspace_id, team_id, agent_id)
    select current_workspace(), team_id, ${agentId} from unnest(${[...new Set(teamIds)]}::uuid[]) as team_id
    on conflict do nothing`.execute(tx)
}

export async function saveSuspension(
  tx: Tx,
  agentId: string,
  suspension: { at: Date; byAgentId: string } | null,
): Promise<void> {
  await sql`update agents set suspended_at = ${suspension?.at ?? null}, suspended_by = ${suspension?.byAgentId ?? null}
    where workspace_id = current_workspace() and agent_id = ${agentId}`.execute(tx)
}

/** What was theirs may be of teams that whoever suspends them does not see: until the end of this transaction. */
export async function seeEveryTeam(tx: Tx): Promise<void> {
  await sql`select set_config('evenhand.teams', '', true)`.execute(tx)
}
