/** Who looked at whom. Rows are added, never changed. */
import { sql } from 'kysely'
import { newId } from '../base/clock.ts'
import { findAll, type Tx } from '../base/db.ts'
import type { LookView } from './look-contract.ts'

/** On the occasion of a case or of a search. */
export type Look = {
  agentId: string
  authorIds: readonly string[]
  at: Date
} & ({ caseId: string; searchId?: never } | { searchId: string; caseId?: never })

/** Answers the new ones: the same occasion within the hour is one look. */
export async function saveLooks(tx: Tx, look: Look): Promise<string[]> {
  const { agentId, authorIds, caseId = null, searchId = null, at } = look
  const lookIds = authorIds.map(() => newId(at))
  const saved = await findAll(
    tx,
    sql<{
      lookId: string
    }>`insert into looks (workspace_id, look_id, agent_id, author_id, case_id, search_id, at, hour)
      select current_workspace(), look_id, ${agentId}, author_id, ${caseId}, ${searchId}, ${at},
        date_trunc('hour', ${at}::timestamptz, 'UTC')
      from unnest(${lookIds}::uuid[], ${authorIds}::uuid[]) as it (look_id, author_id)
      on conflict do nothing returning look_id`,
  )
  return saved.map((it) => it.lookId)
}

/** On the occasion of these cases, at the people whose cases they are: all in one statement. */
export async function saveCaseLooks(
  tx: Tx,
  { agentId, caseIds, at }: { agentId: string; caseIds: readonly string[]; at: Date },
): Promise<string[]> {
  const lookIds = caseIds.map(() => newId(at))
  const saved = await findAll(
    tx,
    sql<{ lookId: string }>`insert into looks (workspace_id, look_id, agent_id, author_id, case_id, at, hour)
      select c.workspace_id, it.look_id, ${agentId}, c.author_id, c.case_id, ${at},
        date_trunc('hour', ${at}::timestamptz, 'UTC')
      from unnest(${lookIds}::uuid[], ${[...caseIds]}::uuid[]) as it (look_id, case_id)
      join cases c on c.workspace_id = current_workspace() and c.case_id = it.case_id
      on conflict do nothing returning look_id`,
  )
  return saved.map((it) => it.lookId)
}

/** The newest case of somebody, of those that this transaction may see. */
export async function findOccasion(tx: Tx, authorId: string): Promise<string[]> {
  const found = await findAll(
    tx,
    sql<{ caseId: string }>`select case_id from cases where workspace_id = current_workspace()
      and author_id = ${authorId} order by opened_at desc, case_id desc limit 1`,
  )
  return found.map((it) => it.caseId)
}

type Asked = { agent?: string | undefined; author?: string | undefined; after?: string | undefined }

export async function findLooks(tx: Tx, { agent, author, after }: Asked, most: number): Promise<LookView[]> {
  const found = await findAll(
    tx,
    sql<
      Omit<LookView, 'at'> & { at: Date }
    >`select l.look_id, l.at, l.agent_id, g.name as agent_name, l.author_id,
        a.handle, a.display_name, a.network, c.case_id, c.number as case_number, l.search_id, s.reason
      from (select * from looks where workspace_id = current_workspace()
        ${agent ? sql`and agent_id = ${agent}` : sql``} ${author ? sql`and author_id = ${author}` : sql``}
        ${after ? sql`and look_id < ${after}` : sql``} order by look_id desc limit ${most}) l
      join agents g on g.workspace_id = l.workspace_id and g.agent_id = l.agent_id
      join authors a on a.workspace_id = l.workspace_id and a.author_id = l.author_id
      left join cases c on c.workspace_id = l.workspace_id and c.case_id = l.case_id
      left join person_searches s on s.workspace_id = l.workspace_id and s.search_id = l.search_id
      order by l.look_id desc`,
  )
  return found.map((it) => ({ ...it, at: it.at.toISOString() }))
}
