/** Routes for files beside a case. They are saved by whoever asks for them, and never shown or run by us. */
import { z } from 'zod'
import { Done, defineRoute, Id, nameShapes, Time, WithId } from '../base/contract.ts'
import { mostFileBytes } from './file.ts'

export const FileView = z.object({
  fileId: Id,
  name: z.string(),
  /** What its sender said it is; nothing is believed of it. */
  mediaType: z.string(),
  size: z.number(),
  byAgentId: Id,
  addedAt: Time,
})
export type FileView = z.output<typeof FileView>

nameShapes({ File: FileView })

export const fileRoutes = {
  read: defineRoute({
    method: 'GET',
    path: '/api/files/:id',
    needs: 'cases.read',
    summary: 'A file as it came, to be saved: an attachment, sandboxed, never shown by a browser.',
    params: WithId,
    media: 'application/octet-stream',
    response: z.unknown().describe('the file itself'),
  }),
  add: defineRoute({
    method: 'POST',
    path: '/api/cases/:id/files',
    needs: 'cases.work',
    act: 'file.added',
    summary:
      'Puts a file beside a case, at most 10 MB. `fileId` is chosen by the caller: the same id twice is one file.',
    params: WithId,
    query: z.object({ fileId: Id, name: z.string().min(1).max(500), type: z.string().max(100).optional() }),
    bytes: { most: mostFileBytes },
    response: FileView,
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/api/files/:id',
    needs: 'cases.work',
    act: 'file.removed',
    summary: 'Removes a file for good.',
    params: WithId,
    response: Done,
  }),
}
