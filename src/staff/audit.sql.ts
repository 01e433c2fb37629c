/** The audit log's one way in: a row in the transaction of what it tells. Sealing comes after (audit-seal.jobs.ts). */
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { newId } from '../base/clock.ts'
import { json, type Tx } from '../base/db.ts'

export type AuditEntry = {
  act: string
  at: Date
  byAgentId: string | null
  byKeyId?: string | null
  /** What it was done to. */
  onId?: string | null
  /** Ids and states. Never what people wrote, never a secret. */
  content?: Record<string, unknown>
}

/** Inside the workspace it happened in. */
export async function appendAudit(tx: Tx, entry: AuditEntry): Promise<void> {
  const { act, at, byAgentId, byKeyId = null, onId = null, content = {} } = entry
  await sql`insert into audit (workspace_id, audit_id, at, act, by_agent_id, by_key_id, on_id, content, salt)
    values (current_workspace(), ${newId(at)}, ${at}, ${act}, ${byAgentId}, ${byKeyId}, ${onId},
      ${json(content)}, ${randomBytes(16)})`.execute(tx)
}
