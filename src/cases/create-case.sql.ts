/** What was handed in before, by the caller's own ids. */
import { sql } from 'kysely'
import { findAll, type Tx } from '../base/db.ts'

export type KnownPost = {
  externalId: string
  postId: string
  digest: string
  /** Its words are gone: there is nothing to compare any more. */
  isErased: boolean
  case: { caseId: string; number: number; teamId: string | null } | null
}

export async function findHandedIn(tx: Tx, externalIds: readonly string[]): Promise<KnownPost[]> {
  return findAll(
    tx,
    sql<KnownPost>`select p.uri as external_id, p.post_id, p.cid as digest, p.text is null as is_erased,
        case when c.case_id is not null then
          jsonb_build_object('caseId', c.case_id, 'number', c.number, 'teamId', c.team_id) end as case
      from posts p left join cases c on c.workspace_id = p.workspace_id and c.case_id = p.case_id
      where p.workspace_id = current_workspace() and p.network = 'api' and p.uri = any(${externalIds}::text[])`,
  )
}
