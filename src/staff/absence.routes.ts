/** Being away and out of office over HTTP, and how much one takes. */
import { newId } from '../base/clock.ts'
import { enqueue } from '../base/queue.ts'
import { Refusal, refuseIf } from '../base/refusal.ts'
import * as absences from './absence.sql.ts'
import { whyNotAbsent, whyNotSpeakFor } from './absence.ts'
import { type AbsenceRow, absenceRoutes as routes } from './absence-contract.ts'
import { countAbsencesAhead } from './bounds.sql.ts'
import { mostAbsencesAhead } from './bounds.ts'
import { saveCapacity } from './capacity.sql.ts'
import type { Mount } from './mount.ts'

const done = { done: true } as const

export function absenceRoutes(mount: Mount): void {
  mount(routes.list, ({ run, agent, now }) =>
    run(async (tx) => (await absences.findAbsences(tx, agent.agentId, now())).map(rowOf)),
  )

  mount(routes.note, ({ change, agent, now, body }) =>
    change(async (tx, tell) => {
      const { note, ...asked } = body
      const wish = { ...asked, startsAt: new Date(asked.startsAt), endsAt: new Date(asked.endsAt) }
      const named = [wish.agentId, ...(wish.deputyId ? [wish.deputyId] : [])]
      if (!(await absences.areAgentsHere(tx, named))) throw new Refusal('not-found')
      refuseIf(whyNotAbsent(wish, agent, now()))
      if ((await countAbsencesAhead(tx, wish.agentId, now())) >= mostAbsencesAhead)
        throw new Refusal('too-many-absences')
      const absenceId = newId(now())
      await absences.insertAbsence(tx, absenceId, { ...wish, note, notedBy: agent.agentId, notedAt: now() })
      const { workspaceId } = agent
      // Cases go back when it begins; the rounds would find them too, up to half a minute later.
      await enqueue(
        tx,
        'begin-absence',
        { workspaceId },
        { runAt: wish.startsAt, jobKey: `absence:${absenceId}` },
      )
      tell({ onId: absenceId, content: { ...asked } })
      return rowOf({ ...wish, absenceId, note, endedAt: null, returned: 0 })
    }),
  )

  mount(routes.end, ({ change, agent, now, params }) =>
    change(async (tx, tell) => {
      const it = await absences.findAbsence(tx, params.id)
      if (!it) throw new Refusal('not-found')
      refuseIf(whyNotSpeakFor(it.agentId, agent))
      await absences.endAbsence(tx, params.id, now())
      tell({ content: { agentId: it.agentId } })
      return done
    }),
  )

  mount(routes.goAway, ({ change, agent, now, body }) =>
    change(async (tx, tell) => {
      await absences.saveAway(tx, agent.agentId, body.away ? now() : null)
      tell({ onId: agent.agentId, content: { away: body.away } })
      return done
    }),
  )

  mount(routes.setCapacity, ({ change, params, body }) =>
    change(async (tx, tell) => {
      if (!(await saveCapacity(tx, params.id, body.capacity))) throw new Refusal('not-found')
      tell({ content: { capacity: body.capacity } })
      return done
    }),
  )
}

function rowOf({
  absenceId,
  agentId,
  startsAt,
  endsAt,
  note,
  deputyId,
  returned,
}: absences.AbsenceFound): AbsenceRow {
  return {
    absenceId,
    agentId,
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
    note,
    deputyId,
    returned,
  }
}
