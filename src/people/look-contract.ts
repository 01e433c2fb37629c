/** Routes for finding a person by name, for who looked at whom, and for what is unusual about it. */
import { z } from 'zod'
import { atMost, Done, defineRoute, Id, nameShapes, Page, Time, WithId } from '../base/contract.ts'

const network = z.string()
export const mostCasesShown = 5
export const PersonView = z.object({
  authorId: Id,
  network,
  handle: z.string().nullable(),
  displayName: z.string().nullable(),
  status: z.enum(['active', 'deactivated', 'suspended', 'takendown', 'deleted']),
  firstHeardAt: Time,
  /** Newest first, of those that the agent may see. */
  cases: atMost(
    mostCasesShown,
    z.object({
      caseId: Id,
      number: z.number(),
      status: z.enum(['new', 'open', 'waiting', 'closed']),
      openedAt: Time,
    }),
  ),
})
export type PersonView = z.output<typeof PersonView>

export const LookView = z.object({
  lookId: Id,
  at: Time,
  agentId: Id,
  agentName: z.string(),
  authorId: Id,
  handle: z.string().nullable(),
  displayName: z.string().nullable(),
  network,
  /** On what occasion: a case was opened, or a search found them. Null of a case that the reader may not see. */
  caseId: Id.nullable(),
  caseNumber: z.number().nullable(),
  searchId: Id.nullable(),
  reason: z.string().nullable(),
})
export type LookView = z.output<typeof LookView>

export const alertKinds = ['many-people', 'one-person', 'many-searches'] as const
export const AlertView = z.object({
  alertId: Id,
  kind: z.enum(alertKinds),
  agentId: Id,
  agentName: z.string(),
  /** The person that was looked at again and again. */
  author: z.object({ authorId: Id, name: z.string().nullable() }).nullable(),
  found: z.number(),
  usual: z.number(),
  noticedAt: Time,
  acknowledgedAt: Time.nullable(),
  acknowledgedByName: z.string().nullable(),
})
export type AlertView = z.output<typeof AlertView>
nameShapes({ FoundPerson: PersonView, Look: LookView, Alert: AlertView })

const People = z.object({
  searchId: Id,
  name: z.string(),
  reason: z.string(),
  people: z.array(PersonView),
  next: Id.nullable(),
  /** There are more than a search shows: the name should say more. */
  tooMany: z.boolean(),
})

export const lookRoutes = {
  search: defineRoute({
    method: 'POST',
    path: '/api/person-searches',
    needs: 'people.search',
    act: 'person.searched',
    summary:
      'Finds people by a part of their name or handle. The reason is kept, and so is who was found: a search is a look at them.',
    body: z.strictObject({ name: z.string().trim().min(2).max(100), reason: z.string().trim().max(500) }),
    response: People,
  }),
  found: defineRoute({
    method: 'GET',
    path: '/api/person-searches/:id',
    needs: 'people.search',
    summary: 'A search of one’s own again, or its next page.',
    params: WithId,
    query: z.object({ after: Id.optional() }),
    response: People,
  }),
  looks: defineRoute({
    method: 'GET',
    path: '/api/looks',
    needs: 'people.looks',
    summary: 'Who looked at whom, when, and on what occasion; newest first.',
    query: z.object({
      agent: Id.optional().describe('who looked'),
      author: Id.optional().describe('who was looked at'),
      ...Page,
      after: Id.optional(),
    }),
    response: z.object({ rows: z.array(LookView), next: Id.nullable() }),
  }),
  alerts: defineRoute({
    method: 'GET',
    path: '/api/alerts',
    needs: 'people.looks',
    summary: 'Looking at people that was unusual, newest first.',
    query: z.object({ state: z.enum(['open', 'all']).default('open'), ...Page, after: Id.optional() }),
    response: z.object({ rows: z.array(AlertView), next: Id.nullable() }),
  }),
  acknowledge: defineRoute({
    method: 'PUT',
    path: '/api/alerts/:id/acknowledgement',
    needs: 'people.looks',
    act: 'alert.acknowledged',
    summary: 'Says that somebody has seen to it.',
    params: WithId,
    response: Done,
  }),
}
