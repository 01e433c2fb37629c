/** How agents look at people, counted: what of it is unusual is not decided here. */
import { sql } from 'kysely'
import { findAll, findOne, type Tx } from '../base/db.ts'
import { hasArrived } from '../staff/colleague.sql.ts'
import type { Hours, Recently } from './unusual.ts'

/** A person with a case of theirs: they have it, or did something in it. */
const isTheirs = sql`exists (select 1 from cases c where c.workspace_id = l.workspace_id and c.author_id = l.author_id
  and (c.assignee_id = l.agent_id or exists (select 1 from case_events e where e.workspace_id = c.workspace_id
    and e.case_id = c.case_id and e.by_agent_id = l.agent_id)))`

export async function findRecently(tx: Tx, agentId: string, at: Date): Promise<Recently> {
  const counted = await findOne(
    tx,
    sql<{ people: number; searches: number }>`select
      (select count(distinct l.author_id) from looks l where l.workspace_id = current_workspace()
        and l.agent_id = ${agentId} and l.hour >= ${at}::timestamptz - interval '2 hours'
        and l.at > ${at}::timestamptz - interval '1 hour' and l.case_id is not null and not ${isTheirs}) as people,
      (select count(*) from person_searches s where s.workspace_id = current_workspace()
        and s.agent_id = ${agentId} and s.at > ${at}::timestamptz - interval '1 hour') as searches`,
  )
  const again = await findAll(
    tx,
    sql<{ authorId: string; hours: number }>`select l.author_id, l.hours from (
        select workspace_id, agent_id, author_id, count(distinct hour) as hours from looks
        where workspace_id = current_workspace() and agent_id = ${agentId}
          and hour > ${at}::timestamptz - interval '7 days'
        group by workspace_id, agent_id, author_id having count(distinct hour) > 1) l
      where not ${isTheirs} order by l.hours desc, l.author_id limit 20`,
  )
  return { ...counted!, again }
}

/** The hours before this one: a month of their own, a week of the others. */
export async function findLookingHours(tx: Tx, agentId: string, at: Date): Promise<Hours> {
  return splitHours(
    agentId,
    await findAll(
      tx,
      sql<Hour>`select l.agent_id, count(distinct l.author_id) as count from looks l
        where l.workspace_id = current_workspace() and l.case_id is not null and not ${isTheirs}
          and l.hour < date_trunc('hour', ${at}::timestamptz, 'UTC')
          and l.hour > ${at}::timestamptz - case when l.agent_id = ${agentId} then interval '30 days' else interval '7 days' end
        group by l.agent_id, l.hour`,
    ),
  )
}

export async function findSearchingHours(tx: Tx, agentId: string, at: Date): Promise<Hours> {
  return splitHours(
    agentId,
    await findAll(
      tx,
      sql<Hour>`select agent_id, count(*) as count from person_searches
        where workspace_id = current_workspace() and at < date_trunc('hour', ${at}::timestamptz, 'UTC')
          and at > ${at}::timestamptz - interval '30 days'
        group by agent_id, date_trunc('hour', at, 'UTC')`,
    ),
  )
}

type Hour = { agentId: string; count: number }

const splitHours = (agentId: string, hours: readonly Hour[]): Hours => ({
  own: hours.filter((it) => it.agentId === agentId).map((it) => it.count),
  team: hours.filter((it) => it.agentId !== agentId).map((it) => it.count),
})

/** Who may read the looks, and sees the whole workspace: admins, and roles of the workspace's own that say so. */
export async function findWatchful(tx: Tx): Promise<{ agentId: string; email: string; name: string }[]> {
  return findAll(
    tx,
    sql`select a.agent_id, a.email, a.name from agents a
      left join roles r on r.workspace_id = a.workspace_id and r.role_id = a.role_id
      where a.workspace_id = current_workspace() and a.suspended_at is null and a.sees = 'workspace'
        and ${hasArrived(sql`a.user_id`)}
        and (a.role = 'admin' or 'people.looks' = any(r.may)) order by a.agent_id`,
  )
}
