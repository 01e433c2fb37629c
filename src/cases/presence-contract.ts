/** Routes for who is here, who else has a case open, and what was given back while someone was away. */
import { z } from 'zod'
import { atMost, defineRoute, Id, nameShapes, Time, WithId } from '../base/contract.ts'
import { mostAgents, mostReturnedShown } from '../staff/bounds.ts'

export const mostOnlookersShown = 20

/** Someone else who has the same case open. */
export const Onlooker = z.object({ agentId: Id, isWriting: z.boolean() })
export type Onlooker = z.output<typeof Onlooker>

export const WhereaboutsRow = z.object({
  agentId: Id,
  where: z.enum(['here', 'away', 'out', 'gone']),
  /** When someone who is out comes back, and what they said about it. */
  outUntil: Time.nullable(),
  note: z.string().nullable(),
  /** Open cases at most; null is no bound. */
  capacity: z.number().nullable(),
  openCases: z.number(),
  /** Those of them in which a customer waits: they go back when an absence begins. */
  waitingCases: z.number(),
})
export type WhereaboutsRow = z.output<typeof WhereaboutsRow>
nameShapes({ Onlooker, WhereaboutsRow })

export const presenceRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/api/presence',
    needs: 'signed-in',
    summary: 'Where colleagues are, and how many cases they have.',
    response: atMost(mostAgents, WhereaboutsRow),
  }),
  beat: defineRoute({
    method: 'PUT',
    path: '/api/presence',
    needs: 'signed-in',
    act: false,
    summary:
      'Says that one is here, which case one has open (null: none) and whether one writes; to be said again with every ping of the live stream. Answers who else has it open. A case that one does not see counts as none.',
    body: z.strictObject({ caseId: Id.nullable(), writing: z.boolean() }),
    response: z.object({ others: atMost(mostOnlookersShown, Onlooker) }),
  }),
  returned: defineRoute({
    method: 'GET',
    path: '/api/absences/:id/cases',
    needs: 'cases.read',
    summary: 'The cases that were given back during an absence. For a colleague’s it takes absences.others.',
    params: WithId,
    response: atMost(
      mostReturnedShown,
      z.object({
        caseId: Id,
        number: z.number(),
        handle: z.string().nullable(),
        displayName: z.string().nullable(),
        status: z.enum(['new', 'open', 'waiting', 'closed']),
        /** Null: it went to the queue. */
        toAgentId: Id.nullable(),
        returnedAt: Time,
      }),
    ),
  }),
}
