/** The audit log, searches for people, and looks at them. */
import type { Entry } from './entries.ts'

const ofTheLog = {
  says: { agentId: 'ours', caseId: 'ours', keyId: 'ours' },
  why: 'a filter: theirs finds nothing of ours',
} as const
const from = '2026-01-01T00:00:00Z'
const to = '2126-01-01T00:00:00Z'

export const auditEntries: Record<string, Entry> = {
  'GET /api/audit': {
    ...ofTheLog,
    ask: (it) => ({
      query: {
        agent: it.agentId,
        key: it.keyId,
        act: 'case.',
        thing: it.caseId,
        from,
        to,
        after: it.caseId,
        limit: '20',
      },
    }),
  },
  'GET /api/audit/export': {
    ...ofTheLog,
    ask: (it) => ({
      query: { agent: it.agentId, key: it.keyId, act: 'case.', thing: it.caseId, from, to, format: 'csv' },
    }),
  },
  'GET /api/audit/verification': { ask: () => ({}) },
}
