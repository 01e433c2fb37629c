/** Rows of an archive into the workspace that they are for. As the role that owns nothing: every constraint holds. */
import { sql } from 'kysely'
import { enterWorkspace, json, type Tx } from '../base/db.ts'

/** Whatever the row says, it is put into this workspace: the walls would refuse anything else. */
export async function insertRows(
  tx: Tx,
  workspaceId: string,
  into: { table: string; columns: readonly string[]; fill: Record<string, string> },
  rows: readonly unknown[],
): Promise<void> {
  const { table, fill } = into
  const columns = [...new Set([...into.columns, ...Object.keys(fill)])]
  const values = columns.map((it) => {
    if (it === 'workspace_id') return sql`${workspaceId}::uuid`
    return fill[it] ? sql.raw(fill[it]) : sql`(r).${sql.id(it)}`
  })
  await sql`insert into ${sql.table(table)} (${sql.join(columns.map((it) => sql.id(it)))})
    select ${sql.join(values)} from jsonb_array_elements(${json(rows)}) as it
    cross join lateral jsonb_populate_record(null::${sql.table(table)}, it) as r`.execute(tx)
}

/** Words that waited for a second person may have been said from the other place: approved here, they would be said twice. */
export async function withdrawApprovals(tx: Tx): Promise<void> {
  await sql`select withdraw_approvals('imported')`.execute(tx)
}

/** What came with its place in the chain waits for none. */
export async function forgetSealed(tx: Tx): Promise<void> {
  await sql`delete from audit_unsealed u where u.workspace_id = current_workspace()
    and exists (select from audit_chain c where c.workspace_id = u.workspace_id and c.audit_id = u.audit_id)`.execute(
    tx,
  )
}

export async function enterNew(tx: Tx, workspaceId: string): Promise<void> {
  await enterWorkspace(tx, workspaceId)
  await carryQuietly(tx)
  await sql`set local timezone = 'UTC'`.execute(tx)
}

/** No other program is told of what happened elsewhere, long ago. For this transaction. */
export async function carryQuietly(tx: Tx): Promise<void> {
  await sql`select set_config('evenhand.carrying', 'on', true)`.execute(tx)
}
