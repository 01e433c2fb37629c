/** Teams, working hours, absences and presence. */
import type { Entry } from './entries.ts'

export const teamEntries: Record<string, Entry> = {
  'GET /api/teams': { ask: () => ({}) },
  'GET /api/hours': { ask: () => ({}) },
  'GET /api/absences': { ask: () => ({}) },
  'GET /api/presence': { ask: () => ({}) },
  'GET /api/absences/:id/cases': { ask: (it) => ({ params: { id: it.absenceId } }) },
  'PUT /api/presence': {
    says: { caseId: 'ours' },
    why: 'a case that one does not see counts as none, so that a screen that is behind goes on saying it is here',
    ask: (it) => ({ body: { caseId: it.caseId, writing: true } }),
  },
  'PUT /api/away': { ask: () => ({ body: { away: false } }) },
  'PUT /api/agents/:id/capacity': {
    ask: (it) => ({ params: { id: it.agentId }, body: { capacity: 40 } }),
  },
  'POST /api/absences': {
    ask: (it) => ({
      body: {
        agentId: it.agentId,
        startsAt: '2190-01-01T08:00:00.000Z',
        endsAt: '2190-01-08T08:00:00.000Z',
        note: 'Skiing',
        deputyId: it.colleagueId,
      },
    }),
  },
  'DELETE /api/absences/:id': { ask: (it) => ({ params: { id: it.absenceId } }) },
  'PUT /api/hours': { ask: () => ({ body: someHours() }) },
  'PUT /api/teams/:id/hours': { ask: (it) => ({ params: { id: it.teamId }, body: someHours() }) },
  'DELETE /api/teams/:id/hours': { ask: (it) => ({ params: { id: it.teamId } }) },
  'POST /api/teams': {
    ask: (it) => ({ body: { name: 'Night shift', needsApproval: true, memberIds: [it.agentId] } }),
  },
  'PUT /api/teams/:id': {
    ask: (it) => ({
      params: { id: it.teamId },
      body: { name: 'Late shift', needsApproval: false, memberIds: [it.agentId] },
    }),
  },
  'PUT /api/channels/:id/team': {
    ask: (it) => ({ params: { id: it.channelId }, body: { teamId: it.teamId, needsApproval: false } }),
  },
}

/** Last: everything before it names the team. */
export const teamRemovals: Record<string, Entry> = {
  'DELETE /api/teams/:id': { ask: (it) => ({ params: { id: it.teamId } }) },
}

const someHours = () => ({
  timeZone: 'Europe/London',
  blocks: [{ day: 1, from: 540, to: 1_020 }],
  holidays: [{ date: '2026-12-25', name: 'Christmas Day' }],
})
