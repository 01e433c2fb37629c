/** Requests about API keys. */
import type { Entry } from './entries.ts'

const page = (it: { keyId: string }) => ({ query: { after: it.keyId, limit: '50' } })
const why = 'a page key is a place in an order: whoever holds one pages through keys of their own'

export const keyEntries: Record<string, Entry> = {
  'GET /api/keys': { says: { keyId: 'ours' }, why, ask: page },
  'GET /api/workspace-keys': { says: { keyId: 'ours' }, why, ask: page },
  'POST /api/keys': { ask: () => ({ body: { name: 'Nightly report', may: ['cases.read'], days: 30 } }) },
  'DELETE /api/keys/:id': { ask: (it) => ({ params: { id: it.keyId } }) },
  'DELETE /api/workspace-keys/:id': { ask: (it) => ({ params: { id: it.keyId } }) },
}
