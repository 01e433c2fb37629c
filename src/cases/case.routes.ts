/** Cases over HTTP: the lists, one case whole, and what agents do to it. */

import type { Now } from '../base/clock.ts'
import type { Tx } from '../base/db.ts'
import type { Outside } from '../base/outside.ts'
import { Refusal, refuseIf } from '../base/refusal.ts'
import type { MasterKey } from '../base/secret.ts'
import type { Connectors } from '../connectors/connector.ts'
import { keepCaseLooks } from '../people/look.jobs.ts'
import { lockWorker } from '../staff/capacity.sql.ts'
import type { Mount } from '../staff/mount.ts'
import { isInTeamOf, isTeamHere, teamAsksApproval } from '../staff/staff.sql.ts'
import { keepWords } from '../triage/keep-words.ts'
import { countViews, findCards, findPage } from './card.sql.ts'
import { urlsOf } from './card.ts'
import { changeCase, findCase, findOpenCasesOfAuthor } from './case.sql.ts'
import { assignCase, whyNotHand } from './case-assigning.ts'
import { closeCase, reopenCase } from './case-closing.ts'
import { caseRoutes as routes } from './case-contract.ts'
import { giveToTeam } from './case-team.ts'
import * as view from './case-view.sql.ts'
import type { Card, CaseView } from './case-views.ts'
import { fileRoutes } from './file.routes.ts'
import { findFiles } from './file.sql.ts'
import { imageRoutes } from './image.routes.ts'
import { viewStored } from './post-view.ts'
import { quoteRoutes } from './quote.routes.ts'
import { threadRoutes } from './thread.routes.ts'

type Tools = { connectors: Connectors; outside: Outside; master: MasterKey; now: Now }

/** All of them: threads, images and files too. */
export function caseRoutes(mount: Mount, tools: Tools): void {
  const { connectors } = tools
  threadRoutes(mount, tools)
  quoteRoutes(mount, tools)
  imageRoutes(mount, tools)
  fileRoutes(mount)

  async function findCard(tx: Tx, caseId: string): Promise<Card> {
    const [card] = await findCards(tx, [caseId], connectors)
    if (!card) throw new Refusal('not-found')
    return card
  }

  async function findWholeCase(tx: Tx, caseId: string): Promise<CaseView> {
    const it = await findCase(tx, caseId)
    if (!it) throw new Refusal('not-found')
    const posts = await view.findPosts(tx, it)
    return {
      card: await findCard(tx, caseId),
      // Words of an account that is hidden for now are kept for its return, and shown to nobody meanwhile.
      triage: keepWords(it.triage, await view.findVisibleTexts(tx, caseId)),
      matchedBy: await view.findMatchedBy(tx, caseId),
      posts: posts.map((post) => viewStored(post, urlsOf(connectors, it.network))),
      replies: await view.findReplies(tx, caseId),
      notes: await view.findNotes(tx, caseId),
      files: await findFiles(tx, caseId),
      events: await view.findEvents(tx, caseId),
      otherCases: await view.findOtherCases(tx, it),
    }
  }

  mount(routes.list, ({ run, agent, query }) =>
    run(async (tx) => {
      const page = await findPage(tx, { ...query, ...agent })
      return {
        cards: await findCards(tx, page.caseIds, connectors),
        next: page.next,
        counts: await countViews(tx, agent),
      }
    }),
  )

  mount(routes.open, ({ run, agent, now, params }) =>
    run(async (tx) => {
      const whole = await findWholeCase(tx, params.id)
      await keepCaseLooks(tx, agent, [params.id], now())
      return whole
    }),
  )

  mount(routes.assign, ({ change, agent, now, params, body }) =>
    change(async (tx, tell) => {
      const to = body.agentId && (await lockWorker(tx, body.agentId, now()))
      if (to === null && body.agentId) throw new Refusal('not-found')
      await changeCase(tx, params.id, (it) => {
        const assigned = assignCase(it, body, agent.agentId, now())
        refuseIf(whyNotHand(it, to || null, agent))
        tell({ content: { from: it.assigneeId, to: body.agentId } })
        return assigned
      })
      return findCard(tx, params.id)
    }),
  )

  mount(routes.giveToTeam, ({ change, agent, now, params, body }) =>
    change(async (tx, tell) => {
      if (body.teamId && !(await isTeamHere(tx, body.teamId))) throw new Refusal('not-found')
      const it = await findCase(tx, params.id)
      // Held: they do not leave that team at the same moment.
      if (it?.assigneeId) await lockWorker(tx, it.assigneeId, now())
      const isInTeam = !!it?.assigneeId && !!body.teamId && (await isInTeamOf(tx, body.teamId, it.assigneeId))
      const asks = (teamId: string | null | undefined) => teamId != null && teamAsksApproval(tx, teamId)
      const leavesApproval = (await asks(it?.teamId)) && !(await asks(body.teamId))
      await changeCase(tx, params.id, (was) => {
        const isAssigneeInTeam = isInTeam && was.assigneeId === it?.assigneeId
        return giveToTeam(was, body, agent, { isAssigneeInTeam, leavesApproval }, now())
      })
      tell({ content: { teamId: body.teamId } })
      return findCard(tx, params.id)
    }),
  )

  // Closing makes a closure: PUT it to close, DELETE it to reopen.
  mount(routes.close, ({ change, agent, now, params, body }) =>
    change(async (tx, tell) => {
      tell({ content: { outcome: body.outcome } })
      await changeCase(tx, params.id, (it) => closeCase(it, body, agent.agentId, now()))
      return findCard(tx, params.id)
    }),
  )

  mount(routes.reopen, ({ change, agent, now, params }) =>
    change(async (tx) => {
      await changeCase(tx, params.id, (it) => reopenCase(it, agent.agentId, now()))
      return findCard(tx, params.id)
    }),
  )

  mount(routes.addNote, ({ change, agent, params, body }) =>
    change(async (tx) => {
      const note = { ...body, caseId: params.id, byAgentId: agent.agentId }
      if (!(await findCase(tx, params.id))) throw new Refusal('not-found')
      if (!(await view.addNote(tx, note))) throw new Refusal('changed-meanwhile', 'another note of this id')
      return { noteId: note.noteId }
    }),
  )

  mount(routes.mute, ({ change, agent, now, params, body }) =>
    change(async (tx) => {
      const mute = { reason: body.reason, byAgentId: agent.agentId, at: now() }
      if (!(await view.saveMute(tx, params.id, mute))) throw new Refusal('not-found')
      const spam = body.reason === 'spam' ? await findOpenCasesOfAuthor(tx, params.id) : []
      for (const caseId of spam) {
        const closing = { outcome: 'no-answer-needed', reason: 'spam' } as const
        await changeCase(tx, caseId, (it) => closeCase(it, closing, agent.agentId, now()))
      }
      return { done: true } as const
    }),
  )

  mount(routes.unmute, ({ change, params }) =>
    change(async (tx) => {
      if (!(await view.saveMute(tx, params.id, null))) throw new Refusal('not-found')
      return { done: true } as const
    }),
  )
}
