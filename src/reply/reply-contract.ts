/** Routes for answering: draft, gate, queue, undo, and what to do with a reply in trouble. */
import { z } from 'zod'
import { defineRoute, Id, Time, WithId } from '../base/contract.ts'
import { ReplyView } from '../cases/case-views.ts'

/** 50,000 characters may be ten times as many code units; what fits a network is checked on sending. */
const Draft = z.object({ text: z.string().max(500_000), channelId: Id.nullable() })

export const replyRoutes = {
  draft: defineRoute({
    method: 'GET',
    path: '/api/cases/:id/draft',
    needs: 'replies.write',
    summary: "The agent's own unsent words for this case.",
    params: WithId,
    response: Draft.extend({ savedAt: Time.nullable() }),
  }),
  saveDraft: defineRoute({
    method: 'PUT',
    path: '/api/cases/:id/draft',
    needs: 'replies.write',
    act: false,
    summary: 'Saves the draft; an empty text removes it.',
    params: WithId,
    body: z.strictObject(Draft.shape),
    response: z.object({ savedAt: Time }),
  }),
  gate: defineRoute({
    method: 'GET',
    path: '/api/cases/:id/gate',
    needs: 'replies.write',
    summary: 'Asks the network whether this thread accepts a reply from this channel.',
    params: WithId,
    query: z.object({ channelId: Id }),
    response: z.object({
      outcome: z.enum(['open', 'shut', 'unknown']),
      why: z.string().nullable(),
      detail: z.string().nullable(),
    }),
  }),
  send: defineRoute({
    method: 'POST',
    path: '/api/cases/:id/replies',
    needs: 'replies.write',
    act: 'reply.queued',
    summary: 'Queues a reply. `replyId` is chosen by the caller: the same id twice is one reply.',
    params: WithId,
    body: z.strictObject({
      replyId: Id,
      channelId: Id,
      text: z.string().max(500_000),
      purpose: z.enum(['answer', 'public-ending']).default('answer'),
    }),
    response: ReplyView,
  }),
  undo: defineRoute({
    method: 'DELETE',
    path: '/api/replies/:id',
    needs: 'replies.write',
    act: 'reply.undone',
    summary: 'Takes a reply back inside the undo window; its words return to the draft.',
    params: WithId,
    response: ReplyView,
  }),
  decide: defineRoute({
    method: 'PUT',
    path: '/api/replies/:id/decision',
    needs: 'replies.write',
    act: 'reply.decided',
    summary:
      'For a refused reply or one that needs a person: try the same frozen reply again, or give it up.',
    params: WithId,
    body: z.strictObject({ decision: z.enum(['again', 'give-up']) }),
    response: ReplyView,
  }),
}
