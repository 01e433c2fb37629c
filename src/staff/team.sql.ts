/** Teams, their members and their channels. */
import { sql } from 'kysely'
import { findAll, findOne, type Tx } from '../base/db.ts'
import { mostTeams } from './bounds.ts'
import type { TeamRow, TeamWish } from './team-contract.ts'

export async function findTeamRows(tx: Tx): Promise<TeamRow[]> {
  return findAll(
    tx,
    sql<TeamRow>`select t.team_id, t.name, t.needs_approval, t.hours is not null as own_hours,
        array(select m.agent_id from team_agents m where m.workspace_id = t.workspace_id and m.team_id = t.team_id
          order by 1) as member_ids,
        array(select c.channel_id from team_channels c join channels h using (workspace_id, channel_id)
          where c.workspace_id = t.workspace_id and c.team_id = t.team_id and h.removed_at is null
          order by 1) as channel_ids,
        (select count(*) from (select from cases c where c.workspace_id = t.workspace_id
          and c.team_id = t.team_id and c.status <> 'closed' limit 10000) as counted) as open_cases
      from teams t where t.workspace_id = current_workspace() and t.removed_at is null
      order by lower(t.name), t.team_id limit ${mostTeams}`,
  )
}

/** Null when another team has the name. Held, so that two who ask for one name take turns. */
export async function insertTeam(
  tx: Tx,
  teamId: string,
  { name, needsApproval }: TeamWish,
): Promise<boolean> {
  const made = await findOne(
    tx,
    sql`insert into teams (workspace_id, team_id, name, needs_approval)
      values (current_workspace(), ${teamId}, ${name}, ${needsApproval})
      on conflict (workspace_id, lower(name)) where removed_at is null do nothing returning team_id`,
  )
  return made !== undefined
}

/** Null: there is none. Saved unless another has the name. */
export async function updateTeam(
  tx: Tx,
  teamId: string,
  { name, needsApproval }: TeamWish,
): Promise<{ isTaken: boolean; neededApproval: boolean } | null> {
  const found = await findOne(
    tx,
    sql<{
      isTaken: boolean
      neededApproval: boolean
    }>`select t.needs_approval as needed_approval, exists (select from teams o where o.workspace_id = t.workspace_id
        and lower(o.name) = lower(${name}) and o.removed_at is null and o.team_id <> t.team_id) as is_taken
      from teams t where t.workspace_id = current_workspace() and t.team_id = ${teamId} and t.removed_at is null
      for update`,
  )
  if (!found) return null
  if (found.isTaken) return found
  await sql`update teams set name = ${name}, needs_approval = ${needsApproval}
    where workspace_id = current_workspace() and team_id = ${teamId}
      and (name <> ${name} or needs_approval <> ${needsApproval})`.execute(tx)
  return found
}

/** Only who came or went is touched: everybody else's rights are what they were. `unknown` are no agents here. */
export async function saveMembers(
  tx: Tx,
  teamId: string,
  memberIds: readonly string[],
): Promise<{ unknown: string[]; left: string[] }> {
  const left = await findAll(
    tx,
    sql<{ agentId: string }>`delete from team_agents where workspace_id = current_workspace()
      and team_id = ${teamId} and agent_id <> all(${memberIds}::uuid[]) returning agent_id`,
  )
  await sql`insert into team_agents (workspace_id, team_id, agent_id)
    select a.workspace_id, ${teamId}, a.agent_id from agents a
    where a.workspace_id = current_workspace() and a.agent_id = any(${memberIds}::uuid[])
    order by a.agent_id on conflict do nothing`.execute(tx)
  const known = await findAll(
    tx,
    sql<{ agentId: string }>`select agent_id from team_agents
      where workspace_id = current_workspace() and team_id = ${teamId}`,
  )
  const ids = new Set(known.map((it) => it.agentId))
  return { unknown: memberIds.filter((id) => !ids.has(id)), left: left.map((it) => it.agentId) }
}

/** Its cases go to no team, its memberships end, its channels are everybody's. Answers false when there is none. */
export async function removeTeam(tx: Tx, teamId: string, at: Date): Promise<boolean> {
  const removed = await findOne(
    tx,
    sql`update teams set removed_at = ${at} where workspace_id = current_workspace() and team_id = ${teamId}
      and removed_at is null returning team_id`,
  )
  if (!removed) return false
  await sql`delete from team_channels where workspace_id = current_workspace() and team_id = ${teamId}`.execute(
    tx,
  )
  await sql`insert into case_events (workspace_id, case_id, type, detail, at)
    select workspace_id, case_id, 'team-changed', jsonb_build_object('from', team_id, 'to', null), ${at}
    from cases where workspace_id = current_workspace() and team_id = ${teamId} and status <> 'closed'`.execute(
    tx,
  )
  await sql`update cases set team_id = null, version = version + 1
    where workspace_id = current_workspace() and team_id = ${teamId}`.execute(tx)
  // Last: it counts as a change of rights, and until then whoever asked still sees the team's cases.
  await sql`delete from team_agents where workspace_id = current_workspace() and team_id = ${teamId}`.execute(
    tx,
  )
  return true
}

/** Locked. Undefined when it is no channel of ours now. */
export async function lockChannel(
  tx: Tx,
  channelId: string,
): Promise<{ teamId: string | null; needsApproval: boolean } | undefined> {
  return findOne(
    tx,
    sql<{
      teamId: string | null
      needsApproval: boolean
    }>`select c.needs_approval, (select t.team_id from team_channels t
        where t.workspace_id = c.workspace_id and t.channel_id = c.channel_id) as team_id
      from channels c where c.workspace_id = current_workspace() and c.channel_id = ${channelId}
        and c.removed_at is null for update`,
  )
}

export async function saveChannelTeam(
  tx: Tx,
  channelId: string,
  { teamId, needsApproval }: { teamId: string | null; needsApproval: boolean },
): Promise<void> {
  await sql`delete from team_channels where workspace_id = current_workspace() and channel_id = ${channelId}
    and team_id is distinct from ${teamId}::uuid`.execute(tx)
  if (teamId)
    await sql`insert into team_channels (workspace_id, team_id, channel_id)
      values (current_workspace(), ${teamId}, ${channelId}) on conflict do nothing`.execute(tx)
  await sql`update channels set needs_approval = ${needsApproval}
    where workspace_id = current_workspace() and channel_id = ${channelId}
      and needs_approval <> ${needsApproval}`.execute(tx)
}
