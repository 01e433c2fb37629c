/** How a person can be reached, and how we know it (P4). */
import { z } from 'zod'
import { atMost, defineRoute, Id, nameShapes, Time, WithId } from '../base/contract.ts'

export const mostContactPointsShown = 100

export const ContactPointView = z.object({
  contactPointId: Id,
  kind: z.enum(['email', 'phone', 'handle']),
  value: z.string(),
  /** Only what is confirmed may be used; the database refuses the rest. */
  state: z.enum(['unconfirmed', 'confirmed', 'withdrawn']),
  provenance: z.object({
    how: z.enum(['wrote', 'confirmed', 'import']),
    /** The file, the address or the id of what was said. */
    source: z.string(),
    basis: z.string(),
    byAgentId: Id.nullable(),
    at: Time,
  }),
})
export type ContactPointView = z.output<typeof ContactPointView>
nameShapes({ ContactPoint: ContactPointView })

export const contactRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/api/authors/:id/contact-points',
    needs: 'cases.read',
    summary: 'The ways to reach an author, each with where we have it from, and whether it may be used.',
    params: WithId,
    response: atMost(mostContactPointsShown, ContactPointView),
  }),
}
