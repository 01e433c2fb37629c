/** Routes for cases: the queue, one case whole, and what agents do to it. */
import { z } from 'zod'
import { atMost, Done, defineRoute, Id, Page, WithId } from '../base/contract.ts'
import { Card, CaseView, mostPosts, outcomes, PostView } from './case-views.ts'

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
    response: z.object({
      posts: atMost(mostPosts.ofCase + mostPosts.ofOthers + mostPosts.fetched, PostView),
      complete: z.boolean(),
      detail: z.string().nullable(),
    }),
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
