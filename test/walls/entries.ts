/**
 * Every route, with one good request to it: the table that test/route-walls.test.ts walks, in this order:
 * reading first, and what is taken away after what needs it.
 *
 * `ask` gets a place and names its things; the walk puts another workspace's in, one thing at a time. A route that is
 * not here, or a field that its request leaves out, fails the walk.
 */
import type { RefusalCode } from '../../src/base/refusal.ts'
import { rehearsalBrand } from '../../src/connectors/rehearsal/rehearsal.ts'
import { accountEntries } from './entries-account.ts'
import { approvalEntries } from './entries-approvals.ts'
import { auditEntries } from './entries-audit.ts'
import { changingColleagues, readingColleagues } from './entries-colleagues.ts'
import { createCaseEntries } from './entries-create-case.ts'
import { dataEntries } from './entries-data.ts'
import { fileEntries } from './entries-files.ts'
import { keyEntries } from './entries-keys.ts'
import { ssoEntries, ssoRemovals } from './entries-sso.ts'
import { teamEntries, teamRemovals } from './entries-teams.ts'
import { changingWebhooks, readingWebhooks } from './entries-webhooks.ts'
import type { Place } from './place.ts'

export type Ask = {
  params?: Record<string, string>
  query?: Record<string, string>
  body?: Record<string, unknown>
  /** Of a route that takes bytes. */
  bytes?: string
}
export type Entry = {
  ask: (it: Place) => Ask
  /** May be called without signing in. Otherwise who may is in the contract. */
  who?: 'anyone'
  /** What the good request answers when it is not 200. */
  answers?: RefusalCode
  /**
   * What naming another workspace's thing answers, where it is not `not-found`. `ours`: 200, with nothing of
   * theirs in it.
   */
  says?: Partial<Record<keyof Place, RefusalCode | 'ours'>>
  /** Fields of the query that hold anybody's words: hostile ones are taken as they are. A write has a test of its own for them. */
  words?: string[]
  /** Where hostile words answer otherwise than `bad-input`. */
  hostile?: RefusalCode
  /** Answers by sending the browser elsewhere. */
  leadsOn?: true
  /** Stays open: the walk asks it from outside only. */
  isStream?: true
  /** Why an entry is special. */
  why?: string
}

const nothing = () => ({})
const stranger = 'a link or a password is the key here'

export const entries: Record<string, Entry> = {
  'GET /api/door': { who: 'anyone', ask: nothing },
  'POST /api/setup': {
    who: 'anyone',
    answers: 'already-set-up',
    why: stranger,
    ask: () => ({
      body: {
        token: 'a'.repeat(40),
        name: 'Mallory',
        email: 'mallory@elsewhere.test',
        password: 'correct horse battery',
        brand: 'Mallory',
        timeZone: 'Europe/London',
      },
    }),
  },
  'POST /api/sign-in-link': {
    who: 'anyone',
    answers: 'not-found',
    why: 'links are for the rehearsal only, and this house is none',
    ask: () => ({ body: { token: 'a'.repeat(40) } }),
  },
  'POST /api/session': {
    who: 'anyone',
    answers: 'sign-in-failed',
    why: stranger,
    ask: () => ({ body: { email: 'mallory@elsewhere.test', password: 'correct horse battery' } }),
  },

  ...ssoEntries,

  'GET /api/me': { ask: nothing },
  ...readingColleagues,
  'GET /api/channels': { ask: nothing },
  'GET /api/openapi.json': { ask: nothing },
  'GET /api/docs': { ask: nothing },
  'GET /api/docs.css': { ask: nothing },
  'GET /api/sources': { ask: nothing },
  ...readingWebhooks,
  'GET /api/watches': { ask: nothing },
  'GET /api/events': {
    isStream: true,
    why: 'what another workspace hears there is in cases/live.test.ts',
    ask: nothing,
  },
  'GET /api/cases': {
    says: { pageKey: 'ours' },
    why: 'a page key is a place in an order: whoever holds one pages through cases of their own',
    ask: (it) => ({ query: { view: 'queue', after: it.pageKey, limit: '50' } }),
  },
  'GET /api/cases/:id': { ask: (it) => ({ params: { id: it.caseId } }) },
  'GET /api/cases/:id/thread': { ask: (it) => ({ params: { id: it.caseId } }) },
  'GET /api/cases/:id/draft': { ask: (it) => ({ params: { id: it.caseId } }) },
  'GET /api/cases/:id/gate': {
    says: { channelId: 'no-channel' },
    ask: (it) => ({ params: { id: it.caseId }, query: { channelId: it.channelId } }),
  },
  'GET /api/posts/:id/quote': { ask: (it) => ({ params: { id: it.postId } }) },
  'GET /api/posts/:id/images/:n': { ask: (it) => ({ params: { id: it.postId, n: '0' } }) },
  'GET /api/threads/image': {
    hostile: 'not-found',
    why: 'its address is sealed: a word that we did not write opens nothing',
    ask: (it) => ({ query: it.image }),
  },

  ...auditEntries,
  ...keyEntries,
  ...approvalEntries,
  ...createCaseEntries,
  ...dataEntries,
  ...fileEntries,
  'PUT /api/cases/:id/assignee': {
    ask: (it) => ({ params: { id: it.caseId }, body: { agentId: it.agentId, version: 1 } }),
  },
  'PUT /api/cases/:id/draft': {
    says: { channelId: 'channel-unknown' },
    ask: (it) => ({ params: { id: it.caseId }, body: { text: 'Hello Kim', channelId: it.channelId } }),
  },
  'POST /api/cases/:id/notes': {
    says: { wishedNoteId: 'ours' },
    ask: (it) => ({ params: { id: it.caseId }, body: { noteId: it.wishedNoteId, text: 'Rang the depot' } }),
  },
  'PUT /api/replies/:id/decision': {
    ask: (it) => ({ params: { id: it.refusedReplyId }, body: { decision: 'give-up' } }),
  },
  'DELETE /api/replies/:id': { ask: (it) => ({ params: { id: it.replyId } }) },
  'POST /api/cases/:id/replies': {
    says: { channelId: 'no-channel', wishedReplyId: 'ours' },
    why: 'the caller chooses the id of a reply: one of theirs is as good as any, and makes a reply of ours',
    ask: (it) => ({
      params: { id: it.caseId },
      body: {
        replyId: it.wishedReplyId,
        channelId: it.channelId,
        text: 'We have found your parcel.',
        purpose: 'answer',
      },
    }),
  },
  'PUT /api/cases/:id/closure': {
    ask: (it) => ({
      params: { id: it.caseId },
      body: { outcome: 'declined', outcomeBy: 'us', reason: 'not our parcel' },
    }),
  },
  'DELETE /api/cases/:id/closure': { ask: (it) => ({ params: { id: it.caseId } }) },
  'PUT /api/authors/:id/mute': { ask: (it) => ({ params: { id: it.authorId }, body: { reason: 'spam' } }) },
  'DELETE /api/authors/:id/mute': { ask: (it) => ({ params: { id: it.authorId } }) },

  'POST /api/watches': { ask: () => ({ body: { name: 'Late', terms: aTerm() } }) },
  'PUT /api/watches/:id': {
    ask: (it) => ({ params: { id: it.watchId }, body: { name: 'Late', terms: aTerm() } }),
  },
  'DELETE /api/watches/:id': { ask: (it) => ({ params: { id: it.watchId } }) },

  'POST /api/channels': {
    answers: 'address-not-allowed',
    why: 'no network here: the account is asked for and refused',
    ask: () => ({
      body: {
        handle: 'acme.example',
        appPassword: 'abcd-efgh-ijkl-mnop',
        serviceUrl: 'http://127.0.0.1:9',
        ownStream: false,
      },
    }),
  },
  'PUT /api/channels/:id/secret': {
    ask: (it) => ({ params: { id: it.channelId }, body: { appPassword: rehearsalBrand.secret } }),
  },
  'PUT /api/source-decision': {
    hostile: 'not-found',
    why: 'a source is named by its address, which may hold any character',
    ask: (it) => ({ body: { sourceId: it.sourceId, from: 'now' } }),
  },
  'POST /api/sources': {
    says: { streamUrl: 'ours' },
    why: 'public streams are the installation’s: whoever joins one shares it and moves nobody else',
    ask: (it) => ({ body: { address: it.streamUrl, words: ['parcelpost'] } }),
  },
  'POST /api/rehearsal': { answers: 'rehearsal-running', ask: () => ({ body: {} }) },
  'PUT /api/workspace': {
    ask: () => ({
      body: { name: 'Heron care', brand: 'Heron', timeZone: 'Europe/London', answerWithinMinutes: 60 },
    }),
  },
  ...teamEntries,
  ...changingColleagues,
  ...changingWebhooks,
  ...teamRemovals,
  ...ssoRemovals,
  'DELETE /api/channels/:id': { ask: (it) => ({ params: { id: it.channelId } }) },
  ...accountEntries,
  'DELETE /api/session': { ask: nothing },
}

function aTerm() {
  return { words: ['late parcel'], handles: [], hashtags: [], domains: [], exclusions: [] }
}
