/** Routes for replies that wait for a second person. */
import { z } from 'zod'
import { defineRoute, Id, nameShapes, Page, Time, WithId } from '../base/contract.ts'
import { ReplyView } from '../cases/case-views.ts'

export const ApprovalRow = z.object({
  replyId: Id,
  caseId: Id,
  caseNumber: z.number(),
  channelId: Id,
  byAgentId: Id,
  purpose: ReplyView.shape.purpose,
  text: z.string(),
  askedAt: Time,
  /** Whom it answers, by when, in which team. */
  authorName: z.string().nullable(),
  answerDueAt: Time.nullable(),
  teamId: Id.nullable(),
  /** What the customer said last, as far as it can be seen. */
  excerpt: z.string().nullable(),
})
export type ApprovalRow = z.output<typeof ApprovalRow>
nameShapes({ Approval: ApprovalRow })

export const approvalRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/api/approvals',
    needs: 'replies.approve',
    summary: 'Replies that wait for a second person, the longest waiting first.',
    query: z.object({ ...Page, after: Id.optional() }),
    response: z.object({ rows: z.array(ApprovalRow), next: z.string().nullable(), count: z.number() }),
  }),
  decide: defineRoute({
    method: 'PUT',
    path: '/api/approvals/:id',
    needs: 'replies.approve',
    act: 'approval.decided',
    summary:
      'Approves a reply, which queues it as its author wrote it, or returns it to them with a reason. Nobody decides on their own words.',
    params: WithId,
    body: z.strictObject({
      decision: z.enum(['approve', 'return']),
      reason: z.string().trim().max(500).nullable().default(null),
    }),
    response: ReplyView,
  }),
  withdraw: defineRoute({
    method: 'DELETE',
    path: '/api/approvals/:id',
    needs: 'replies.write',
    act: 'approval.withdrawn',
    summary: 'Takes back words of one’s own that nobody has decided on yet; they return to the draft.',
    params: WithId,
    response: ReplyView,
  }),
}
