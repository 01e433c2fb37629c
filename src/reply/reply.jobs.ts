/**
 * The outbox at work (P2): each reply goes out once, whatever breaks on the way.
 *
 * In:  a reply's id, and the database's word on whether it may be sent now.
 * Out: its next state, with everything that follows from it, in one transaction.
 *
 * No transaction is open while a network is asked. Every function here is safe to run twice and at the same time.
 */
import { randomUUID } from 'node:crypto'
import type { Now } from '../base/clock.ts'
import { type Db, inWorkspace, type Tx } from '../base/db.ts'
import { inEveryWorkspace } from '../base/every-workspace.ts'
import { failpoint } from '../base/failpoint.ts'
import type { Outside } from '../base/outside.ts'
import { enqueue } from '../base/queue.ts'
import type { MasterKey } from '../base/secret.ts'
import { listWorkspaces } from '../base/workspaces.sql.ts'
import { changeCase } from '../cases/case.sql.ts'
import { answerSent } from '../cases/case.ts'
import { findChannel, pauseChannel, toChannel } from '../connectors/channel.sql.ts'
import {
  type Channel,
  ChannelPaused,
  type Connector,
  type Connectors,
  type Frozen,
  type Io,
} from '../connectors/connector.ts'
import {
  closeOrphan,
  findNews,
  findNextInLine,
  findStranded,
  giveBack,
  isChannelQuiet,
  keepQuiet,
  type Leased,
  leaseReply,
  lockCase,
  renewLease,
  settle,
  whyNotLeased,
} from './lease.sql.ts'
import { addReplyEvent, findReply, findUnsettledOfChannel, isPostGone, saveLook } from './reply.sql.ts'
import { afterFinding, afterSending, type Next, type Reply, spread } from './reply.ts'

export type ReplyTools = {
  db: Db
  connectors: Connectors
  outside: Outside
  now: Now
  master: MasterKey
  /** How far the stream must have told beyond the moment in which a reply was not there, before it goes out again. */
  graceMs?: number
  /** When to look how a sent reply is shown; again as long as nobody can say. */
  lookAfterMs?: readonly number[]
}
export type ReplyJob = { workspaceId: string; replyId: string }

/** Shorter than the lease, so that a request is given up before another worker may begin. */
const sendTimeoutMs = 15_000
const defaultGraceMs = 10_000
const defaultLooks = [3_000, 15_000, 60_000]

/** Inside the caller's transaction. One waiting job per reply: a later call moves it. */
export async function enqueueReply(tx: Tx, reply: Pick<Reply, 'workspaceId' | 'replyId'>, runAt?: Date) {
  const { workspaceId, replyId } = reply
  const job: ReplyJob = { workspaceId, replyId }
  // Reply ids are chosen by callers, and the queue is one for all: without its workspace one could take another's job.
  const jobKey = `reply:${workspaceId}:${replyId}`
  await enqueue(tx, 'send-reply', job, { jobKey, priority: -10, maxAttempts: 10, runAt })
}

export async function sendReply(tools: ReplyTools, job: ReplyJob): Promise<void> {
  const token = randomUUID()
  const taken = await inWorkspace(tools.db, job.workspaceId, (tx) => take(tx, tools, job, token))
  if (!taken) return
  const outcome = await attempt(tools, taken, token)
  if (!outcome) return
  await inWorkspace(tools.db, job.workspaceId, async (tx) => {
    if (outcome instanceof ChannelPaused) return pause(tx, tools, taken.reply, token, outcome)
    if (outcome !== 'quiet') return finish(tx, tools, taken.reply, token, outcome)
    await giveBack(tx, job.replyId, token, taken.reply.was)
    await waitOrClose(tx, tools, job)
  })
  failpoint('after_mark')
}

type Taken = { reply: Leased; channel: Channel; frozen: Frozen; connector: Connector }

async function take(tx: Tx, tools: ReplyTools, job: ReplyJob, token: string): Promise<Taken | null> {
  const reply = await leaseReply(tx, job.replyId, token)
  if (!reply) return waitOrClose(tx, tools, job)
  if (reply.was === 'queued' && (await isPostGone(tx, reply.parentUri))) {
    await finish(tx, tools, reply, token, { state: 'refused', detail: 'post-deleted' })
    return null
  }
  const row = await findChannel(tx, reply.channelId)
  const channel = toChannel(row!, tools.master)
  const frozen = { key: reply.frozenKey, uri: reply.frozenUri, record: reply.frozenRecord }
  return { reply, channel, frozen, connector: tools.connectors[channel.network] }
}

async function waitOrClose(tx: Tx, tools: ReplyTools, job: ReplyJob): Promise<null> {
  const { why, until } = await whyNotLeased(tx, job.replyId)
  if (why === 'removed') await closeOrphan(tx, job.replyId)
  if (why === 'early') await enqueueReply(tx, job, until)
  if (why === 'quiet') await enqueueReply(tx, job, new Date(until.getTime() + Math.random() * 1_000))
  // Whoever holds it may have died; a second later its lease is over for certain.
  if (why === 'held') await enqueueReply(tx, job, new Date(until.getTime() + 1_000))
  // Whoever is in front wakes the next; this is for the moment in which both look at the same time.
  if (why === 'behind') await enqueueReply(tx, job, later(tools, 2_000))
  return null
}

/** Asks the network. Null when somebody else holds the reply by now. */
async function attempt(
  tools: ReplyTools,
  taken: Taken,
  token: string,
): Promise<Next | ChannelPaused | 'quiet' | null> {
  const { reply, channel, frozen, connector } = taken
  try {
    if (reply.was !== 'queued') {
      const found = await connector
        .findSent(channel, frozen, ioOf(tools))
        .catch((error) => passPause(error, { outcome: 'unreachable' as const }))
      const url = connector.urlOf(frozen.uri, channel.handle)
      const { graceMs = defaultGraceMs } = tools
      const news = await inWorkspace(tools.db, reply.workspaceId, (tx) =>
        findNews(tx, reply.replyId, graceMs),
      )
      const next = afterFinding(found, url, reply, news)
      if (next !== 'send') return next
    }
    const why = await inWorkspace(tools.db, reply.workspaceId, (tx) => whyNotGo(tx, reply, token))
    if (why === 'lost') return null
    if (why === 'quiet') return why
    if (why === 'post-deleted') return { state: 'refused', detail: why }

    failpoint('before_send')
    const sent = await connector
      .send(channel, frozen, ioOf(tools))
      .catch((error) => passPause(error, { outcome: 'unknown' as const, detail: String(error) }))
    failpoint('after_send_before_mark')
    return afterSending(sent, reply, tools.now())
  } catch (error) {
    if (error instanceof ChannelPaused) return error
    throw error
  }
}

async function whyNotGo(
  tx: Tx,
  reply: Leased,
  token: string,
): Promise<'quiet' | 'lost' | 'post-deleted' | null> {
  // The last look before it leaves: the network's patience, the lease, and that neither side has deleted anything.
  if (await isChannelQuiet(tx, reply.channelId)) return 'quiet'
  if (!(await renewLease(tx, reply.replyId, token))) return 'lost'
  return (await isPostGone(tx, reply.parentUri)) ? 'post-deleted' : null
}

function passPause<T>(error: unknown, otherwise: T): T {
  if (error instanceof ChannelPaused) throw error
  return otherwise
}

async function finish(tx: Tx, tools: ReplyTools, reply: Leased, token: string, next: Next): Promise<void> {
  await lockCase(tx, reply.caseId)
  // What the network asked for holds for the whole account, whoever holds this reply by now.
  if ('named' in next && next.named) await keepQuiet(tx, reply.channelId, next.waitMs)
  const settled = await settle(tx, reply.replyId, token, next)
  if (!settled) return
  if (next.state === 'queued' || next.state === 'unknown') {
    return enqueueReply(tx, settled, later(tools, spread(next, Math.random())))
  }
  if (settled.state === 'sent') {
    const sentAt = settled.sentAt!
    await changeCase(tx, settled.caseId, (was) => answerSent(was, { replyId: settled.replyId, sentAt }))
    await enqueueLook(tx, tools, settled, 0)
  }
  if (settled.state === 'refused')
    await addReplyEvent(tx, settled, { type: 'reply-refused' }, null, tools.now())
  await wakeNext(tx, settled)
}

export async function wakeNext(tx: Tx, settled: Reply): Promise<void> {
  const next = await findNextInLine(tx, settled)
  if (next) await enqueueReply(tx, next, next.sendAfter)
}

async function pause(tx: Tx, tools: ReplyTools, reply: Leased, token: string, paused: ChannelPaused) {
  await giveBack(tx, reply.replyId, token, reply.was)
  await pauseChannel(tx, reply.channelId, paused.reason, paused.message, tools.now())
}

/** To be called when a channel opens again; the sweep finds what nobody called for. */
export async function resumeReplies(tx: Tx, channelId: string): Promise<void> {
  for (const reply of await findUnsettledOfChannel(tx, channelId))
    await enqueueReply(tx, reply, reply.sendAfter)
}

/** Every reply that is due and has no job: left behind by a crash, or by a channel that opened again. */
export async function sweepReplies(tools: Pick<ReplyTools, 'db'>): Promise<void> {
  await inEveryWorkspace(await listWorkspaces(tools.db), (workspaceId) =>
    inWorkspace(tools.db, workspaceId, async (tx) => {
      for (const replyId of await findStranded(tx)) await enqueueReply(tx, { workspaceId, replyId })
    }),
  )
}

export type LookJob = ReplyJob & { looks: number }

/** How the network shows what was sent: "sent" and "seen" are two things. */
export async function lookOnce(tools: ReplyTools, { workspaceId, replyId, looks }: LookJob): Promise<void> {
  const found = await inWorkspace(tools.db, workspaceId, async (tx) => {
    const reply = await findReply(tx, replyId)
    if (reply?.state !== 'sent' || reply.shown === 'shown' || reply.shown === 'hidden') return null
    const row = await findChannel(tx, reply.channelId)
    return row ? { reply, channel: toChannel(row, tools.master) } : null
  })
  if (!found) return
  const { reply, channel } = found
  const look = await tools.connectors[channel.network]
    .look(channel, reply.frozenUri, ioOf(tools))
    .catch((error) => ({ outcome: 'unknown' as const, detail: String(error) }))
  await inWorkspace(tools.db, workspaceId, async (tx) => {
    const reason = look.outcome === 'hidden' ? look.why : look.outcome === 'unknown' ? look.detail : null
    await saveLook(tx, replyId, look.outcome, reason)
    if (look.outcome === 'unknown') await enqueueLook(tx, tools, reply, looks + 1)
  })
}

async function enqueueLook(tx: Tx, tools: ReplyTools, reply: Reply, looks: number): Promise<void> {
  const waitMs = (tools.lookAfterMs ?? defaultLooks)[looks]
  if (waitMs === undefined) return
  const { workspaceId, replyId } = reply
  const job: LookJob = { workspaceId, replyId, looks }
  await enqueue(tx, 'look-once', job, {
    jobKey: `look:${workspaceId}:${replyId}`,
    maxAttempts: 5,
    runAt: later(tools, waitMs),
  })
}

const later = (tools: ReplyTools, waitMs: number) => new Date(tools.now().getTime() + waitMs)
const ioOf = ({ outside, now }: ReplyTools): Io => ({
  outside,
  now,
  signal: AbortSignal.timeout(sendTimeoutMs),
})
