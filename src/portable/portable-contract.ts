/** Routes for what is carried out of a workspace and into it. */
import { z } from 'zod'
import { atMost, defineRoute, Id, nameShapes, Time, WithId } from '../base/contract.ts'

export const foreignKinds = ['chatwoot', 'zammad', 'zendesk'] as const
export const mostCarriesShown = 20
/** A hostile file may name a million fields: what is beyond is told as one. */
export const mostFieldsTold = 500
/** More than that in one file is given in several: the same person twice is one person. */
export const mostUploaded = 64 * 1024 * 1024

const Count = z.object({ fresh: z.number(), known: z.number() })
export const CarryReport = z.object({
  people: Count,
  cases: Count,
  open: z.number(),
  posts: Count,
  notes: z.number(),
  contactPoints: Count,
  /** Of every field that does not come: why, how often, and what it looked like. */
  fields: atMost(
    mostFieldsTold + 1,
    z.object({ field: z.string(), why: z.string(), count: z.number(), examples: z.array(z.string()) }),
  ),
})
export type CarryReport = z.output<typeof CarryReport>

export const CarryView = z.object({
  carryId: Id,
  direction: z.enum(['out', 'in']),
  kind: z.enum(['evenhand', ...foreignKinds]),
  fileName: z.string(),
  state: z.enum(['reading', 'read', 'running', 'done', 'failed']),
  done: z.number(),
  total: z.number().nullable(),
  report: CarryReport.nullable(),
  problem: z.string().nullable(),
  bytes: z.number().nullable(),
  byAgentId: Id,
  askedAt: Time,
  finishedAt: Time.nullable(),
  /** The file is kept for a day. */
  isHere: z.boolean(),
})
export type CarryView = z.output<typeof CarryView>
nameShapes({ Carry: CarryView })

export const portableRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/api/data',
    needs: 'data.export',
    summary:
      'The newest exports and imports of this workspace, and when the installation was last backed up.',
    response: z.object({
      carries: atMost(mostCarriesShown, CarryView),
      backup: z.object({ at: Time, bytes: z.number(), withKey: z.boolean() }).nullable(),
      /** `outside` has its own tools. */
      database: z.enum(['embedded', 'outside']),
    }),
  }),
  export: defineRoute({
    method: 'POST',
    path: '/api/data/exports',
    needs: 'data.export',
    act: 'data.exported',
    summary:
      'Begins an export of the whole workspace: one zip, without secrets. docs/portable.md has its schema.',
    response: z.object({ carryId: Id }),
  }),
  download: defineRoute({
    method: 'GET',
    path: '/api/data/exports/:id/file',
    needs: 'data.export',
    by: 'session',
    summary: 'The zip of a finished export, for a day. Fetching it is logged.',
    media: 'application/octet-stream',
    params: WithId,
    response: z.unknown().describe('the zip'),
  }),
  look: defineRoute({
    method: 'POST',
    path: '/api/data/imports',
    needs: 'data.import',
    act: 'data.import-read',
    summary:
      'Reads a file of another help desk, at most 64 MB: a zip of JSON, or JSON. Nothing is imported yet: a report follows.',
    query: z.object({ kind: z.enum(foreignKinds), name: z.string().min(1).max(200) }),
    bytes: { most: mostUploaded },
    response: z.object({ carryId: Id }),
  }),
  run: defineRoute({
    method: 'PUT',
    path: '/api/data/imports/:id/start',
    needs: 'data.import',
    act: 'data.imported',
    summary: 'Imports what the report told. The same file again makes nothing double.',
    params: WithId,
    response: z.object({ carryId: Id }),
  }),
}
