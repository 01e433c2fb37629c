/** People of a workspace beside its first admin, with overrides. */
import { sql } from 'kysely'
import { newId } from '../src/base/clock.ts'
import { type Db, inWorkspace } from '../src/base/db.ts'

type Over = {
  name?: string
  role?: string
  sees?: 'workspace' | 'teams'
  capacity?: number | null
  suspendedAt?: Date | null
}

export async function aColleague(db: Db, workspaceId: string, over: Over = {}): Promise<string> {
  const agentId = newId()
  const { name = 'Robin Doe', role = 'agent', sees = 'workspace', capacity = null, suspendedAt = null } = over
  await inWorkspace(db, workspaceId, (tx) =>
    sql`insert into agents (workspace_id, agent_id, user_id, name, email, role, sees, capacity, suspended_at)
      values (${workspaceId}, ${agentId}, ${`user-${agentId}`}, ${name}, ${`${agentId}@acme.test`}, ${role}, ${sees},
        ${capacity}, ${suspendedAt})`.execute(tx),
  )
  return agentId
}

export async function aTeam(
  db: Db,
  workspaceId: string,
  { name = 'Repairs', agentIds = [] as string[], channelIds = [] as string[] } = {},
): Promise<string> {
  const teamId = newId()
  await inWorkspace(db, workspaceId, async (tx) => {
    await sql`insert into teams (workspace_id, team_id, name) values (${workspaceId}, ${teamId}, ${name})`.execute(
      tx,
    )
    for (const id of agentIds)
      await sql`insert into team_agents (workspace_id, team_id, agent_id)
        values (${workspaceId}, ${teamId}, ${id})`.execute(tx)
    for (const id of channelIds)
      await sql`insert into team_channels (workspace_id, team_id, channel_id)
        values (${workspaceId}, ${teamId}, ${id})`.execute(tx)
  })
  return teamId
}

/** Their screen was heard of at that time. */
export async function heardOf(db: Db, workspaceId: string, agentId: string, at: Date): Promise<void> {
  await inWorkspace(db, workspaceId, (tx) =>
    sql`insert into presence (workspace_id, agent_id, heard_at) values (${workspaceId}, ${agentId}, ${at})
      on conflict (workspace_id, agent_id) do update set heard_at = excluded.heard_at`.execute(tx),
  )
}
