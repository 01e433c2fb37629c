/** Replies that wait for a second person, and cases that move between teams. */
import type { Entry } from './entries.ts'

export const approvalEntries: Record<string, Entry> = {
  'GET /api/approvals': {
    says: { approvalId: 'ours' },
    why: 'a page key is a place in an order: one that is nowhere here begins nowhere',
    ask: (it) => ({ query: { after: it.approvalId, limit: '50' } }),
  },
  'PUT /api/cases/:id/team': {
    ask: (it) => ({ params: { id: it.caseId }, body: { teamId: it.teamId, version: 1 } }),
  },
  'PUT /api/approvals/:id': {
    ask: (it) => ({ params: { id: it.approvalId }, body: { decision: 'return', reason: 'Say when.' } }),
  },
  'DELETE /api/approvals/:id': {
    ask: (it) => ({ params: { id: it.ownApprovalId } }),
  },
}
