/**
 * From an agent's words to a frozen row in the outbox.
 *
 * In:  text, channel and case, and an id that the caller chose: the same id again is the same reply.
 * Out: the queued row with its job, in one transaction. The network is asked before that transaction begins.
 */
import type { Now } from '../base/clock.ts'
import type { Tx } from '../base/db.ts'
import type { Outside } from '../base/outside.ts'
import { Refusal, refuseIf } from '../base/refusal.ts'
import type { MasterKey } from '../base/secret.ts'
import { findCase } from '../cases/case.sql.ts'
import type { Case } from '../cases/case.ts'
import { findChannel, pauseChannel, toChannel } from '../connectors/channel.sql.ts'
import {
  type Channel,
  ChannelPaused,
  type Connector,
  type Connectors,
  type Gate,
  type Io,
  isNetwork,
} from '../connectors/connector.ts'
import { whyNotSay } from './checks.ts'
import { deleteDraft } from './draft.sql.ts'
import { cleanText, whyNotFits } from './length.ts'
import { enqueueReply } from './reply.jobs.ts'
import { addReplyEvent, findAnswerable, findReply, insertReply } from './reply.sql.ts'
import type { Reply } from './reply.ts'

export type AskTools = {
  connectors: Connectors
  outside: Outside
  master: MasterKey
  /** How long an agent may take a reply back; 10 s unless told. */
  undoMs?: number
}
export type Run = <R>(work: (tx: Tx) => Promise<R>) => Promise<R>
export type Wanted = Pick<Reply, 'replyId' | 'caseId' | 'channelId' | 'byAgentId' | 'purpose' | 'text'>

const askTimeoutMs = 8_000
const defaultUndoMs = 10_000

/** Asks the network and freezes; what it answers puts the reply into the outbox, in the caller's transaction. */
export async function prepareReply(
  tools: AskTools,
  run: Run,
  asked: Wanted,
  now: Now,
): Promise<(tx: Tx) => Promise<Reply>> {
  const wanted = { ...asked, text: cleanText(asked.text) }
  const known = await run((tx) => findReply(tx, wanted.replyId))
  if (known) return async () => sameAs(known, wanted)
  const { way, brand, parentUri } = await run(async (tx) => ({
    way: await findWay(tx, tools, wanted),
    ...(await findAnswerable(tx, wanted.caseId)),
  }))
  refuseIf(whyNotFits(wanted.text, way.connector.limits))
  const unsayable = whyNotSay(wanted.text, brand)
  if (unsayable) throw new Refusal(unsayable.code, unsayable.detail)
  if (wanted.purpose === 'answer' && way.case.status === 'closed') throw new Refusal('case-closed')
  if (!parentUri) throw new Refusal('post-deleted')

  const frozen = await freeze(tools, run, way, { text: wanted.text, parentUri }, now)
  return async (tx) => {
    const { threadUri } = way.case
    const undoMs = tools.undoMs ?? defaultUndoMs
    const made = await insertReply(tx, { ...wanted, threadUri, parentUri, frozen, undoMs })
    if (!made) return sameAs((await findReply(tx, wanted.replyId))!, wanted)
    if (wanted.purpose === 'answer')
      await deleteDraft(tx, { caseId: wanted.caseId, agentId: wanted.byAgentId })
    await addReplyEvent(tx, made, { type: 'reply-queued' }, wanted.byAgentId, now())
    await enqueueReply(tx, made, made.sendAfter)
    return made
  }
}

/** Pressed twice or sent again by a browser: one reply. The same id for other words is a mistake to be told. */
function sameAs(known: Reply, wanted: Wanted): Reply {
  const isSame =
    known.text === wanted.text &&
    known.caseId === wanted.caseId &&
    known.channelId === wanted.channelId &&
    known.purpose === wanted.purpose
  if (!isSame) throw new Refusal('changed-meanwhile')
  return known
}

export async function askGate(
  tools: AskTools,
  run: Run,
  wanted: Pick<Wanted, 'caseId' | 'channelId'>,
  now: Now,
): Promise<Gate> {
  const { way, parentUri } = await run(async (tx) => ({
    way: await findWay(tx, tools, wanted),
    ...(await findAnswerable(tx, wanted.caseId)),
  }))
  if (!parentUri) return { outcome: 'shut', why: 'parent-deleted', detail: 'post-deleted' }
  return orPause(run, way.channel, now, () => ask(tools, way, parentUri, now))
}

type Way = { case: Case; channel: Channel; connector: Connector }

async function findWay(tx: Tx, tools: AskTools, wanted: Pick<Wanted, 'caseId' | 'channelId'>): Promise<Way> {
  const found = await findCase(tx, wanted.caseId)
  if (!found) throw new Refusal('not-found')
  if (!isNetwork(found.network)) throw new Refusal('not-answerable')
  const row = await findChannel(tx, wanted.channelId)
  if (!row) throw new Refusal('no-channel')
  if (row.network !== found.network) throw new Refusal('wrong-network')
  if (row.state === 'paused') throw new Refusal('channel-paused', row.pausedDetail ?? undefined)
  return { case: found, channel: toChannel(row, tools.master), connector: tools.connectors[row.network] }
}

async function freeze(
  tools: AskTools,
  run: Run,
  way: Way,
  { text, parentUri }: { text: string; parentUri: string },
  now: Now,
) {
  const { channel, connector } = way
  return orPause(run, channel, now, async () => {
    const langs =
      /^[a-z]{2,3}(?:-|$)/i.test(way.case.language) && way.case.language !== 'und' ? [way.case.language] : []
    const outgoing = { text, parentUri, threadUri: way.case.threadUri, langs, at: now() }
    const [gate, frozen] = await Promise.allSettled([
      ask(tools, way, parentUri, now),
      connector.freeze(channel, outgoing, ioOf(tools, now)),
    ])
    if (gate.status === 'rejected') throw gate.reason
    if (gate.value.outcome === 'shut') {
      if (gate.value.why === 'parent-deleted') throw new Refusal('post-deleted')
      throw new Refusal('thread-refuses', gate.value.detail)
    }
    if (frozen.status === 'fulfilled') return frozen.value
    const { reason } = frozen
    if (reason instanceof Refusal || reason instanceof ChannelPaused) throw reason
    throw new Refusal('service-unreachable', reason instanceof Error ? reason.message : String(reason))
  })
}

/** Nobody to ask is no reason not to answer: `unknown` lets the agent go on. */
async function ask(tools: AskTools, way: Way, parentUri: string, now: Now): Promise<Gate> {
  const { channel, connector } = way
  return connector.askGate(channel, parentUri, way.case.threadUri, ioOf(tools, now)).catch((error) => {
    if (error instanceof ChannelPaused || error instanceof Refusal) throw error
    return { outcome: 'unknown' as const, detail: String(error) }
  })
}

async function orPause<T>(run: Run, channel: Channel, now: Now, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ChannelPaused)) throw error
    await run((tx) => pauseChannel(tx, channel.channelId, error.reason, error.message, now()))
    throw new Refusal('channel-paused', error.message)
  }
}

const ioOf = ({ outside }: AskTools, now: Now): Io => ({
  outside,
  now,
  signal: AbortSignal.timeout(askTimeoutMs),
})
