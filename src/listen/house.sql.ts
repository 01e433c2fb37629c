/** What listening has to know of a workspace before it reads a batch for it: one row, asked once per batch. */
import { sql } from 'kysely'
import { findOne, type Tx } from '../base/db.ts'
import type { Network } from '../connectors/connector.ts'

export type House = {
  workspaceId: string
  /** Counts changes of the watches. */
  watchVersion: number
  channels: { channelId: string; accountId: string; handle: string }[]
  /** Everything that it listens to. */
  sources: string[]
}

export async function findHouse(tx: Tx, network: Network): Promise<House | undefined> {
  return findOne(
    tx,
    sql<House>`select w.workspace_id, w.watch_version, (
        select coalesce(jsonb_agg(jsonb_build_object(
          'channelId', c.channel_id, 'accountId', c.account_id, 'handle', c.handle) order by c.created_at), '[]')
        from channels c
        where c.workspace_id = w.workspace_id and c.network = ${network} and c.removed_at is null) as channels, (
        select coalesce(jsonb_agg(s.source_id), '[]') from workspace_sources s
        where s.workspace_id = w.workspace_id) as sources
      from workspaces w where w.workspace_id = current_workspace()`,
  )
}

/** This stream carries what the account does: what is deleted there would be told here. */
export async function noteHeardOn(tx: Tx, channelIds: readonly string[], sourceId: string): Promise<void> {
  if (channelIds.length === 0) return
  await sql`update channels set heard_on = heard_on || ${sourceId}::text
    where workspace_id = current_workspace() and channel_id = any(${channelIds}::uuid[])
      and not ${sourceId} = any(heard_on)`.execute(tx)
}
