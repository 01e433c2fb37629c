/** Searches for people: asked with a reason, kept, and answered in pages. */
import { sql } from 'kysely'
import { findAll, findOne, type Tx } from '../base/db.ts'
import { isSeen } from './author.sql.ts'
import { mostCasesShown, type PersonView } from './look-contract.ts'

export type Search = { searchId: string; agentId: string; name: string; reason: string; at: Date }

export async function saveSearch(tx: Tx, it: Search): Promise<void> {
  await sql`insert into person_searches (workspace_id, search_id, agent_id, name, reason, at)
    values (current_workspace(), ${it.searchId}, ${it.agentId}, ${it.name}, ${it.reason}, ${it.at})`.execute(
    tx,
  )
}

/** Only one's own: what others looked for is for those who read the looks. */
export async function findSearch(tx: Tx, searchId: string, agentId: string): Promise<Search | undefined> {
  return findOne(
    tx,
    sql<Search>`select search_id, agent_id, name, reason, at from person_searches
      where workspace_id = current_workspace() and search_id = ${searchId} and agent_id = ${agentId}`,
  )
}

/** The function answers of the whole workspace: what a narrow view leaves of it is not known before it is asked. */
const mostOfTheName = 100_000

/** Ids, the newest acquaintance first. */
export async function findByName(
  tx: Tx,
  name: string,
  after: string | undefined,
  most: number,
): Promise<string[]> {
  const found = await findAll(
    tx,
    sql<{
      id: string
    }>`select id from find_authors_by_name(${name}, ${after ?? null}::uuid,
        case when current_teams() is null then ${most}::int else ${mostOfTheName}::int end) as it (id)
      where ${isSeen(sql`it.id`)} order by id desc limit ${most}`,
  )
  return found.map((it) => it.id)
}

/** How many of this search were shown: they are in the looks. */
export async function countFound(tx: Tx, { searchId, agentId, at }: Search): Promise<number> {
  const found = await findOne(
    tx,
    sql<{ count: number }>`select count(distinct author_id) as count from looks
      where workspace_id = current_workspace() and agent_id = ${agentId}
        and hour >= date_trunc('hour', ${at}::timestamptz, 'UTC') and search_id = ${searchId}`,
  )
  return found!.count
}

type Row = Omit<PersonView, 'firstHeardAt'> & { firstHeardAt: Date }

export async function findPeople(tx: Tx, authorIds: readonly string[]): Promise<PersonView[]> {
  const found = await findAll(
    tx,
    sql<Row>`select a.author_id, a.network, a.handle, a.display_name, a.status, a.first_heard_at,
        coalesce(k.cases, '[]') as cases
      from authors a left join lateral (
        select jsonb_agg(jsonb_build_object('caseId', c.case_id, 'number', c.number, 'status', c.status,
          'openedAt', to_char(c.opened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by c.opened_at desc) as cases
        from (select case_id, number, status, opened_at from cases
          where workspace_id = a.workspace_id and author_id = a.author_id order by opened_at desc
          limit ${mostCasesShown}) c) k on true
      where a.workspace_id = current_workspace() and a.author_id = any(${authorIds}::uuid[])
      order by a.author_id desc`,
  )
  return found.map((it) => ({ ...it, firstHeardAt: it.firstHeardAt.toISOString() }))
}
