/** Routes for who is not here: away for a moment, or out of office from one time to another. */
import { z } from 'zod'
import { atMost, Done, defineRoute, Id, nameShapes, Time, WithId } from '../base/contract.ts'
import { mostAbsencesShown } from './bounds.ts'

export const AbsenceRow = z.object({
  absenceId: Id,
  agentId: Id,
  startsAt: Time,
  endsAt: Time,
  note: z.string(),
  /** Gets what is returned, as far as they are here and have room for it. */
  deputyId: Id.nullable(),
  /** How many of their cases were returned so far. */
  returned: z.number(),
})
export type AbsenceRow = z.output<typeof AbsenceRow>
nameShapes({ AbsenceRow })

export const absenceRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/api/absences',
    needs: 'signed-in',
    summary: 'Who is out of office now or will be, and the past month of one’s own.',
    response: atMost(mostAbsencesShown, AbsenceRow),
  }),
  note: defineRoute({
    method: 'POST',
    path: '/api/absences',
    needs: 'signed-in',
    act: 'absence.noted',
    summary:
      'Says that someone is out of office. When it begins, their cases in which a customer waits go back to the queue, or to the deputy. For a colleague it takes absences.others.',
    body: z.strictObject({
      agentId: Id,
      startsAt: Time,
      endsAt: Time,
      note: z.string().trim().max(200),
      deputyId: Id.nullable(),
    }),
    response: AbsenceRow,
  }),
  end: defineRoute({
    method: 'DELETE',
    path: '/api/absences/:id',
    needs: 'signed-in',
    act: 'absence.ended',
    summary: 'Ends an absence now, or calls it off. For a colleague it takes absences.others.',
    params: WithId,
    response: Done,
  }),
  goAway: defineRoute({
    method: 'PUT',
    path: '/api/away',
    needs: 'signed-in',
    act: 'agent.away-changed',
    summary:
      'Says that one is away for a while, or back. Who is away is given no cases; what they have stays theirs.',
    body: z.strictObject({ away: z.boolean() }),
    response: Done,
  }),
  setCapacity: defineRoute({
    method: 'PUT',
    path: '/api/agents/:id/capacity',
    needs: 'teams.change',
    act: 'agent.capacity-set',
    summary: 'How many open cases an agent has at most; null is no bound.',
    params: WithId,
    body: z.strictObject({ capacity: z.number().int().min(1).max(1_000).nullable() }),
    response: Done,
  }),
}
