/** Routes for what is listened to: how it is doing, and what needs a person's decision. */
import { z } from 'zod'
import { atMost, Done, defineRoute, nameShapes, Time } from '../base/contract.ts'

export const SourceRow = z.object({
  sourceId: z.string(),
  kind: z.enum(['firehose', 'jetstream', 'notifications', 'rehearsal']),
  address: z.string(),
  state: z.enum(['running', 'stopped', 'needs-decision']),
  stateReason: z.string().nullable(),
  lastHeardAt: Time.nullable(),
  lastSaidAt: Time.nullable(),
  /** The newest. */
  gaps: atMost(20, z.object({ cause: z.string(), noticedAt: Time, filledAt: Time.nullable() })),
  deadLetters: z.number(),
})
export type SourceRow = z.output<typeof SourceRow>
nameShapes({ Source: SourceRow })

export const sourceRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/api/sources',
    needs: 'signed-in',
    summary: 'What this workspace listens to, with gaps and dead letters.',
    response: atMost(200, SourceRow),
  }),
  listenToBluesky: defineRoute({
    method: 'POST',
    path: '/api/sources',
    needs: 'sources.change',
    act: 'source.joined',
    summary: 'Listens to the public Bluesky stream (Jetstream) for these words; no account needed.',
    body: z.strictObject({
      address: z.url().max(300).optional(),
      words: z.array(z.string().trim().min(1).max(200)).min(1).max(50),
    }),
    response: SourceRow,
  }),
  decide: defineRoute({
    method: 'PUT',
    path: '/api/source-decision',
    needs: 'sources.change',
    act: 'source.decided',
    summary: 'Decides how a stopped source goes on: from now (the gap is recorded) or from its first event.',
    body: z.strictObject({ sourceId: z.string().max(400), from: z.enum(['now', 'start']) }),
    response: Done,
  }),
  rehearse: defineRoute({
    method: 'POST',
    path: '/api/rehearsal',
    needs: 'sources.change',
    act: 'rehearsal.begun',
    summary: 'Begins a rehearsal: a pretend network with written people.',
    body: z.strictObject({}),
    response: Done,
  }),
}
