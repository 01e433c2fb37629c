/**
 * A case: one author's matter in one thread, from the first mention to its outcome.
 *
 * In:  triaged posts, answers that went out, and what agents do (case-closing.ts, case-assigning.ts).
 * Out: the next case, and the events that say what changed.
 *
 * Nothing here reads a clock or a database; case.sql.ts saves both halves of a Change together. By itself a case
 * only ever becomes more urgent: lowering is for a person (P9).
 */
import type { Kind, Triage, Urgency } from '../triage/triage.ts'
import { dueAt, type Targets } from './case-clock.ts'
import type { Card } from './case-views.ts'

export type { Targets } from './case-clock.ts'
export type CaseStatus = Card['status']
export type Outcome = NonNullable<Card['outcome']>
export type OutcomeBy = NonNullable<Card['outcomeBy']>

export type Case = {
  workspaceId: string
  caseId: string
  /** 0 until the case is first saved: the workspace hands out its numbers then. */
  number: number
  network: Card['network']
  threadUri: string
  authorId: string
  channelId: string | null
  /** The team it belongs to; null is everybody's. */
  teamId: string | null
  status: CaseStatus
  assigneeId: string | null
  openedAt: Date
  /** When the customer began to wait; null once we spoke last. A case closed unanswered keeps it for reopening. */
  unansweredSince: Date | null
  answerDueAt: Date | null
  firstAnsweredAt: Date | null
  lastSaidAt: Date
  customerPosts: number
  kind: Kind
  urgency: Urgency
  language: string
  triage: Triage
  outcome: Outcome | null
  outcomeBy: OutcomeBy | null
  outcomeReason: string | null
  closedAt: Date | null
  closedBy: string | null
  /** Counts saves. 0 means not saved yet. */
  version: number
}

type Ending = Pick<Case, 'outcome' | 'outcomeBy' | 'outcomeReason'>
export type CaseEvent =
  | { type: 'opened'; postId: string | null }
  | { type: 'customer-wrote'; postId: string }
  | ({ type: 'reopened'; postId: string | null; by: string | null } & Ending)
  | { type: 'urgency-rose'; from: Urgency; to: Urgency }
  | { type: 'kind-known'; kind: Kind }
  | { type: 'answered'; replyId: string | null }
  | { type: 'team-changed'; from: string | null; to: string | null; by: string }
  | { type: 'assigned'; from: string | null; to: string | null; by: string | null }
  | { type: 'returned'; from: string; to: string | null; why: 'away' | 'suspended'; by: string | null }
  | ({ type: 'closed'; by: string | null } & Ending)

export type Change = { next: Case; events: CaseEvent[]; at: Date }

export type Opening = {
  caseId: string
  workspaceId: string
  network: Case['network']
  threadUri: string
  authorId: string
  channelId: string | null
  teamId?: string | null
  triage: Triage
  saidAt: Date
  targets: Targets
  /** For the history, when the caller knows it. */
  postId?: string
}

export function openCase(opening: Opening, at: Date): Change {
  const { targets, triage, postId, saidAt, teamId = null, ...given } = opening
  const since = waitingSince(saidAt, at)
  const next: Case = {
    ...given,
    teamId,
    number: 0,
    status: 'new',
    assigneeId: null,
    openedAt: at,
    unansweredSince: since,
    answerDueAt: dueAt(since, targets),
    firstAnsweredAt: null,
    lastSaidAt: since,
    customerPosts: 1,
    kind: triage.kind,
    urgency: triage.urgency,
    language: triage.language,
    triage,
    ...noEnding,
    version: 0,
  }
  return { next, events: [{ type: 'opened', postId: postId ?? null }], at }
}

export type HeardCustomer = { postId: string; saidAt: Date; triage: Triage }

export function hearCustomer(was: Case, heard: HeardCustomer, targets: Targets, at: Date): Change {
  const said = waitingSince(heard.saidAt, at)
  const reopens = was.status === 'closed'
  const already = reopens ? null : was.unansweredSince
  const since = already ?? said
  const learned = learn(was, heard.triage)
  const next: Case = {
    ...was,
    ...learned.next,
    ...noEnding,
    status: was.status === 'new' ? 'new' : 'open',
    unansweredSince: since,
    answerDueAt: (already && was.answerDueAt) ?? dueAt(since, targets),
    lastSaidAt: later(was.lastSaidAt, said),
    customerPosts: was.customerPosts + 1,
  }
  const wrote: CaseEvent = reopens
    ? { type: 'reopened', postId: heard.postId, by: null, ...endingOf(was) }
    : { type: 'customer-wrote', postId: heard.postId }
  return { next, events: [wrote, ...learned.events], at }
}

/**
 * They changed what they had said. More urgent words are as good as said anew: a case that was answered or closed comes
 * back for them. Anything else only teaches us what it is about.
 */
export function hearEdit(
  was: Case,
  edit: { postId: string; triage: Triage },
  targets: Targets,
  at: Date,
): Change {
  const learned = learn(was, edit.triage)
  const rises = learned.events.some((it) => it.type === 'urgency-rose')
  if (!rises) return { next: { ...was, ...learned.next }, events: learned.events, at }
  const heard = hearCustomer(was, { ...edit, saidAt: at }, targets, at)
  return { ...heard, next: { ...heard.next, customerPosts: was.customerPosts } }
}

/**
 * We spoke: the clock stops. Unless the customer has written since those words went out: then they still wait, and
 * the promise made before stands. `replyId` is null when we answered elsewhere.
 */
export function answerSent(
  was: Case,
  sent: { replyId: string | null; sentAt: Date },
  at = sent.sentAt,
): Change {
  const stillWaits = was.unansweredSince !== null && was.lastSaidAt > sent.sentAt
  const next: Case = {
    ...was,
    status: was.status === 'closed' ? 'closed' : stillWaits ? 'open' : 'waiting',
    unansweredSince: stillWaits ? was.lastSaidAt : null,
    answerDueAt: stillWaits ? was.answerDueAt : null,
    firstAnsweredAt: was.firstAnsweredAt ?? sent.sentAt,
    lastSaidAt: later(was.lastSaidAt, sent.sentAt),
  }
  return { next, events: [{ type: 'answered', replyId: sent.replyId }], at }
}

export const noEnding = {
  outcome: null,
  outcomeBy: null,
  outcomeReason: null,
  closedAt: null,
  closedBy: null,
} satisfies Partial<Case>

/** What a reopening would otherwise forget: it stays in the history. */
export function endingOf({ outcome, outcomeBy, outcomeReason }: Case): Ending {
  return { outcome, outcomeBy, outcomeReason }
}

/** Urgency only rises, an unsure kind may become known; everything else is for a person. */
function learn(was: Case, heard: Triage): { next: Partial<Case>; events: CaseEvent[] } {
  const rises = heard.urgency > was.urgency
  const isKnown = was.kind === 'unsure' && heard.kind !== 'unsure'
  const urgency = rises ? heard.urgency : was.urgency
  const kind = isKnown ? heard.kind : was.kind
  const language = was.language === 'und' ? heard.language : was.language
  const triage: Triage = {
    language,
    kind,
    kindReasons: isKnown ? heard.kindReasons : was.triage.kindReasons,
    urgency,
    urgencyReasons: rises ? heard.urgencyReasons : was.triage.urgencyReasons,
    needsAnswer: moreNeed(was.triage.needsAnswer, heard.needsAnswer),
  }
  const events: CaseEvent[] = []
  if (rises) events.push({ type: 'urgency-rose', from: was.urgency, to: urgency })
  if (isKnown) events.push({ type: 'kind-known', kind })
  return { next: { urgency, kind, language, triage }, events }
}

function moreNeed(a: Triage['needsAnswer'], b: Triage['needsAnswer']): Triage['needsAnswer'] {
  if (a === 'yes' || b === 'yes') return 'yes'
  return a === 'unsure' || b === 'unsure' ? 'unsure' : 'no'
}

/** As far back as a network hands out what we missed while we were away. */
const longestBacklogMs = 72 * 3_600_000

/**
 * When a post was said is its author's own claim. A date to come would never be answered, and one long past would
 * buy the front of the queue.
 */
function waitingSince(saidAt: Date, at: Date): Date {
  const earliest = at.getTime() - longestBacklogMs
  return new Date(Math.min(Math.max(saidAt.getTime(), earliest), at.getTime()))
}

const later = (a: Date, b: Date) => (a > b ? a : b)
