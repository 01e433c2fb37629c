/** Answering: drafts, asking the network beforehand, the outbox, undo and second chances. */
import type { Now } from '../base/clock.ts'
import type { Tx } from '../base/db.ts'
import { Refusal, refuseIf } from '../base/refusal.ts'
import { changeCase, findCase } from '../cases/case.sql.ts'
import { assignCase } from '../cases/case-assigning.ts'
import type { ReplyView } from '../cases/case-views.ts'
import type { Agent } from '../staff/agent.ts'
import type { Mount } from '../staff/mount.ts'
import { whyNotThere } from '../staff/permissions.ts'
import { approvalRoutes, viewOfApproval } from './approval.routes.ts'
import { type Approval, findApproval, findApprovalRule, insertApproval } from './approval.sql.ts'
import { needsApproval } from './approval.ts'
import { deleteDraft, findDraft, isChannelHere, restoreDraft, saveDraft } from './draft.sql.ts'
import { cleanText, keepable } from './length.ts'
import { type AskTools, askGate, prepareReply } from './queue-reply.jobs.ts'
import { enqueueReply, wakeNext } from './reply.jobs.ts'
import { addReplyEvent, findReply, lockReply, restartReply, undoReply } from './reply.sql.ts'
import { afterDeciding, type Reply, viewOf } from './reply.ts'
import { replyRoutes as contract } from './reply-contract.ts'

/** Approvals too. */
export function replyRoutes(mount: Mount, tools: AskTools): void {
  approvalRoutes(mount, tools)

  mount(contract.draft, async ({ agent, params, run }) => {
    const draft = await run(async (tx) => {
      if (!(await findCase(tx, params.id))) throw new Refusal('not-found')
      return findDraft(tx, { caseId: params.id, agentId: agent.agentId })
    })
    if (!draft) return { text: '', channelId: null, savedAt: null }
    return { ...draft, savedAt: draft.savedAt.toISOString() }
  })

  mount(contract.saveDraft, async ({ agent, params, body, change, now }) => {
    const key = { caseId: params.id, agentId: agent.agentId }
    const savedAt = now()
    const answer = { savedAt: savedAt.toISOString() }
    return change(async (tx) => {
      if (!(await findCase(tx, params.id))) throw new Refusal('not-found')
      if (body.text === '') {
        await deleteDraft(tx, key)
        return answer
      }
      const isOurs = body.channelId === null || (await isChannelHere(tx, body.channelId))
      if (!isOurs) throw new Refusal('channel-unknown')
      await saveDraft(tx, { ...key, text: keepable(body.text), channelId: body.channelId, savedAt })
      return answer
    })
  })

  mount(contract.gate, async ({ params, query, run, now }) => {
    const gate = await askGate(tools, run, { caseId: params.id, channelId: query.channelId }, now)
    return { outcome: gate.outcome, why: 'why' in gate ? gate.why : null, detail: detailOf(gate) }
  })

  mount(contract.send, async ({ agent, params, body, run, change, now }) => {
    const wanted = { ...body, caseId: params.id, byAgentId: agent.agentId }
    const asked = { ...wanted, text: cleanText(wanted.text), askedAt: now(), decision: null }
    // Asked of the network either way: what would be refused is said to its author, not to their second person.
    const queue = await prepareReply(tools, run, wanted, now)
    return change(async (tx, tell) => {
      // Only now: the network may have taken its time, and whoever decides such things theirs.
      const waits = await mustWait(tx, asked, agent)
      tell({ content: { replyId: body.replyId, channelId: body.channelId, waits } })
      if (!waits) return viewOf(await queue(tx))
      await takeUnlessTaken(tx, params.id, agent.agentId, now())
      return askApproval(tx, asked)
    })
  })

  mount(contract.undo, async ({ agent, params, change, now }) =>
    change(async (tx) => {
      const undone = await undoReply(tx, params.id)
      if (undone) {
        await takeBack(tx, undone, now)
        await addReplyEvent(tx, undone, { type: 'reply-undone' }, agent.agentId, now())
        return viewOf(undone)
      }
      const reply = await findReply(tx, params.id)
      if (!reply) throw new Refusal('not-found')
      // A second press on "undo" finds it undone.
      if (reply.state !== 'undone') throw new Refusal('reply-not-undoable')
      return viewOf(reply)
    }),
  )

  mount(contract.decide, async ({ agent, params, body, change, now }) =>
    change(async (tx, tell) => {
      tell({ content: { decision: body.decision } })
      const was = await lockReply(tx, params.id)
      if (!was) throw new Refusal('not-found')
      const state = afterDeciding(was.state, body.decision)
      if (!state) throw new Refusal('reply-not-repeatable')
      const reply = await restartReply(tx, params.id, state)
      if (state === 'undone') await takeBack(tx, reply, now)
      else await enqueueReply(tx, reply)
      const type = state === 'undone' ? 'reply-given-up' : 'reply-again'
      await addReplyEvent(tx, reply, { type }, agent.agentId, now())
      return viewOf(reply)
    }),
  )
}

/** The words return to their author, unless they have begun anew. */
async function takeBack(tx: Tx, reply: Reply, now: Now): Promise<void> {
  const { caseId, byAgentId: agentId, text, channelId } = reply
  await restoreDraft(tx, { caseId, agentId, text, channelId, savedAt: now() })
  await wakeNext(tx, reply)
}

async function mustWait(tx: Tx, asked: Approval, author: Agent): Promise<boolean> {
  if (await findReply(tx, asked.replyId)) return false
  const rule = await findApprovalRule(tx, asked)
  refuseIf(whyNotThere(author, { teamId: rule.channelTeamId }))
  return needsApproval(rule, author)
}

/** What comes back comes back to somebody: who asks has the case. */
async function takeUnlessTaken(tx: Tx, caseId: string, agentId: string, at: Date): Promise<void> {
  await changeCase(tx, caseId, (it) =>
    it.assigneeId === null && it.status !== 'closed'
      ? assignCase(it, { agentId, version: it.version }, agentId, at)
      : { next: it, events: [], at },
  )
}

/** The same id twice is one reply here too. */
async function askApproval(tx: Tx, asked: Approval): Promise<ReplyView> {
  if (await insertApproval(tx, asked)) {
    const { caseId, byAgentId: agentId } = asked
    if (asked.purpose === 'answer') await deleteDraft(tx, { caseId, agentId })
    await addReplyEvent(tx, asked, { type: 'approval-asked' }, agentId, asked.askedAt)
    return viewOfApproval(asked)
  }
  const known = await findApproval(tx, asked.replyId)
  const isSame = known?.text === asked.text && known.caseId === asked.caseId && known.decision === null
  if (!isSame) throw new Refusal('changed-meanwhile')
  return viewOfApproval(known)
}

const detailOf = (gate: object) => ('detail' in gate ? String(gate.detail) : null)
