/** What is to be listened to, over all workspaces: the installation's own question, answered without their content. */
import { sql } from 'kysely'
import { type Db, findAll, findOne, inWorkspace } from '../base/db.ts'
import { type ChannelRecord, findChannel } from '../connectors/channel.sql.ts'
import type { Bookmark, SourceKind } from '../connectors/connector.ts'

export type RunningSource = { sourceId: string; kind: SourceKind; address: string; workspaceId: string }

/** A source that no workspace listens to any more is left out. */
export async function findRunningSources(db: Db): Promise<RunningSource[]> {
  return findAll(
    db,
    sql<RunningSource>`select s.source_id, s.kind, s.address, first.workspace_id from sources s
      cross join lateral (select w as workspace_id from find_workspaces_of_source(s.source_id) as w limit 1) as first
      where s.state = 'running' order by s.created_at, s.source_id`,
  )
}

/** A channel that is paused or gone is not listened to. */
export async function findOpenChannel(
  db: Db,
  workspaceId: string,
  channelId: string,
): Promise<ChannelRecord | undefined> {
  const channel = await inWorkspace(db, workspaceId, (tx) => findChannel(tx, channelId))
  return channel?.state === 'open' ? channel : undefined
}

/** Counts the attempt and says where to go on. */
export async function beginConnect(db: Db, sourceId: string): Promise<Bookmark | null> {
  // Without a bookmark nothing bridges what lies between two connections.
  const found = await findOne(
    db,
    sql<{ cursor: string | null; cursorHost: string | null }>`update sources set connects = connects + 1,
        connected_at = null, alive_at = null, heard_since = case when cursor is not null then heard_since end
      where source_id = ${sourceId} returning cursor, cursor_host`,
  )
  return found?.cursor == null ? null : { cursor: found.cursor, host: found.cursorHost ?? '' }
}

export async function saveNeedsDecision(db: Db, sourceId: string, reason: string): Promise<void> {
  await sql`update sources set state = 'needs-decision', state_reason = ${reason},
      connected_at = null, alive_at = null, heard_since = null
    where source_id = ${sourceId} and state = 'running'`.execute(db)
}
