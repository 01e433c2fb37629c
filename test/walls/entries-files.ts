/** Files beside a case. */
import type { Entry } from './entries.ts'

export const fileEntries: Record<string, Entry> = {
  'GET /api/files/:id': { ask: (it) => ({ params: { id: it.fileId } }) },
  'POST /api/cases/:id/files': {
    words: ['name', 'type'],
    says: { wishedFileId: 'ours' },
    why: 'the caller chooses the id of a file: one of theirs is as good as any, and makes a file of ours',
    ask: (it) => ({
      params: { id: it.caseId },
      query: { fileId: it.wishedFileId, name: 'receipt.txt', type: 'text/plain' },
      bytes: 'a receipt',
    }),
  },
  'DELETE /api/files/:id': { ask: (it) => ({ params: { id: it.spareFileId } }) },
}
