/**
 * One reply in the outbox, and what follows from what the network said.
 *
 * In:  a frozen reply and the outcome of one attempt.
 * Out: its next state. States never lie: only an answer makes `sent` or `refused`; silence makes `unknown`, which is
 *      always looked up before anything is sent again. reply.sql.ts saves it under the lease.
 */
import type { ReplyView } from '../cases/case-contract.ts'
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
  /** `counts` is false when the network itself named the time to come back. */
  | { state: 'queued' | 'unknown'; detail: string; waitMs: number; counts: boolean }

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
/** Eight tries over about four hours; then a person is asked. */
const waits = [2 * second, 8 * second, 30 * second, 2 * minute, 8 * minute, 30 * minute, hour, 2 * hour]
const patienceMs = 24 * hour

/** `was` is the state before this attempt: what may have arrived once stays unknown until it is found or sent. */
export type Tried = Pick<Reply, 'attempts' | 'queuedAt'> & { was: ReplyState; wasDetail: string | null }

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
 * What a search for an earlier attempt means; 'send' when it never arrived and may go out again.
 *
 * "Not there" may also mean that its owner deleted it and the news has not reached us, because we or the stream were
 * away. So absence has to be seen twice, with time in between, by listeners that are up to date.
 */
export function afterFinding(
  found: Found,
  url: string | null,
  tried: Tried,
  news: { graceMs: number; isOld: boolean },
): Next | 'send' {
  switch (found.outcome) {
    case 'there':
      return { state: 'sent', cid: found.cid, url }
    case 'absent':
      if (tried.wasDetail === absent && !news.isOld) return 'send'
      return { state: 'unknown', detail: absent, waitMs: news.graceMs, counts: false }
    case 'deleted-by-owner':
      return { state: 'deleted-by-owner', detail: null }
    case 'unreachable':
      return tryLater('unknown', 'unreachable', tried)
  }
}

const absent = 'not-there-yet'

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
  return { state, detail, waitMs: Math.min(Math.max(retryAfterMs, 0), 6 * hour), counts: false }
}

/** Waits spread by a quarter either way, so that what failed together does not come back together. */
export function spread(waitMs: number, chance: number): number {
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
