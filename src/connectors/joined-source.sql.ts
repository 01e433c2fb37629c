/** What a workspace listens to. Sources belong to the installation: two workspaces on one stream share it. */
import { sql } from 'kysely'
import { findOne, type Tx } from '../base/db.ts'
import type { SourceKind } from './connector.ts'

export const sourceIdOf = (kind: SourceKind, address: string) => `${kind} ${address}`

/** Joins the source, and makes it when nobody listened there yet. One that had been left runs again. */
export async function joinSource(
  tx: Tx,
  source: { kind: SourceKind; address: string; channelId?: string },
): Promise<string> {
  const sourceId = sourceIdOf(source.kind, source.address)
  await sql`insert into sources (source_id, kind, address)
    values (${sourceId}, ${source.kind}, ${source.address})
    on conflict (source_id) do update set state = 'running', state_reason = null
      where sources.state = 'stopped'`.execute(tx)
  await sql`insert into workspace_sources (workspace_id, source_id, channel_id)
    values (current_workspace(), ${sourceId}, ${source.channelId ?? null})
    on conflict (workspace_id, source_id) do nothing`.execute(tx)
  return sourceId
}

/** Leaves the source; when nobody listens there any more it stops, with its bookmark kept. */
export async function leaveSource(tx: Tx, sourceId: string): Promise<void> {
  // Who joins at this moment holds this row too: one of us waits and then sees what the other did.
  await sql`select 1 from sources where source_id = ${sourceId} for update`.execute(tx)
  await sql`delete from workspace_sources where source_id = ${sourceId}`.execute(tx)
  await sql`update sources set state = 'stopped', state_reason = 'left', connected_at = null, alive_at = null
    where source_id = ${sourceId} and not exists (select from find_workspaces_of_source(${sourceId}))`.execute(
    tx,
  )
}

export async function hasJoined(tx: Tx, sourceId: string): Promise<boolean> {
  const found = await findOne(tx, sql`select 1 from workspace_sources where source_id = ${sourceId}`)
  return found !== undefined
}
