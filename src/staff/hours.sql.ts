/** Working hours, as they are kept: the zone in a column, the rest as one value. */
import { sql } from 'kysely'
import { findAll, findOne, json, type Tx } from '../base/db.ts'
import { mostTeams } from './bounds.ts'
import type { Hours } from './hours.ts'

export async function findHours(
  tx: Tx,
): Promise<{ workspace: Hours; teams: { teamId: string; hours: Hours }[]; answerWithinMinutes: number }> {
  const house = await findOne(
    tx,
    sql<{ workspace: Hours; answerWithinMinutes: number }>`select answer_within_minutes,
        hours || jsonb_build_object('timeZone', time_zone) as workspace
      from workspaces where workspace_id = current_workspace()`,
  )
  const teams = await findAll(
    tx,
    sql<{
      teamId: string
      hours: Hours
    }>`select team_id, hours || jsonb_build_object('timeZone', time_zone) as hours
      from teams where workspace_id = current_workspace() and removed_at is null and hours is not null
      order by lower(name), team_id limit ${mostTeams}`,
  )
  return { ...house!, teams }
}

export async function saveHours(tx: Tx, { timeZone, ...hours }: Hours): Promise<void> {
  await sql`update workspaces set time_zone = ${timeZone}, hours = ${json(hours)}
    where workspace_id = current_workspace()`.execute(tx)
}

/** Null lets it work when the workspace does. Answers false when there is no such team. */
export async function saveTeamHours(tx: Tx, teamId: string, own: Hours | null): Promise<boolean> {
  const { timeZone = null, ...hours } = own ?? {}
  const saved = await findOne(
    tx,
    sql`update teams set time_zone = ${timeZone}, hours = ${own ? json(hours) : null}
      where workspace_id = current_workspace() and team_id = ${teamId} and removed_at is null returning team_id`,
  )
  return saved !== undefined
}
