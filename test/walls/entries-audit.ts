/** The audit log, searches for people, and looks at them. */
import { sql } from 'kysely'
import { newId } from '../../src/base/clock.ts'
import type { TestDb } from '../db.ts'
import type { Entry } from './entries.ts'

const ofTheLog = {
  says: { agentId: 'ours', caseId: 'ours', keyId: 'ours' },
  why: 'a filter: theirs finds nothing of ours',
  words: ['q'],
} satisfies Partial<Entry>
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
        q: 'case 1',
        acts: 'case.closed',
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
      query: {
        agent: it.agentId,
        key: it.keyId,
        act: 'case.',
        thing: it.caseId,
        q: 'case 1',
        acts: 'case.closed',
        from,
        to,
        format: 'csv',
      },
    }),
  },
  'GET /api/audit/verification': { ask: () => ({}) },

  'POST /api/person-searches': {
    ask: () => ({ body: { name: 'heron', reason: 'She called about a parcel' } }),
  },
  'GET /api/person-searches/:id': {
    says: { authorId: 'ours' },
    why: 'whoever holds an id pages on from there, through people of their own',
    ask: (it) => ({ params: { id: it.searchId }, query: { after: it.authorId } }),
  },
  'GET /api/looks': {
    says: { agentId: 'ours', authorId: 'ours', lookId: 'ours' },
    why: 'filters, and a place in an order',
    ask: (it) => ({ query: { agent: it.agentId, author: it.authorId, after: it.lookId, limit: '20' } }),
  },
  'GET /api/alerts': {
    says: { alertId: 'ours' },
    why: 'a place in an order',
    ask: (it) => ({ query: { state: 'all', after: it.alertId, limit: '20' } }),
  },
  'PUT /api/alerts/:id/acknowledgement': { ask: (it) => ({ params: { id: it.alertId } }) },
}

/** A search of the agent's, the look it was, and that it was unusual. */
export async function aLookOf(
  it: TestDb,
  { workspaceId, agentId, authorId }: { workspaceId: string; agentId: string; authorId: string },
  word: string,
) {
  const made = { searchId: newId(), lookId: newId(), alertId: newId() }
  for (const change of [
    sql`insert into person_searches (workspace_id, search_id, agent_id, name, reason, at)
      values (${workspaceId}, ${made.searchId}, ${agentId}, ${word}, ${`${word} called us`}, now())`,
    sql`insert into looks (workspace_id, look_id, agent_id, author_id, search_id, at, hour)
      values (${workspaceId}, ${made.lookId}, ${agentId}, ${authorId}, ${made.searchId}, now(), date_trunc('hour', now()))`,
    sql`insert into alerts (workspace_id, alert_id, kind, agent_id, found, usual, day, noticed_at)
      values (${workspaceId}, ${made.alertId}, 'many-people', ${agentId}, 41, 6, current_date, now())`,
  ])
    await change.execute(it.owner)
  return made
}
