/** The sealed table. There is no query that reads it: this role could not run one. */
import { sql } from 'kysely'
import type { Tx } from '../base/db.ts'
import type { Reach } from '../connectors/connector.ts'

/** The first answer stands. `on conflict` names no columns: that would need the right to read them. */
export async function saveReach(
  tx: Tx,
  { workspaceId, caseId, accountId }: { workspaceId: string; caseId: string; accountId: string },
  reach: Reach,
): Promise<void> {
  const known = reach !== 'unknown'
  await sql`insert into sealed_reach (workspace_id, case_id, account_id, known, followers, badges, verified)
    values (${workspaceId}, ${caseId}, ${accountId}, ${known}, ${known ? reach.followers : null},
      ${known ? reach.badges : []}::text[], ${known ? reach.verified : null})
    on conflict do nothing`.execute(tx)
}
