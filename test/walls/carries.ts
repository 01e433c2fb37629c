/** An export and an import that somebody made there, and a way to reach a person. */
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { newId } from '../../src/base/clock.ts'
import type { TestDb } from '../db.ts'

type In = { workspaceId: string; agentId: string; authorId: string }

export async function carriesOf(it: TestDb, { workspaceId, agentId, authorId }: In, word: string) {
  const made = { exportId: newId(), importId: newId() }
  const point = newId()
  const proof = newId()
  for (const change of [
    sql`insert into carries (workspace_id, carry_id, direction, kind, file_name, state, by_agent_id)
      values (${workspaceId}, ${made.exportId}, 'out', 'evenhand', ${`${word}.zip`}, 'done', ${agentId})`,
    sql`insert into carries (workspace_id, carry_id, direction, kind, file_name, state, by_agent_id)
      values (${workspaceId}, ${made.importId}, 'in', 'zendesk', ${`${word}.json`}, 'read', ${agentId})`,
    sql`insert into provenances (workspace_id, provenance_id, contact_point_id, how, source, basis, by_agent_id,
        evidence_digest, at)
      values (${workspaceId}, ${proof}, ${point}, 'import', ${`${word}.json`}, 'imported', ${agentId},
        ${randomBytes(32)}, now())`,
    sql`insert into contact_points (workspace_id, contact_point_id, author_id, kind, value, provenance_id)
      values (${workspaceId}, ${point}, ${authorId}, 'email', ${`${word}@example.test`}, ${proof})`,
  ])
    await change.execute(it.owner)
  return made
}
