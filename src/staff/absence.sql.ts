/** Who is away, and until when. */
import { type RawBuilder, sql } from 'kysely'
import { findAll, findOne, type Tx } from '../base/db.ts'
import type { AbsenceWish } from './absence.ts'
import { mostAbsencesShown } from './bounds.ts'

export type AbsenceFound = AbsenceWish & {
  absenceId: string
  note: string
  endedAt: Date | null
  returned: number
}

const columns: RawBuilder<unknown> = sql.raw(`o.absence_id, o.agent_id, o.starts_at,
  coalesce(o.ended_at, o.ends_at) as ends_at, o.note, o.deputy_id, o.ended_at,
  (select count(*) from returned_cases r where r.workspace_id = o.workspace_id and r.absence_id = o.absence_id)
    as returned`)

/** Now and to come of everybody, and what is over since a month of one agent. Called off before it began: nowhere. */
export async function findAbsences(tx: Tx, ofAgentId: string, at: Date): Promise<AbsenceFound[]> {
  return findAll(
    tx,
    sql<AbsenceFound>`select ${columns} from absences o where o.workspace_id = current_workspace()
      and o.ends_at > ${at}::timestamptz - interval '30 days' and o.starts_at < coalesce(o.ended_at, o.ends_at)
      and (coalesce(o.ended_at, o.ends_at) > ${at} or o.agent_id = ${ofAgentId})
      order by o.starts_at, o.absence_id limit ${mostAbsencesShown}`,
  )
}

export async function findAbsence(tx: Tx, absenceId: string): Promise<AbsenceFound | undefined> {
  return findOne(
    tx,
    sql<AbsenceFound>`select ${columns} from absences o
      where o.workspace_id = current_workspace() and o.absence_id = ${absenceId}`,
  )
}

export async function insertAbsence(
  tx: Tx,
  absenceId: string,
  it: AbsenceWish & { note: string; notedBy: string; notedAt: Date },
): Promise<void> {
  await sql`insert into absences (workspace_id, absence_id, agent_id, starts_at, ends_at, note, deputy_id, noted_by,
      noted_at)
    values (current_workspace(), ${absenceId}, ${it.agentId}, ${it.startsAt}, ${it.endsAt}, ${it.note},
      ${it.deputyId}, ${it.notedBy}, ${it.notedAt})`.execute(tx)
}

export async function endAbsence(tx: Tx, absenceId: string, at: Date): Promise<void> {
  await sql`update absences set ended_at = ${at} where workspace_id = current_workspace()
    and absence_id = ${absenceId} and ended_at is null and ends_at > ${at}`.execute(tx)
}

/** Whether all of these work here. */
export async function areAgentsHere(tx: Tx, agentIds: readonly string[]): Promise<boolean> {
  const found = await findAll(
    tx,
    sql`select from agents where workspace_id = current_workspace() and agent_id = any(${agentIds}::uuid[])`,
  )
  return found.length === new Set(agentIds).size
}

/** Since when is kept: saying it twice changes nothing. */
export async function saveAway(tx: Tx, agentId: string, since: Date | null): Promise<void> {
  await sql`update agents set away_since = ${since} where workspace_id = current_workspace()
    and agent_id = ${agentId} and (away_since is null) = ${since !== null}`.execute(tx)
}
