/** The audit log's chain: what waits to be sealed, the seals, and both beside each other for verifying. */
import { sql } from 'kysely'
import { type Db, findAll, findOne, json, type Tx } from '../base/db.ts'
import { type Head, noHead, type Seal } from '../base/hash-chain.ts'
import type { AuditRow, ChainedRow } from './audit-chain.ts'

const columns = sql`a.workspace_id, a.audit_id, a.act, a.by_agent_id, a.by_key_id, a.on_id, a.content, a.salt,
  to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
  to_char(a.erased_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as erased_at`

/** In no workspace: answers ids only. */
export async function findWorkspacesToSeal(db: Db): Promise<string[]> {
  const found = await findAll(
    db,
    sql<{ workspaceId: string }>`select workspace_id from find_workspaces_to_seal() as it (workspace_id)`,
  )
  return found.map((it) => it.workspaceId)
}

/**
 * One process seals a workspace at a time. Taken in a statement of its own: what the one before us sealed is seen by
 * the statements that follow.
 */
export async function claimSealing(tx: Tx): Promise<boolean> {
  const found = await findOne(
    tx,
    sql<{ ours: boolean }>`select pg_try_advisory_xact_lock(
      hashtextextended('evenhand audit ' || current_workspace(), 0)) as ours`,
  )
  return found!.ours
}

export async function findHead(tx: Tx): Promise<Head> {
  const found = await findOne(
    tx,
    sql<Head>`select seq, link from audit_chain where workspace_id = current_workspace() order by seq desc limit 1`,
  )
  return found ?? noHead
}

/** What commits later than its neighbours comes in a later round, and gets a later place. */
export async function findUnsealed(tx: Tx, most: number): Promise<AuditRow[]> {
  return findAll(
    tx,
    sql<AuditRow>`select ${columns} from (
        select workspace_id, audit_id from audit_unsealed where workspace_id = current_workspace()
        order by audit_id limit ${most}) w
      join audit a on a.workspace_id = w.workspace_id and a.audit_id = w.audit_id
      order by a.audit_id`,
  )
}

export async function saveSeals(tx: Tx, seals: readonly (Seal & { auditId: string })[]): Promise<void> {
  const rows = seals.map((it) => ({
    seq: it.seq,
    audit_id: it.auditId,
    content_digest: it.contentDigest.toString('hex'),
    digest: it.digest.toString('hex'),
    link: it.link.toString('hex'),
  }))
  await sql`with sealed as (
      insert into audit_chain (workspace_id, seq, audit_id, content_digest, digest, link)
      select current_workspace(), seq, audit_id, decode(content_digest, 'hex'), decode(digest, 'hex'), decode(link, 'hex')
      from jsonb_to_recordset(${json(rows)})
        as it (seq bigint, audit_id uuid, content_digest text, digest text, link text)
      returning audit_id)
    delete from audit_unsealed where workspace_id = current_workspace()
      and audit_id in (select audit_id from sealed)`.execute(tx)
}

/** In the order of the chain, with the row of the log that each seal is of. */
export async function findChained(tx: Tx, afterSeq: number, most: number): Promise<ChainedRow[]> {
  const found = await findAll(
    tx,
    sql<Seal & AuditRow & { chainedId: string; isErasureTold: boolean; hasRow: boolean }>`
      select c.seq, c.link, c.digest, c.content_digest, c.audit_id as chained_id, ${columns},
        a.audit_id is not null as has_row,
        a.erased_at is not null and exists (select 1 from audit e where e.workspace_id = c.workspace_id
          and e.on_id = c.audit_id::text and e.act = 'audit.erased' and e.at = a.erased_at) as is_erasure_told
      from (select * from audit_chain where workspace_id = current_workspace() and seq > ${afterSeq}
        order by seq limit ${most}) c
      left join audit a on a.workspace_id = c.workspace_id and a.audit_id = c.audit_id
      order by c.seq`,
  )
  return found.map(({ seq, link, digest, contentDigest, chainedId, isErasureTold, hasRow, ...row }) => ({
    ...{ seq, link, digest, contentDigest, isErasureTold },
    auditId: chainedId,
    row: hasRow ? row : null,
  }))
}

/** Rows that should have been sealed by now: of the log itself, whatever the waiting list says. */
export async function findLate(tx: Tx, before: Date): Promise<{ count: number; oldest: Date | null }> {
  const found = await findOne(
    tx,
    sql<{ count: number; oldest: Date | null }>`select count(*) as count, min(a.at) as oldest from audit a
      where a.workspace_id = current_workspace() and a.at < ${before} and not exists (
        select 1 from audit_chain c where c.workspace_id = a.workspace_id and c.audit_id = a.audit_id)`,
  )
  return found!
}
