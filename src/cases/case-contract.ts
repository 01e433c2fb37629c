/**
 * Routes for cases: the queue, one case whole, and what agents do to it.
 *
 * No reach anywhere (P3): no field here holds followers, badges or ticks, and none may be added.
 */
import { z } from 'zod'
import { atMost, Done, defineRoute, Id, nameShapes, Page, Time, WithId } from '../base/contract.ts'
import { FileView } from './file-contract.ts'

export const outcomes = ['solved', 'declined', 'no-answer-needed', 'gave-up'] as const
export const noAnswerReasons = [
  'no-question', 'duplicate', 'joke', 'spam', 'not-about-us', 'deleted-by-author', 'answered-elsewhere', 'abusive',
] as const // biome-ignore format: a list to read

const Reason = z.object({ rule: z.string(), words: z.array(z.string()) })
const TriageView = z.object({
  language: z.string(),
  kind: z.enum(['complaint', 'question', 'praise', 'suggestion', 'chatter', 'spam', 'unsure']),
  kindReasons: z.array(Reason),
  urgency: z.number().int().min(0).max(3),
  urgencyReasons: z.array(Reason),
  needsAnswer: z.enum(['yes', 'no', 'unsure']),
})

export const AuthorView = z.object({
  authorId: Id,
  handle: z.string().nullable(),
  displayName: z.string().nullable(),
  status: z.enum(['active', 'deactivated', 'suspended', 'takendown', 'deleted']),
  mutedReason: z.enum(['spam', 'muted']).nullable(),
  profileUrl: z.string().nullable(),
})

/** One row of the list. It is what the live stream carries too. */
export const Card = z.object({
  caseId: Id,
  number: z.number(),
  version: z.number(),
  /** `api`: handed in through POST /api/cases. It cannot be answered in public from here. */
  network: z.enum(['bluesky', 'rehearsal', 'api']),
  status: z.enum(['new', 'open', 'waiting', 'closed']),
  author: AuthorView,
  assigneeId: Id.nullable(),
  channelId: Id.nullable(),
  teamId: Id.nullable(),
  /** The newest words of the customer; null when they were deleted there. */
  excerpt: z.string().nullable(),
  kind: TriageView.shape.kind,
  urgency: TriageView.shape.urgency,
  language: z.string(),
  openedAt: Time,
  lastSaidAt: Time,
  unansweredSince: Time.nullable(),
  answerDueAt: Time.nullable(),
  firstAnsweredAt: Time.nullable(),
  customerPosts: z.number(),
  /** A reply that is on its way or in trouble, so that the list tells the truth about delivery. */
  replyTrouble: z.enum(['awaiting-approval', 'refused', 'unknown', 'needs-person', 'hidden']).nullable(),
  outcome: z.enum(outcomes).nullable(),
  outcomeBy: z.enum(['customer', 'us']).nullable(),
  outcomeReason: z.string().nullable(),
  closedAt: Time.nullable(),
})
export type Card = z.output<typeof Card>

const FacetView = z.object({
  byteStart: z.number(),
  byteEnd: z.number(),
  kind: z.enum(['mention', 'link', 'tag']),
  value: z.string(),
})
export const PostView = z.object({
  postId: Id.nullable(),
  uri: z.string(),
  parentUri: z.string().nullable(),
  author: z.object({
    accountId: z.string(),
    handle: z.string().nullable(),
    displayName: z.string().nullable(),
  }),
  voice: z.enum(['customer', 'us', 'other']),
  /** Null when deleted there or hidden by its network: `gone` says which. */
  text: z.string().nullable(),
  gone: z.enum(['deleted', 'hidden']).nullable(),
  facets: z.array(FacetView),
  images: z.array(
    z.object({
      src: z.string(),
      alt: z.string(),
      width: z.number().nullable(),
      height: z.number().nullable(),
    }),
  ),
  link: z.object({ url: z.string(), title: z.string(), description: z.string() }).nullable(),
  quoteUri: z.string().nullable(),
  other: z.string().nullable(),
  saidAt: Time,
  editedAt: Time.nullable(),
  url: z.string().nullable(),
})
export type PostView = z.output<typeof PostView>

export const ReplyView = z.object({
  replyId: Id,
  channelId: Id,
  byAgentId: Id,
  purpose: z.enum(['answer', 'public-ending']),
  text: z.string(),
  uri: z.string(),
  state: z.enum([
    'awaiting-approval',
    'queued',
    'sending',
    'sent',
    'refused',
    'unknown',
    'needs-person',
    'undone',
    'deleted-by-owner',
  ]),
  detail: z.string().nullable(),
  sendAfter: Time,
  queuedAt: Time,
  sentAt: Time.nullable(),
  url: z.string().nullable(),
  shown: z.enum(['unchecked', 'shown', 'hidden', 'unknown']),
  shownReason: z.string().nullable(),
})
export type ReplyView = z.output<typeof ReplyView>

const OtherCase = z.object({
  caseId: Id,
  number: z.number(),
  status: Card.shape.status,
  openedAt: Time,
  outcome: Card.shape.outcome,
  excerpt: z.string().nullable(),
})
export const CaseView = z.object({
  card: Card,
  triage: TriageView,
  /** Why it came to us: the watches it matched (by name) or the rule of the thread. */
  matchedBy: atMost(
    50,
    z.object({
      rule: z.enum(['watch', 'own-case', 'reply-to-us', 'addresses-us', 'handed-in', 'imported']),
      name: z.string().nullable(),
    }),
  ),
  posts: atMost(700, PostView),
  replies: atMost(200, ReplyView),
  notes: atMost(200, z.object({ noteId: Id, byAgentId: Id, text: z.string(), writtenAt: Time })),
  files: z.array(FileView),
  events: atMost(
    500,
    z.object({
      eventId: Id,
      type: z.string(),
      detail: z.record(z.string(), z.unknown()),
      byAgentId: Id.nullable(),
      at: Time,
    }),
  ),
  /** Earlier and parallel cases of the same author, newest first, at most 20. */
  otherCases: atMost(20, OtherCase),
})
export type CaseView = z.output<typeof CaseView>

nameShapes({ Triage: TriageView, Author: AuthorView, Card, Post: PostView, Reply: ReplyView, Case: CaseView })

export const listViews = ['queue', 'mine', 'answered', 'closed'] as const

export const caseRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/api/cases',
    needs: 'cases.read',
    summary: 'Cases in the order of a view. The queue: first answer due, then waiting time; never reach.',
    query: z.object({ view: z.enum(listViews).default('queue'), ...Page }),
    response: z.object({
      cards: z.array(Card),
      next: z.string().nullable(),
      /** Nothing is counted beyond 1,000. */
      counts: z.object({ queue: z.number(), mine: z.number(), answered: z.number(), closed: z.number() }),
    }),
  }),
  open: defineRoute({
    method: 'GET',
    path: '/api/cases/:id',
    needs: 'cases.read',
    summary: 'One case whole: posts, replies, notes and history.',
    params: WithId,
    response: CaseView,
  }),
  thread: defineRoute({
    method: 'GET',
    path: '/api/cases/:id/thread',
    needs: 'cases.read',
    summary:
      'The whole thread as the network shows it now, other voices included: fetched for display, never stored.',
    params: WithId,
    response: z.object({ posts: z.array(PostView), complete: z.boolean(), detail: z.string().nullable() }),
  }),
  quote: defineRoute({
    method: 'GET',
    path: '/api/posts/:id/quote',
    needs: 'cases.read',
    summary:
      'The post that a stored post quotes, as its network shows it now: fetched for display, never stored.',
    params: WithId,
    /** Null when it is gone, or when nobody could be asked. */
    response: z.object({ post: PostView.nullable(), url: z.string().nullable() }),
  }),
  assign: defineRoute({
    method: 'PUT',
    path: '/api/cases/:id/assignee',
    needs: 'cases.work',
    act: 'case.assigned',
    summary:
      'Takes a case, hands it over, or puts it back (null). `version` guards against a race of two agents.',
    params: WithId,
    body: z.strictObject({ agentId: Id.nullable(), version: z.number().int() }),
    response: Card,
  }),
  giveToTeam: defineRoute({
    method: 'PUT',
    path: '/api/cases/:id/team',
    needs: 'cases.work',
    act: 'case.team-changed',
    summary:
      'Gives a case to a team, or to everybody (null). It leaves its assignee who is not in that team.',
    params: WithId,
    body: z.strictObject({ teamId: Id.nullable(), version: z.number().int() }),
    response: Card,
  }),
  close: defineRoute({
    method: 'PUT',
    path: '/api/cases/:id/closure',
    needs: 'cases.work',
    act: 'case.closed',
    summary: 'Closes a case with an outcome and, where it needs one, a reason.',
    params: WithId,
    body: z.strictObject({
      outcome: z.enum(outcomes),
      outcomeBy: z.enum(['customer', 'us']).default('us'),
      reason: z.string().trim().max(500).nullable().default(null),
    }),
    response: Card,
  }),
  reopen: defineRoute({
    method: 'DELETE',
    path: '/api/cases/:id/closure',
    needs: 'cases.work',
    act: 'case.reopened',
    summary: 'Reopens a closed case.',
    params: WithId,
    response: Card,
  }),
  addNote: defineRoute({
    method: 'POST',
    path: '/api/cases/:id/notes',
    needs: 'cases.work',
    act: 'note.written',
    summary:
      'Writes an internal note. It never leaves the house. `noteId` is chosen by the caller: the same id twice is one note.',
    params: WithId,
    body: z.strictObject({ noteId: Id, text: z.string().trim().min(1).max(10_000) }),
    response: z.object({ noteId: Id }),
  }),
  mute: defineRoute({
    method: 'PUT',
    path: '/api/authors/:id/mute',
    needs: 'people.mute',
    act: 'author.muted',
    summary: 'Mutes an author: later posts open no case. `spam` also closes their open cases as spam.',
    params: WithId,
    body: z.strictObject({ reason: z.enum(['spam', 'muted']) }),
    response: Done,
  }),
  unmute: defineRoute({
    method: 'DELETE',
    path: '/api/authors/:id/mute',
    needs: 'people.mute',
    act: 'author.unmuted',
    summary: 'Hears an author again.',
    params: WithId,
    response: Done,
  }),
}

export const liveRoute = defineRoute({
  method: 'GET',
  path: '/api/events',
  needs: 'cases.read',
  summary:
    'Server-Sent Events: `hello`, then `card` (a Card), `gone` ({caseId}: it went to a team that you do not see), `stale` ({what}), `presence` ({caseId, others}: who else has the case open that you have) and `lagged` (ask for everything anew); `ping` every 15 s.',
  media: 'text/event-stream',
  response: z.unknown().describe('an event stream'),
})
