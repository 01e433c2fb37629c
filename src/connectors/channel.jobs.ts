/** What one of our own accounts is called now: a stream says that it changed, and leaves out to what. */
import type { Now } from '../base/clock.ts'
import { type Db, inWorkspace } from '../base/db.ts'
import type { Outside } from '../base/outside.ts'
import { findChannel, saveChannelHandle } from './channel.sql.ts'
import type { Connectors } from './connector.ts'

export type ChannelJob = { workspaceId: string; channelId: string }
export type ChannelTools = { db: Db; connectors: Connectors; outside: Outside; now: Now }

const patienceMs = 20_000

/** Throws when nobody answers: the queue asks again. */
export async function readChannel(
  tools: ChannelTools,
  { workspaceId, channelId }: ChannelJob,
): Promise<void> {
  const { db, connectors, outside, now } = tools
  const channel = await inWorkspace(db, workspaceId, (tx) => findChannel(tx, channelId))
  if (!channel) return
  const io = { outside, now, signal: AbortSignal.timeout(patienceMs) }
  const found = await connectors[channel.network].readAuthor(channel.accountId, io)
  if (found) await inWorkspace(db, workspaceId, (tx) => saveChannelHandle(tx, channelId, found.handle))
}
