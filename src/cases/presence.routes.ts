/** Who is here over HTTP. A beat is an agent's own scratch: it stands in no log. */
import { Refusal, refuseIf } from '../base/refusal.ts'
import { findAbsence } from '../staff/absence.sql.ts'
import { whyNotSpeakFor } from '../staff/absence.ts'
import type { Mount } from '../staff/mount.ts'
import * as presence from './presence.sql.ts'
import { lookingForMs, whereIs } from './presence.ts'
import { presenceRoutes as routes } from './presence-contract.ts'

export function presenceRoutes(mount: Mount): void {
  mount(routes.list, ({ run, now }) =>
    run(async (tx) => {
      const at = now()
      const found = await presence.findWhereabouts(tx, at)
      return found.map(({ agentId, note, capacity, openCases, waitingCases, ...signs }) => ({
        agentId,
        where: whereIs(signs, at),
        outUntil: signs.outUntil?.toISOString() ?? null,
        note,
        capacity,
        openCases,
        waitingCases,
      }))
    }),
  )

  mount(routes.beat, ({ change, agent, now, body }) =>
    change(async (tx) => {
      const caseId = agent.may.includes('cases.read') ? body.caseId : null
      const beat = { agentId: agent.agentId, caseId, writing: body.writing, at: now() }
      await presence.saveBeat(tx, beat)
      return { others: await presence.findOthers(tx, beat, new Date(beat.at.getTime() - lookingForMs)) }
    }),
  )

  mount(routes.returned, ({ run, agent, params }) =>
    run(async (tx) => {
      const absence = await findAbsence(tx, params.id)
      if (!absence) throw new Refusal('not-found')
      refuseIf(whyNotSpeakFor(absence.agentId, agent))
      const found = await presence.findReturned(tx, params.id)
      return found.map((it) => ({ ...it, returnedAt: it.returnedAt.toISOString() }))
    }),
  )
}
