/** Routes for API keys: one's own, and, for who may, everybody's. A key is shown once, in the answer that made it. */
import { z } from 'zod'
import { Done, defineRoute, Id, nameShapes, Page, ShownOnce, Time, WithId } from '../base/contract.ts'
import { permissions } from './permissions.ts'

const May = z.array(z.enum(permissions)).min(1).max(permissions.length)

export const KeyRow = z.object({
  keyId: Id,
  name: z.string(),
  /** The first letters of its secret, to tell it from others. */
  hint: z.string(),
  /** Whom it acts as. */
  agentId: Id,
  agentName: z.string(),
  /** What was chosen for it; what its agent may not do any more, it may not either. */
  may: z.array(z.string()).meta({ maxItems: permissions.length }),
  state: z.enum(['standing', 'expired', 'ended']),
  createdAt: Time,
  expiresAt: Time,
  lastUsedAt: Time.nullable(),
  endedAt: Time.nullable(),
})
export type KeyRow = z.output<typeof KeyRow>
nameShapes({ ApiKey: KeyRow })

/** Keys page by their own ids. */
const KeyQuery = { ...Page, after: Id.optional() }
const KeyPage = z.object({ rows: z.array(KeyRow), next: z.string().nullable() })

export const apiKeyRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/api/keys',
    needs: 'keys.own',
    summary: 'The API keys that act as oneself, newest first.',
    query: z.object(KeyQuery),
    response: KeyPage,
  }),
  make: defineRoute({
    method: 'POST',
    path: '/api/keys',
    needs: 'keys.own',
    by: 'session',
    act: 'key.made',
    once: ['key'],
    summary:
      'Makes a key that may do what is chosen for it, and never more than oneself. It is shown this once.',
    body: z.strictObject({
      name: z.string().trim().min(1).max(100),
      may: May,
      days: z.number().int().min(1).max(365).default(90),
    }),
    response: KeyRow.extend({ key: ShownOnce }),
  }),
  end: defineRoute({
    method: 'DELETE',
    path: '/api/keys/:id',
    needs: 'keys.own',
    act: 'key.ended',
    summary:
      'Ends a key of one’s own; within two seconds it is refused everywhere and its live streams are closed.',
    params: WithId,
    response: Done,
  }),
  listAll: defineRoute({
    method: 'GET',
    path: '/api/workspace-keys',
    needs: 'keys.others',
    summary: 'Everybody’s API keys in this workspace, newest first.',
    query: z.object(KeyQuery),
    response: KeyPage,
  }),
  endAny: defineRoute({
    method: 'DELETE',
    path: '/api/workspace-keys/:id',
    needs: 'keys.others',
    act: 'key.ended',
    summary: 'Ends a key, whoever it acts as.',
    params: WithId,
    response: Done,
  }),
}
