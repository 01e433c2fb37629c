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
export const appendAudit = (tx: Tx, entry: AuditEntry): Promise<void> => appendAudits(tx, [entry])

/** In this order: their ids tell them apart where their times do not. */
export async function appendAudits(tx: Tx, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return
  const rows = entries.map(({ byKeyId = null, onId = null, content = {}, ...it }) => ({
    ...it,
    byKeyId,
    onId,
    content,
    auditId: newId(it.at),
    salt: randomBytes(16).toString('hex'),
  }))
  await sql`insert into audit (workspace_id, audit_id, at, act, by_agent_id, by_key_id, on_id, content, salt)
    select current_workspace(), "auditId", at, act, "byAgentId", "byKeyId", "onId", content, decode(salt, 'hex')
    from jsonb_to_recordset(${json(rows)}) as entry ("auditId" uuid, at timestamptz, act text, "byAgentId" uuid,
      "byKeyId" uuid, "onId" text, content jsonb, salt text)`.execute(tx)
}

/** Takes content and salt away and says so in the log itself: the chain holds, and verifying says "erased on". */
export async function eraseAudit(
  tx: Tx,
  auditIds: readonly string[],
  { at, byAgentId }: { at: Date; byAgentId: string | null },
): Promise<void> {
  const erased = await sql<{
    auditId: string
  }>`update audit set content = null, salt = null, erased_at = ${at}
    where workspace_id = current_workspace() and audit_id = any(${auditIds}::uuid[]) and salt is not null
    returning audit_id`.execute(tx)
  for (const { auditId } of erased.rows)
    await appendAudit(tx, { act: 'audit.erased', at, byAgentId, onId: auditId })
}
