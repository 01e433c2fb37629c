/** Handing in through the API. */
import type { Entry } from './entries.ts'

export const createCaseEntries: Record<string, Entry> = {
  'POST /api/cases': {
    says: { wishedNoteId: 'ours' },
    why: 'the caller chooses these ids: one of theirs is as good as any, and makes a post of ours',
    ask: (it) => ({
      body: {
        externalId: it.wishedNoteId,
        author: { accountId: 'customer-7', displayName: 'Kim Lee', handle: 'kim' },
        text: 'My parcel never came',
        saidAt: '2026-11-22T10:00:00.000Z',
        threadId: it.wishedNoteId,
      },
    }),
  },
}
