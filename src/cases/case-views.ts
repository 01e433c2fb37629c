/**
 * A case as it is shown: the card of the list, and the case whole with its posts, replies and notes.
 *
 * In:  what the queries found.
 * Out: the shapes that routes answer, the live stream carries and the screens read.
 * No reach anywhere (P3): no field here holds followers, badges or ticks, and none may be added.
 */
import { z } from 'zod'
import { atMost, Id, nameShapes, Time } from '../base/contract.ts'
import { mostFilesOfCase } from './file.ts'
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
  replyTrouble: z
    .enum(['awaiting-approval', 'returned', 'refused', 'unknown', 'needs-person', 'hidden'])
    .nullable(),
  outcome: z.enum(outcomes).nullable(),
  outcomeBy: z.enum(['customer', 'us']).nullable(),
  outcomeReason: z.string().nullable(),
  closedAt: Time.nullable(),
})
export type Card = z.output<typeof Card>

/** What is kept of a case and what others said beside it; and what a network may add to it when it is asked. */
export const mostPosts = { ofCase: 500, ofOthers: 200, fetched: 1_000 }

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
  posts: atMost(mostPosts.ofCase + mostPosts.ofOthers, PostView),
  replies: atMost(200, ReplyView),
  notes: atMost(200, z.object({ noteId: Id, byAgentId: Id, text: z.string(), writtenAt: Time })),
  files: atMost(mostFilesOfCase, FileView),
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
