/**
 * Handing in, many at a time: one transaction for what a workspace's programs say at the same moment.
 *
 * In:  requests of one workspace, no two with the same external id; the transaction stands in the workspace.
 * Out: one answer or refusal each, in their order. Rows by the rules and the queries of listening.
 */
import { createHash } from 'node:crypto'
import type { Now, newId } from '../base/clock.ts'
import type { Tx } from '../base/db.ts'
import { Refusal } from '../base/refusal.ts'
import type { Agent } from '../staff/agent.ts'
import type { Asked, Done } from '../staff/together.ts'
import { lockThreads } from './case.sql.ts'
import { findHandedIn, type KnownPost } from './create-case.sql.ts'
import { answerOf, mentionOf, type Standing, threadOf, wordsOf } from './create-case.ts'
import type { CreatedCase, HandedIn } from './create-case-contract.ts'
import { type Kept, keepPosts, type Told } from './keep.jobs.ts'

type Tools = { now: Now; newId: typeof newId }
type Result = Done<CreatedCase> | Refusal

export async function createCases(
  tx: Tx,
  asked: readonly Asked<HandedIn>[],
  { now, newId }: Tools,
): Promise<Result[]> {
  const at = now()
  const { workspaceId } = asked[0]!.agent
  const items = asked.map((it) => it.item)
  // Beside the threads the posts themselves: another process may be handed the same one for another thread.
  const words = items.flatMap((it) => [threadOf(it), `post ${it.externalId}`])
  await lockThreads(
    tx,
    words.map((threadUri) => ({ workspaceId, network: 'api', threadUri })),
  )
  const found = await findHandedIn(
    tx,
    items.map((it) => it.externalId),
  )
  const known = new Map(found.map((it) => [it.externalId, it]))
  const mentions = asked.flatMap(({ item, agent }) =>
    known.has(item.externalId) ? [] : [mentionOf(item, agent, digestOf(item), at)],
  )
  const told: Told = { network: 'api', house: { workspaceId }, mentions, edits: [], seen: nobodySaid }
  const kept: Kept = mentions.length > 0 ? await keepPosts(tx, told, { at, newId }) : new Map()
  return asked.map((it) => resultOf(it, known.get(it.item.externalId), kept))
}

/** No stream tells of what is handed in. */
const nobodySaid = { isDeleted: () => false, editOf: () => undefined, statusOf: () => undefined }

const digestOf = (item: HandedIn) => createHash('sha256').update(wordsOf(item)).digest('base64url')

function resultOf({ item, agent }: Asked<HandedIn>, was: KnownPost | undefined, kept: Kept): Result {
  if (was && !was.isErased && was.digest !== digestOf(item))
    return new Refusal('changed-meanwhile', 'another post was handed in with this externalId')
  if (was) return say('known', { postId: was.postId, case: was.case }, agent)
  const now = kept.get(item.externalId)
  if (!now) return say('not-kept', null, agent)
  return say(now.isOpened ? 'opened' : 'joined', now, agent)
}

/** The audit log names the case even where the answer may not. */
function say(outcome: CreatedCase['outcome'], it: Standing | null, by: Agent): Done<CreatedCase> {
  const about = { content: { outcome, postId: it?.postId ?? null } }
  const answer = answerOf(outcome, it, by)
  return { answer, about: it?.case ? { ...about, onId: it.case.caseId } : about }
}
