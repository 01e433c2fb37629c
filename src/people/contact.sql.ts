/** Contact points with their provenance. There is no query that makes one without: the database would refuse it. */
import { sql } from 'kysely'
import { findAll, type Tx } from '../base/db.ts'
import { type ContactPointView, mostContactPointsShown } from './contact-contract.ts'

type Row = Omit<ContactPointView, 'provenance'> & Omit<ContactPointView['provenance'], 'at'> & { at: Date }

/** Of somebody who has a case that this transaction may see, for whom it sees teams only. */
export async function findContactPoints(tx: Tx, authorId: string): Promise<ContactPointView[]> {
  const rows = await findAll(
    tx,
    sql<Row>`select p.contact_point_id, p.kind, p.value, p.state, v.how, v.source, v.basis, v.by_agent_id, v.at
      from contact_points p
      join provenances v on v.workspace_id = p.workspace_id and v.provenance_id = p.provenance_id
      where p.workspace_id = current_workspace() and p.author_id = ${authorId} and exists (
        select from cases c where c.workspace_id = p.workspace_id and c.author_id = p.author_id)
      order by p.kind, p.value limit ${mostContactPointsShown}`,
  )
  return rows.map(({ how, source, basis, byAgentId, at, ...point }) => ({
    ...point,
    provenance: { how, source, basis, byAgentId, at: at.toISOString() },
  }))
}
