/** Handing in through the API. */
import type { Entry } from './entries.ts'

export const createCaseEntries: Record<string, Entry> = {
  'POST /api/cases': {
    ask: () => ({
      body: {
        externalId: 'form-1',
        author: { accountId: 'customer-7', displayName: 'Kim Lee', handle: 'kim' },
        text: 'My parcel never came',
        saidAt: '2026-11-22T10:00:00.000Z',
        threadId: 'call-12',
      },
    }),
  },
}
