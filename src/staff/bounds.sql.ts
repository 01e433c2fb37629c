/** How many there are, for those who make one more. */
import { sql } from 'kysely'
import { findOne, type Tx } from '../base/db.ts'

/** Held until the end: of two who make the last one at the same moment, one is refused. */
export async function lockCount(tx: Tx, what: 'agents' | 'teams' | 'channels'): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${what} || ' of ' || current_workspace()::text, 0))`.execute(
    tx,
  )
}

export async function countTeams(tx: Tx): Promise<number> {
  return countOf(
    tx,
    sql`select count(*) as many from teams where workspace_id = current_workspace() and removed_at is null`,
  )
}

export async function countAgents(tx: Tx): Promise<number> {
  return countOf(tx, sql`select count(*) as many from agents where workspace_id = current_workspace()`)
}

/** Who is here, and who may come in any moment. */
export async function countAgentsToBe(tx: Tx, at: Date): Promise<number> {
  const invited = await countOf(
    tx,
    sql`select count(*) as many from invitations where workspace_id = current_workspace()
      and accepted_at is null and revoked_at is null and expires_at > ${at}`,
  )
  return invited + (await countAgents(tx))
}

export async function countAbsencesAhead(tx: Tx, agentId: string, at: Date): Promise<number> {
  return countOf(
    tx,
    sql`select count(*) as many from absences where workspace_id = current_workspace() and agent_id = ${agentId}
      and coalesce(ended_at, ends_at) > ${at}`,
  )
}

/** In whatever workspace: of the whole installation. */
export async function countWorkspaces(tx: Tx): Promise<number> {
  return countOf(tx, sql`select count(*) as many from list_workspaces()`)
}

export async function countPasskeys(tx: Tx, userId: string): Promise<number> {
  return countOf(tx, sql`select count(*) as many from auth_passkeys where "userId" = ${userId}`)
}

async function countOf(tx: Tx, query: ReturnType<typeof sql>): Promise<number> {
  return (await findOne(tx, query as ReturnType<typeof sql<{ many: number }>>))!.many
}
