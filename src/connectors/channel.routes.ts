/** Connecting the brand's accounts. Networks are asked outside of any transaction; secrets never come out. */
import { newId } from '../base/clock.ts'
import type { Tx } from '../base/db.ts'
import type { Outside } from '../base/outside.ts'
import { Refusal } from '../base/refusal.ts'
import type { MasterKey } from '../base/secret.ts'
import { lockCount } from '../staff/bounds.sql.ts'
import type { Mount } from '../staff/mount.ts'
import {
  type ChannelRecord,
  findChannel,
  findChannels,
  removeChannel,
  renewSecret,
  saveChannel,
} from './channel.sql.ts'
import { channelRoutes as contract, mostChannels } from './channel-contract.ts'
import type { Connectors, Io, SignedIn } from './connector.ts'
import { joinSource, leaveSource, sourceIdOf } from './joined-source.sql.ts'
import { streamAddress } from './stream-address.ts'

const patienceMs = 20_000

type Tools = {
  connectors: Connectors
  outside: Outside
  master: MasterKey
  /** The public stream that a connected account is heard on; null where the operator wants none. */
  jetstreamUrl: string | null
  /** From the reply room, which stands to our right: what waited for this channel goes on. */
  resumeReplies(tx: Tx, channelId: string): Promise<void>
}

export function channelRoutes(mount: Mount, tools: Tools): void {
  const { connectors, outside, master } = tools
  const jetstream = tools.jetstreamUrl && (streamAddress(tools.jetstreamUrl) ?? tools.jetstreamUrl)
  const ioOf = (now: Io['now']): Io => ({ outside, signal: AbortSignal.timeout(patienceMs), now })
  const rowOf = (channel: ChannelRecord) => ({
    channelId: channel.channelId,
    network: channel.network,
    handle: channel.handle,
    displayName: channel.displayName,
    accountId: channel.accountId,
    serviceUrl: channel.serviceUrl,
    state: channel.state,
    pausedReason: channel.pausedReason,
    pausedDetail: channel.pausedDetail,
    pausedAt: channel.pausedAt?.toISOString() ?? null,
    needsApproval: channel.needsApproval,
    teamId: channel.teamId,
    limits: connectors[channel.network].limits,
  })

  mount(contract.list, async ({ run }) => (await run(findChannels)).map(rowOf))

  mount(contract.connectBluesky, async ({ body, change, now }) => {
    const handle = body.handle.replace(/^@/, '')
    const serviceUrl = body.serviceUrl.replace(/\/+$/, '')
    const account = { serviceUrl, handle, secret: body.appPassword }
    const signedIn = welcomed(await connectors.bluesky.signIn(account, ioOf(now)), account.secret)
    return change(async (tx, tell) => {
      const at = now()
      const made = {
        ...signedIn,
        channelId: newId(at),
        network: 'bluesky',
        secret: body.appPassword,
        at,
      } as const
      await lockCount(tx, 'channels')
      if ((await findChannels(tx)).length >= mostChannels) throw new Refusal('too-many-channels')
      const channel = await saveChannel(tx, made, master)
      if (!channel) throw new Refusal('channel-known')
      await listenFor(tx, channel, body.ownStream)
      tell({ onId: channel.channelId, content: { network: channel.network, accountId: channel.accountId } })
      return rowOf(channel)
    })
  })

  mount(contract.renewPassword, async ({ params, body, run, change, now }) => {
    const channel = await run((tx) => findChannel(tx, params.id))
    if (!channel) throw new Refusal('not-found')
    const { serviceUrl, network } = channel
    // A handle may have gone to somebody else meanwhile; the lasting id has not.
    const handle = network === 'bluesky' ? channel.accountId : channel.handle
    const account = { serviceUrl, handle, secret: body.appPassword }
    const { accountId, ...self } = welcomed(
      await connectors[network].signIn(account, ioOf(now)),
      account.secret,
    )
    if (accountId !== channel.accountId) throw new Refusal('sign-in-failed', 'this is another account')
    return change(async (tx) => {
      const news = { secret: body.appPassword, handle: self.handle, displayName: self.displayName }
      const open = await renewSecret(tx, channel.channelId, news, master)
      if (!open) throw new Refusal('not-found')
      if (network === 'bluesky') {
        await joinSource(tx, { kind: 'notifications', address: open.channelId, channelId: open.channelId })
      }
      await tools.resumeReplies(tx, open.channelId)
      return rowOf(open)
    })
  })

  mount(contract.remove, async ({ params, change, now }) =>
    change(async (tx) => {
      const removed = await removeChannel(tx, params.id, now())
      if (!removed) throw new Refusal('not-found')
      await stopListeningFor(tx, removed)
      return { done: true as const }
    }),
  )

  async function listenFor(tx: Tx, channel: ChannelRecord, ownStream: boolean): Promise<void> {
    // Both: notifications bring posts from every server, and only a stream tells that they were deleted there (P7).
    if (ownStream) await joinSource(tx, { kind: 'firehose', address: channel.serviceUrl })
    if (jetstream) await joinSource(tx, { kind: 'jetstream', address: jetstream })
    const { channelId } = channel
    await joinSource(tx, { kind: 'notifications', address: channelId, channelId })
  }
}

/** The public stream stays: its watches work without an account. A server's own stream goes with its last account. */
async function stopListeningFor(tx: Tx, removed: ChannelRecord): Promise<void> {
  const others = await findChannels(tx)
  if (removed.network === 'rehearsal') await leaveSource(tx, sourceIdOf('rehearsal', removed.workspaceId))
  await leaveSource(tx, sourceIdOf('notifications', removed.channelId))
  if (!others.some((it) => it.serviceUrl === removed.serviceUrl))
    await leaveSource(tx, sourceIdOf('firehose', removed.serviceUrl))
}

/** What the network answered, as the agent is told it. A server that repeats the password does not make us do so. */
export function welcomed(answer: SignedIn, secret: string): Extract<SignedIn, { outcome: 'signed-in' }> {
  if (answer.outcome === 'signed-in') return answer
  const detail = answer.detail.replaceAll(secret, '…').slice(0, 300)
  if (answer.why === 'unreachable') throw new Refusal('service-unreachable', detail)
  if (answer.why === 'address-not-allowed') throw new Refusal('address-not-allowed', detail)
  throw new Refusal('sign-in-failed', detail)
}
