/** Deciding on replies that wait for a second person. */
import type { Tx } from '../base/db.ts'
import { Refusal, refuseIf } from '../base/refusal.ts'
import { excerptOf } from '../cases/card.ts'
import type { ReplyView } from '../cases/case-views.ts'
import type { Mount } from '../staff/mount.ts'
import { whyNotThere } from '../staff/permissions.ts'
import {
  type Approval,
  countWaiting,
  decideApproval,
  findApproval,
  findApprovalRule,
  findWaiting,
  lockApproval,
} from './approval.sql.ts'
import { whyNotApprove } from './approval.ts'
import { approvalRoutes as contract } from './approval-contract.ts'
import { restoreDraft } from './draft.sql.ts'
import { type AskTools, prepareReply } from './queue-reply.jobs.ts'
import { addReplyEvent } from './reply.sql.ts'
import { viewOf } from './reply.ts'

export function approvalRoutes(mount: Mount, tools: AskTools): void {
  mount(contract.list, ({ run, query }) =>
    run(async (tx) => {
      const found = await findWaiting(tx, query)
      const shown = found.slice(0, query.limit)
      const rows = shown.map(({ askedAt, answerDueAt, excerpt, decision: _, ...row }) => ({
        ...row,
        askedAt: askedAt.toISOString(),
        answerDueAt: answerDueAt?.toISOString() ?? null,
        excerpt: excerpt === null ? null : excerptOf(excerpt),
      }))
      const next = found.length > query.limit ? (shown.at(-1)?.replyId ?? null) : null
      return { rows, next, count: await countWaiting(tx) }
    }),
  )

  mount(contract.decide, async ({ agent, params, body, run, change, now }) => {
    const asked = await run((tx) => findApproval(tx, params.id))
    if (!asked) throw new Refusal('not-found')
    refuseIf(whyNotApprove(asked, agent))
    if (asked.decision) throw new Refusal('changed-meanwhile')
    if (body.decision === 'return' && !body.reason) throw new Refusal('return-needs-reason')
    // As its author wrote it, and as the network stands now: nothing is frozen while it waits.
    const queue = body.decision === 'approve' ? await prepareReply(tools, run, asked, now) : null
    return change(async (tx, tell) => {
      const still = await lockWaiting(tx, params.id)
      const { channelTeamId } = await findApprovalRule(tx, still)
      if (queue) refuseIf(whyNotThere(agent, { teamId: channelTeamId }))
      const decision = queue ? 'approved' : 'returned'
      await decideApproval(tx, params.id, { decision, by: agent.agentId, at: now() })
      tell({ content: { decision, caseId: still.caseId, ofAgentId: still.byAgentId } })
      const type = queue ? 'approval-given' : 'approval-returned'
      await addReplyEvent(tx, still, { type, reason: body.reason }, agent.agentId, now())
      if (queue) return viewOf(await queue(tx))
      await giveBack(tx, still, now())
      return viewOfApproval(still)
    })
  })

  mount(contract.withdraw, ({ agent, params, change, now }) =>
    change(async (tx, tell) => {
      const waiting = await lockWaiting(tx, params.id)
      tell({ content: { caseId: waiting.caseId } })
      if (waiting.byAgentId !== agent.agentId) throw new Refusal('not-allowed', 'these are another’s words')
      await decideApproval(tx, params.id, { decision: 'withdrawn', by: agent.agentId, at: now() })
      await addReplyEvent(tx, waiting, { type: 'approval-withdrawn' }, agent.agentId, now())
      await giveBack(tx, waiting, now())
      return viewOfApproval(waiting)
    }),
  )
}

async function lockWaiting(tx: Tx, replyId: string): Promise<Approval> {
  const found = await lockApproval(tx, replyId)
  if (!found) throw new Refusal('not-found')
  if (found.decision) throw new Refusal('changed-meanwhile')
  return found
}

async function giveBack(tx: Tx, it: Approval, savedAt: Date): Promise<void> {
  if (it.purpose !== 'answer') return
  await restoreDraft(tx, {
    caseId: it.caseId,
    agentId: it.byAgentId,
    text: it.text,
    channelId: it.channelId,
    savedAt,
  })
}

/** A reply in every respect but one: it is not in the outbox. */
export function viewOfApproval(it: Approval): ReplyView {
  const askedAt = it.askedAt.toISOString()
  return {
    replyId: it.replyId,
    channelId: it.channelId,
    byAgentId: it.byAgentId,
    purpose: it.purpose,
    text: it.text,
    uri: '',
    state: 'awaiting-approval',
    detail: null,
    sendAfter: askedAt,
    queuedAt: askedAt,
    sentAt: null,
    url: null,
    shown: 'unchecked',
    shownReason: null,
  }
}
