/** Entries for one's own account. The agent of a place came in by a link: there is no password to be right about. */
import type { Entry } from './entries.ts'

const nothing = () => ({})
const signed = (response: Record<string, unknown>) => ({
  id: 'cGFzc2tleQ',
  rawId: 'cGFzc2tleQ',
  type: 'public-key',
  authenticatorAttachment: 'platform',
  clientExtensionResults: {},
  response: { clientDataJSON: 'e30', ...response },
})

export const accountEntries: Record<string, Entry> = {
  'POST /api/session/code': {
    who: 'anyone',
    answers: 'start-again',
    why: 'nobody gave a password in this browser',
    ask: () => ({ body: { code: '123456', kind: 'app' } }),
  },
  'POST /api/session/passkey/challenge': { who: 'anyone', why: 'a challenge opens nothing', ask: nothing },
  'POST /api/session/passkey': {
    who: 'anyone',
    answers: 'start-again',
    why: 'signed for no challenge of ours',
    ask: () => ({ body: { signed: signed({ authenticatorData: 'AA', signature: 'AA', userHandle: 'AA' }) } }),
  },

  'GET /api/account': { ask: nothing },
  'GET /api/account/sessions': { ask: nothing },
  'PUT /api/account/name': { ask: () => ({ body: { name: 'Heron' } }) },
  'PUT /api/account/confirmation': {
    answers: 'wrong-password',
    ask: () => ({ body: { password: 'four random words here' } }),
  },
  'PUT /api/account/password': {
    answers: 'wrong-password',
    ask: () => ({
      body: { endKeys: true, current: 'four random words here', next: 'four other words there' },
    }),
  },
  'PUT /api/account/first-password': { ask: () => ({ body: { password: 'correct horse battery' } }) },
  'PUT /api/account/second-factor/secret': { ask: nothing },
  'PUT /api/account/second-factor': { answers: 'wrong-code', ask: () => ({ body: { code: '12345' } }) },
  'PUT /api/account/second-factor/recovery-codes': {
    answers: 'not-found',
    why: 'no code has proved yet that the secret arrived',
    ask: nothing,
  },
  'DELETE /api/account/second-factor': { ask: nothing },
  'PUT /api/account/passkeys/challenge': { ask: nothing },
  'POST /api/account/passkeys': {
    answers: 'start-again',
    why: 'signed for no challenge of ours',
    ask: () => ({
      body: { name: 'My telephone', signed: signed({ attestationObject: 'AA', transports: [] }) },
    }),
  },
  'PUT /api/account/passkeys/:id': {
    ask: (it) => ({ params: { id: it.passkeyId }, body: { name: 'My telephone' } }),
  },
  'DELETE /api/account/passkeys/:id': { ask: (it) => ({ params: { id: it.passkeyId } }) },
  'DELETE /api/account/sessions/:id': { ask: (it) => ({ params: { id: it.sessionId } }) },
  'DELETE /api/account/sessions': { ask: nothing },
}
