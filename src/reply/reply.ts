/**
 * One reply in the outbox, and what follows from what the network said.
 *
 * In:  a frozen reply and the outcome of one attempt.
 * Out: its next state. States never lie: only an answer makes `sent` or `refused`; silence makes `unknown`, which is
 *      always looked up before anything is sent again. reply.sql.ts saves it under the lease.
 */
import type { ReplyView } from '../cases/case-views.ts'
import type { Found, Sent } from '../connectors/connector.ts'

export type ReplyState = ReplyView['state']
export type Reply = {
  workspaceId: string
  replyId: string
  caseId: string
  channelId: string
  byAgentId: string
  purpose: ReplyView['purpose']
  text: string
  threadUri: string
  parentUri: string
  frozenKey: string
  frozenUri: string
  frozenRecord: Record<string, unknown>
  state: ReplyState
  detail: string | null
  sendAfter: Date
  attempts: number
  cid: string | null
  url: string | null
  queuedAt: Date
  sentAt: Date | null
  shown: ReplyView['shown']
  shownReason: string | null
}

export type Next =
  | { state: 'sent'; cid: string; url: string | null }
  | { state: 'refused' | 'needs-person' | 'deleted-by-owner'; detail: string | null }
  /** `counts` is false for what is no try; `named` when the network itself named the time to come back. */
  | { state: 'queued' | 'unknown'; detail: string; waitMs: number; counts: boolean; named?: boolean }

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
/** Eight tries over about four hours; then a person is asked. */
const waits = [2 * second, 8 * second, 30 * second, 2 * minute, 8 * minute, 30 * minute, hour, 2 * hour]
const patienceMs = 24 * hour
/** How long a stream that is away may keep an answer, and those behind it, waiting. */
const silenceMs = 30 * minute

/** `was` is the state before this attempt: what may have arrived once stays unknown until it is found or sent. */
export type Tried = Pick<Reply, 'attempts' | 'queuedAt'> & { was: ReplyState }

export function afterSending(sent: Sent, tried: Tried, at: Date): Next {
  const before = tried.was === 'queued' ? 'queued' : 'unknown'
  switch (sent.outcome) {
    case 'sent':
      return { state: 'sent', cid: sent.cid, url: sent.url }
    case 'refused':
      return { state: 'refused', detail: sent.detail }
    case 'later':
      if (sent.retryAfterMs === null) return tryLater(before, sent.detail, tried)
      return comeBack(before, sent.detail, sent.retryAfterMs, tried, at)
    case 'unknown':
      return tryLater('unknown', sent.detail, tried)
  }
}

/**
 * What the streams can tell of a deletion. `sure`: one that carries our account has missed nothing since before the
 * reply could first go out, and has told everything until after it was seen to be absent. `awaited`: one may still
 * become sure. `none`: no stream can ever tell.
 */
export type News = { word: 'sure' | 'awaited' | 'none'; absentForMs: number | null; graceMs: number }

/**
 * What a search for an earlier attempt means; 'send' when it never arrived and may go out again.
 *
 * "Not there" may also mean that its owner deleted it. A repository keeps no trace of that, so only a stream that was
 * heard all the time can tell the two apart; where there is none, a person has to look.
 */
export function afterFinding(found: Found, url: string | null, tried: Tried, news: News): Next | 'send' {
  switch (found.outcome) {
    case 'there':
      return { state: 'sent', cid: found.cid, url }
    case 'absent':
      return afterAbsence(news)
    case 'deleted-by-owner':
      return { state: 'deleted-by-owner', detail: null }
    case 'unreachable':
      return tryLater('unknown', 'unreachable', tried)
  }
}

function afterAbsence({ word, absentForMs, graceMs }: News): Next | 'send' {
  // Soon at first, as most streams are back within seconds; a look is cheap, and later they are few.
  const waitMs = Math.max(graceMs * 0.3, Math.min((absentForMs ?? 0) / 4, minute))
  const again: Next = { state: 'unknown', detail: notThereYet, waitMs, counts: false }
  if (absentForMs === null) return again
  if (word === 'sure') return 'send'
  const isHopeless = word === 'none' && absentForMs >= graceMs / 2
  if (isHopeless || absentForMs > silenceMs) return { state: 'needs-person', detail: 'nobody-can-tell' }
  return again
}

export const notThereYet = 'not-there-yet'

function tryLater(state: 'queued' | 'unknown', detail: string, tried: Tried): Next {
  const waitMs = waits[tried.attempts - 1]
  if (tried.attempts >= waits.length || waitMs === undefined) return { state: 'needs-person', detail }
  return { state, detail, waitMs, counts: true }
}

function comeBack(
  state: 'queued' | 'unknown',
  detail: string,
  retryAfterMs: number,
  tried: Tried,
  at: Date,
): Next {
  if (at.getTime() - tried.queuedAt.getTime() > patienceMs) return { state: 'needs-person', detail }
  return {
    state,
    detail,
    waitMs: Math.min(Math.max(retryAfterMs, 0), patienceMs),
    counts: false,
    named: true,
  }
}

/**
 * Waits are spread, so that what failed together does not come back together: ours by a quarter either way, one that
 * the network named by a little more and never less.
 */
export function spread({ waitMs, named }: { waitMs: number; named?: boolean }, chance: number): number {
  if (named) return Math.ceil(waitMs + chance * Math.min(waitMs / 4, 5 * second))
  return Math.round(waitMs * (0.75 + chance / 2))
}

/**
 * A refused reply certainly never went out; one that needs a person may have, so it is looked up first.
 * Null for what is on its way or done.
 */
export function afterDeciding(
  was: ReplyState,
  decision: 'again' | 'give-up',
): 'undone' | 'queued' | 'unknown' | null {
  if (was !== 'refused' && was !== 'needs-person') return null
  if (decision === 'give-up') return 'undone'
  return was === 'refused' ? 'queued' : 'unknown'
}

export function viewOf(reply: Reply): ReplyView {
  return {
    replyId: reply.replyId,
    channelId: reply.channelId,
    byAgentId: reply.byAgentId,
    purpose: reply.purpose,
    text: reply.text,
    uri: reply.frozenUri,
    state: reply.state,
    detail: reply.detail,
    sendAfter: reply.sendAfter.toISOString(),
    queuedAt: reply.queuedAt.toISOString(),
    sentAt: reply.sentAt?.toISOString() ?? null,
    url: reply.url,
    shown: reply.shown,
    shownReason: reply.shownReason,
  }
}
