/** Routes for the audit log: search it, take it along, and verify its chain. */
import { z } from 'zod'
import { atMost, defineRoute, Id, nameShapes, Page, Time } from '../base/contract.ts'
import { mostErasedShown } from './bounds.ts'

/** Ids, and the names of sources; nothing that a pattern or a query would read otherwise. */
const Thing = z
  .string()
  .regex(/^[\w.:/@+~-]+( [\w.:/@+~-]+)?$/)
  .max(300)

export const AuditRowView = z.object({
  auditId: Id,
  at: Time,
  act: z.string(),
  byAgentId: Id.nullable(),
  /** As they are called now. */
  byName: z.string().nullable(),
  /** The API key that spoke for them. */
  byKeyId: Id.nullable(),
  byKeyName: z.string().nullable(),
  onId: z.string().nullable(),
  /** What it was done to, as it is called now; null when it is gone or has no name. */
  on: z.object({ kind: z.string(), name: z.string() }).nullable(),
  /** Ids and states. Null once erased. */
  content: z.record(z.string(), z.unknown()).nullable(),
  /** Of what the content speaks of by its id: as it is called now. */
  named: atMost(200, z.object({ id: z.string(), kind: z.string(), name: z.string() })),
  /** Why a person was searched for; told to those who may see who looked at whom. */
  reason: z.string().nullable(),
  erasedAt: Time.nullable(),
  /** The place in the chain and its seal; null for the moment before it is sealed. */
  seal: z.object({ seq: z.number(), sealedAt: Time, link: z.string() }).nullable(),
})
export type AuditRowView = z.output<typeof AuditRowView>
nameShapes({ AuditRow: AuditRowView })

export const breaks = [
  'row-missing', 'content-changed', 'row-changed', 'link-broken', 'out-of-order', 'erased-untold',
] as const // biome-ignore format: a list to read

const filters = {
  agent: Id.optional().describe('who did it'),
  key: Id.optional().describe('the API key it was done by'),
  act: z
    .string()
    .regex(/^[a-z][a-z.-]*$/)
    .max(60)
    .optional()
    .describe('the act, or how it begins: `case.` is everything done to cases'),
  thing: Thing.optional().describe('the id of what it was done to'),
  q: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .optional()
    .describe('the number of a case, or a part of a name, an address or an act'),
  acts: z
    .string()
    .regex(/^[a-z.,-]+$/)
    .max(4_000)
    .optional()
    .describe('with `q`: acts that are found too, after commas'),
  from: Time.optional(),
  to: Time.optional().describe('up to, and not at, this moment'),
}

export const auditRoutes = {
  search: defineRoute({
    method: 'GET',
    path: '/api/audit',
    needs: 'audit.read',
    summary: 'The audit log, newest first: who did what, when and to what.',
    query: z.object({ ...filters, ...Page, after: Id.optional() }),
    response: z.object({ rows: z.array(AuditRowView), next: Id.nullable() }),
  }),
  export: defineRoute({
    method: 'GET',
    path: '/api/audit/export',
    needs: 'audit.read',
    summary:
      'The same as a file, for as long as it is. `jsonl` has all that the seals are computed from. Exporting is logged.',
    media: 'text/csv',
    query: z.object({ ...filters, format: z.enum(['csv', 'jsonl']).default('csv') }),
    response: z.unknown().describe('a file, newest first'),
  }),
  verify: defineRoute({
    method: 'GET',
    path: '/api/audit/verification',
    needs: 'audit.read',
    summary: 'Walks the chain from its first seal to its last and says whether every one of them holds.',
    response: z.object({
      sealed: z.number(),
      /** The last link: whoever keeps it can tell later that nothing before it was changed. */
      head: z.object({ seq: z.number(), link: z.string() }),
      broken: z.object({ seq: z.number(), auditId: Id, why: z.enum(breaks) }).nullable(),
      /** Rows whose content was erased, as the log itself says. The first hundred are named. */
      erased: atMost(mostErasedShown, z.object({ seq: z.number(), auditId: Id, at: Time })),
      /** Older than five seconds and without a seal. */
      unsealed: z.object({ count: z.number(), oldest: Time.nullable() }),
    }),
  }),
}
