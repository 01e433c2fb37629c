/**
 * The brand's own accounts. The secret is sealed here and nowhere else; `toChannel` opens it for a connector's call.
 *
 * All of this runs inside one workspace; row-level security sees to it.
 */
import { sql } from 'kysely'
import { findAll, findOne, type Tx } from '../base/db.ts'
import { type MasterKey, seal, unseal } from '../base/secret.ts'
import { mostChannels } from './channel-contract.ts'
import { cleanDetail } from './clean-text.ts'
import type { Channel, Network } from './connector.ts'

export type ChannelRecord = {
  workspaceId: string
  channelId: string
  network: Network
  accountId: string
  handle: string
  displayName: string | null
  serviceUrl: string
  sealedSecret: string
  state: 'open' | 'paused'
  pausedReason: string | null
  pausedDetail: string | null
  pausedAt: Date | null
  needsApproval: boolean
  teamId: string | null
  createdAt: Date
  removedAt: Date | null
}

const columns = sql`workspace_id, channel_id, network, account_id, handle, display_name, service_url, sealed_secret,
  state, paused_reason, paused_detail, paused_at, created_at, removed_at, needs_approval,
  (select t.team_id from team_channels t where t.channel_id = channels.channel_id) as team_id`

const boundTo = (channelId: string) => `channel:${channelId}`

/** What a connector is given. Throws for a removed channel: its secret is gone. */
export function toChannel(row: ChannelRecord, master: MasterKey): Channel {
  const { channelId, workspaceId, network, accountId, handle, serviceUrl } = row
  const secret = unseal(row.sealedSecret, master, boundTo(channelId))
  return { channelId, workspaceId, network, accountId, handle, serviceUrl, secret }
}

/** The channels that are ours now, paused ones too. */
export async function findChannels(tx: Tx): Promise<ChannelRecord[]> {
  return findAll(
    tx,
    sql`select ${columns} from channels where removed_at is null order by created_at, channel_id limit ${mostChannels}`,
  )
}

/** The channels that can be listened to and answered from. */
export async function listOpenChannels(tx: Tx): Promise<ChannelRecord[]> {
  return (await findChannels(tx)).filter((it) => it.state === 'open')
}

export async function findChannel(tx: Tx, channelId: string): Promise<ChannelRecord | undefined> {
  return findOne(
    tx,
    sql`select ${columns} from channels where channel_id = ${channelId} and removed_at is null`,
  )
}

export type NewChannel = {
  channelId: string
  network: Network
  accountId: string
  handle: string
  displayName: string | null
  serviceUrl: string
  secret: string
  at: Date
}

/** An account that was removed comes back as the channel it was; undefined when it is connected already. */
export async function saveChannel(
  tx: Tx,
  channel: NewChannel,
  master: MasterKey,
): Promise<ChannelRecord | undefined> {
  const known = await findOne<ChannelRecord>(
    tx,
    sql`select ${columns} from channels
      where network = ${channel.network} and account_id = ${channel.accountId} for update`,
  )
  if (known) return known.removedAt ? reviveChannel(tx, known.channelId, channel, master) : undefined
  const { channelId } = channel
  return findOne(
    tx,
    sql`insert into channels (workspace_id, channel_id, network, account_id, handle, display_name, service_url,
        sealed_secret, created_at)
      values (current_workspace(), ${channelId}, ${channel.network}, ${channel.accountId}, ${channel.handle},
        ${channel.displayName}, ${channel.serviceUrl}, ${seal(channel.secret, master, boundTo(channelId))},
        ${channel.at})
      on conflict (workspace_id, network, account_id) do nothing
      returning ${columns}`,
  )
}

async function reviveChannel(
  tx: Tx,
  channelId: string,
  channel: NewChannel,
  master: MasterKey,
): Promise<ChannelRecord | undefined> {
  return findOne(
    tx,
    sql`update channels set handle = ${channel.handle}, display_name = ${channel.displayName},
        service_url = ${channel.serviceUrl}, sealed_secret = ${seal(channel.secret, master, boundTo(channelId))},
        state = 'open', paused_reason = null, paused_detail = null, paused_at = null, removed_at = null
      where channel_id = ${channelId} returning ${columns}`,
  )
}

/** A new password opens a paused channel again. */
export async function renewSecret(
  tx: Tx,
  channelId: string,
  change: { secret: string; handle: string; displayName: string | null },
  master: MasterKey,
): Promise<ChannelRecord | undefined> {
  return findOne(
    tx,
    sql`update channels set sealed_secret = ${seal(change.secret, master, boundTo(channelId))},
        handle = ${change.handle}, display_name = ${change.displayName},
        state = 'open', paused_reason = null, paused_detail = null, paused_at = null
      where channel_id = ${channelId} and removed_at is null returning ${columns}`,
  )
}

/** What the account is called now. Answers nothing: most of the time it is called what it was. */
export async function saveChannelHandle(tx: Tx, channelId: string, handle: string): Promise<void> {
  await sql`update channels set handle = ${handle}
    where workspace_id = current_workspace() and channel_id = ${channelId} and removed_at is null
      and handle <> ${handle}`.execute(tx)
}

/** The account itself cannot be used: its queue waits. The first reason stands until somebody mends it. */
export async function pauseChannel(
  tx: Tx,
  channelId: string,
  reason: string,
  detail: string,
  now: Date,
): Promise<void> {
  await sql`update channels set state = 'paused', paused_reason = ${reason}, paused_detail = ${cleanDetail(detail)},
      paused_at = ${now}
    where channel_id = ${channelId} and state = 'open' and removed_at is null`.execute(tx)
}

/** Destroys the secret and keeps the row: past replies belong to it. */
export async function removeChannel(
  tx: Tx,
  channelId: string,
  now: Date,
): Promise<ChannelRecord | undefined> {
  return findOne(
    tx,
    sql`update channels set sealed_secret = '', removed_at = ${now}
      where channel_id = ${channelId} and removed_at is null returning ${columns}`,
  )
}
