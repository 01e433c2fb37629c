/**
 * What a customer said elsewhere, handed in through the API, as a post like any other.
 *
 * In:  the request's words, who hands them in, and the time.
 * Out: a mention for the same rules that listening follows (keep.jobs.ts), and the answer once it is kept.
 *
 * The caller's ids stand where a network's would: `externalId` is the post's address, `threadId` its thread's.
 */
import type { Agent } from '../staff/agent.ts'
import { whyNotThere } from '../staff/permissions.ts'
import type { Case } from './case.ts'
import type { CreatedCase, HandedIn } from './create-case-contract.ts'

export const threadOf = ({ threadId, externalId }: HandedIn) => threadId ?? externalId

/** The same id for other words is a mistake to be told; when the words came does not make them others. */
export const wordsOf = (it: HandedIn) => JSON.stringify([it.author.accountId, threadOf(it), it.text])

export function mentionOf(it: HandedIn, by: Pick<Agent, 'agentId' | 'keyId'>, digest: string, at: Date) {
  return {
    edited: false,
    matched: [{ rule: 'handed-in' as const, byAgentId: by.agentId, byKeyId: by.keyId }],
    post: {
      uri: it.externalId,
      cid: digest,
      rev: '1',
      threadUri: threadOf(it),
      parentUri: null,
      author: it.author,
      text: it.text,
      facets: [],
      embed: null,
      langs: [],
      saidAt: it.saidAt === null ? at : new Date(it.saidAt),
    },
  }
}

export type Standing = { postId: string; case: Pick<Case, 'caseId' | 'number' | 'teamId'> | null }

/** A case beyond the caller's teams is not shown to them: it was taken in, and that is all they learn. */
export function answerOf(
  outcome: CreatedCase['outcome'],
  it: Standing | null,
  by: Pick<Agent, 'teamIds'>,
): CreatedCase {
  const shown = it?.case && whyNotThere(by, it.case) === null ? it.case : null
  return { outcome, postId: it?.postId ?? null, caseId: shown?.caseId ?? null, number: shown?.number ?? null }
}
