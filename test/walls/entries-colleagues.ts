/** Requests about colleagues, their roles, how they come in, and the workspaces they go to. */
import type { Entry } from './entries.ts'
import type { Place } from './place.ts'

const page = (id: string) => ({ query: { after: id, limit: '50' } })
const why = 'a page key is a place in an order: whoever holds one pages through rows of their own'
const token = 'a'.repeat(43)
const link = 'whoever holds the link is a stranger until then'
const standing = (it: Place) => ({ role: it.roleId, sees: 'workspace', teamIds: [it.teamId] })

export const readingColleagues: Record<string, Entry> = {
  'GET /api/resets': { who: 'anyone', why: link, ask: () => ({}) },
  'POST /api/resets': {
    who: 'anyone',
    why: 'the same answer for every address',
    ask: () => ({ body: { email: 'mallory@elsewhere.test' } }),
  },
  'PUT /api/resets': {
    who: 'anyone',
    answers: 'link-used',
    why: link,
    ask: () => ({ body: { token, password: 'correct horse battery' } }),
  },
  'POST /api/invitation': {
    who: 'anyone',
    answers: 'invitation-void',
    why: link,
    ask: () => ({ body: { token } }),
  },
  'POST /api/invitation/account': {
    who: 'anyone',
    answers: 'invited-another',
    why: 'who is signed in here does not become somebody new',
    ask: () => ({ body: { token, name: 'Mallory', password: 'correct horse battery' } }),
  },
  'POST /api/invitation/acceptance': {
    who: 'anyone',
    answers: 'invitation-void',
    why: link,
    ask: () => ({ body: { token } }),
  },
  'GET /api/agents': { says: { colleagueId: 'ours' }, why, ask: (it) => page(it.colleagueId) },
  'GET /api/invitations': { says: { invitationId: 'ours' }, why, ask: (it) => page(it.invitationId) },
  'GET /api/roles': { ask: () => ({}) },
  'GET /api/rehearsal/letters': { ask: () => ({}) },
}

export const changingColleagues: Record<string, Entry> = {
  'POST /api/roles': { ask: (it) => ({ body: { name: 'Night shift', copyOf: it.roleId } }) },
  'PUT /api/roles/:id': {
    ask: (it) => ({ params: { id: it.roleId }, body: { name: 'Night', may: ['cases.read'] } }),
  },
  'PUT /api/agents/:id': { ask: (it) => ({ params: { id: it.colleagueId }, body: standing(it) }) },
  'PUT /api/agents/:id/suspension': { ask: (it) => ({ params: { id: it.colleagueId } }) },
  'DELETE /api/agents/:id/suspension': { ask: (it) => ({ params: { id: it.colleagueId } }) },
  'POST /api/agents/:id/reset-link': {
    answers: 'no-password',
    why: 'they come in without one',
    ask: (it) => ({ params: { id: it.colleagueId } }),
  },
  'DELETE /api/agents/:id/second-factor': {
    answers: 'not-found',
    why: 'they have set up none',
    ask: (it) => ({ params: { id: it.colleagueId } }),
  },
  'DELETE /api/agents/:id/sessions': { ask: (it) => ({ params: { id: it.colleagueId } }) },
  'PUT /api/agents/:id/name': {
    ask: (it) => ({ params: { id: it.colleagueId }, body: { name: 'Robin Doe' } }),
  },
  'POST /api/invitations': { ask: (it) => ({ body: { email: 'new@care.test', ...standing(it) } }) },
  'POST /api/invitations/:id/link': { ask: (it) => ({ params: { id: it.invitationId } }) },
  'DELETE /api/invitations/:id': { ask: (it) => ({ params: { id: it.invitationId } }) },
  'DELETE /api/roles/:id': {
    answers: 'role-in-use',
    why: 'a colleague got it above',
    ask: (it) => ({ params: { id: it.roleId } }),
  },
  'POST /api/workspaces': {
    answers: 'only-first-workspace',
    why: 'ours is the second of this house',
    ask: () => ({ body: { name: 'Heron two', brand: 'Heron', timeZone: 'Europe/London' } }),
  },
  'PUT /api/session/workspace': { ask: (it) => ({ body: { workspaceId: it.workspaceId } }) },
}
