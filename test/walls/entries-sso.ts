/** Single sign-on: the way in, and the providers. */
import type { Entry } from './entries.ts'

const form = {
  name: 'Acme',
  issuer: 'http://127.0.0.1:9',
  client: 'evenhand',
  clientSecret: 'a secret of both',
  domains: ['acme.test'],
  newcomerRole: null,
}
const noProvider = 'no network here: the provider is asked for and does not answer'

export const ssoEntries: Record<string, Entry> = {
  'GET /api/sso-at-the-door': { who: 'anyone', ask: () => ({}) },
  'GET /api/sso-providers': { ask: () => ({}) },
  'GET /api/sso/callback': {
    who: 'anyone',
    leadsOn: true,
    why: 'a provider’s answer that nobody waits for leads back to the door',
    words: ['state', 'code', 'iss', 'error', 'error_description', 'session_state', 'scope'],
    ask: () => ({
      query: {
        state: 'a', code: 'b', iss: 'c', error: 'd', error_description: 'e', session_state: 'f', scope: 'g',
      }, // biome-ignore format: a list to read
    }),
  },
  'POST /api/sso/:id': {
    who: 'anyone',
    answers: 'not-found',
    why: 'a door for strangers, by an id that its agents hand round: staff/sso.routes.test.ts goes through it',
    ask: (it) => ({ params: { id: it.wishedNoteId } }),
  },
  'POST /api/sso-providers': {
    answers: 'sso-provider-unreachable',
    why: noProvider,
    ask: () => ({ body: form }),
  },
  'PUT /api/sso-providers/:id': {
    answers: 'sso-provider-unreachable',
    why: noProvider,
    ask: (it) => ({ params: { id: it.ssoProviderId }, body: form }),
  },
}
export const ssoRemovals: Record<string, Entry> = {
  'DELETE /api/sso-providers/:id': { ask: (it) => ({ params: { id: it.spareSsoProviderId } }) },
}
