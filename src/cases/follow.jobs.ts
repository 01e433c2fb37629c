/**
 * What else a batch says to one workspace: what our own channels wrote elsewhere, what was deleted there, and what
 * became of accounts.
 *
 * In:  a hearing and the sorted batch; the transaction stands in the workspace and holds the locks of its threads.
 * Out: rows that follow. Events about posts and accounts that nobody here knows cost one query for all of them.
 */
import type { Tx } from '../base/db.ts'
import { enqueue } from '../base/queue.ts'
import { saveChannelHandle } from '../connectors/channel.sql.ts'
import type { HeardPost } from '../connectors/connector.ts'
import type { Batch } from '../listen/batch.ts'
import {
  type Erased,
  erasePosts,
  erasePostsOfAccount,
  findPosts,
  hidePostsOfAccount,
  insertPosts,
  type NewPost,
  saveTombstones,
} from '../listen/post.sql.ts'
import { findAuthors, saveHandle, saveStatus } from '../people/author.sql.ts'
import { changeCase } from './case.sql.ts'
import { answerSent } from './case.ts'
import type { Hearing } from './hear.jobs.ts'
import { findReplyUris, findVoices, forgetWords, markRepliesDeleted, savePostsDeleted } from './intake.sql.ts'
import { type Keeping, plausible, triesForADay } from './keep.jobs.ts'

/** An answer that one of our people gave in the network's own app: shown in the thread, and it stops the clock. */
export async function keepOurs(tx: Tx, { network, ours }: Hearing, { at, newId }: Keeping): Promise<void> {
  if (ours.length === 0) return
  const sent = await findReplyUris(tx, urisOf(ours))
  const stored = await findPosts(tx, network, [...urisOf(ours), ...ours.flatMap((it) => it.parentUri ?? [])])
  const known = new Map(stored.map((it) => [it.uri, it]))
  const voices = await findVoices(
    tx,
    network,
    ours.map((it) => it.threadUri),
  )
  const rows: NewPost[] = []
  for (const post of ours.filter((it) => !sent.has(it.uri) && !known.has(it.uri))) {
    const parent = known.get(post.parentUri ?? '')
    const caseId = parent?.caseId ?? voices.find((it) => it.threadUri === post.threadUri)?.caseId
    if (!caseId) continue
    const row = ourRow(post, caseId, newId(at), at)
    rows.push(row)
    if (!parent || parent.ours) continue
    await changeCase(tx, caseId, (was) => answerSent(was, { replyId: null, sentAt: row.saidAt }, at))
  }
  await insertPosts(tx, network, rows)
}

/** No index keeps a longer one, so no post of such an address is stored either. */
const longestUri = 2_000

const urisOf = (posts: readonly HeardPost[]) => posts.map((it) => it.uri)

function ourRow(post: HeardPost, caseId: string, postId: string, at: Date): NewPost {
  const none = { authorId: null, matched: [], triage: null, editedAt: null, hiddenAt: null }
  return { ...post, ...none, postId, caseId, ours: true, heardAt: at, saidAt: plausible(post.saidAt, at) }
}

/** P7. A post of an author we know is remembered as deleted even if it never came: it may still be on its way. */
export async function keepDeletes(
  tx: Tx,
  { network, house }: Hearing,
  batch: Batch,
  at: Date,
): Promise<void> {
  if (batch.deletes.size === 0) return
  const erased = await erasePosts(tx, network, [...batch.deletes.keys()], at)
  await noteErased(tx, erased, at)

  const isErased = new Set(erased.map((it) => it.uri))
  const rest = [...batch.deletes].filter(([uri]) => !isErased.has(uri))
  const authors = await findAuthors(tx, network, [...new Set(rest.map(([, it]) => it.authorId))])
  const idOf = new Map(authors.map((it) => [it.accountId, it.authorId]))
  const gone = rest.flatMap(([uri, { authorId: accountId, rev }]) => {
    const authorId = idOf.get(accountId)
    return authorId && Buffer.byteLength(uri) <= longestUri ? [{ uri, rev, accountId, authorId }] : []
  })
  await saveTombstones(tx, network, gone, at)

  const ours = [...batch.deletes].filter(([, it]) =>
    house.channels.some((ch) => ch.accountId === it.authorId),
  )
  await markRepliesDeleted(
    tx,
    ours.map(([uri]) => uri),
  )
}

export async function noteErased(tx: Tx, erased: Erased[], at: Date): Promise<void> {
  const gone = erased.flatMap(({ caseId, postId, ours }) => (caseId && !ours ? [{ caseId, postId }] : []))
  if (gone.length === 0) return
  await savePostsDeleted(tx, gone, at)
  for (const caseId of [...new Set(gone.map((it) => it.caseId))].sort()) await forgetWords(tx, caseId)
}

/** Accounts first of all, so that what follows in the batch meets them as they are in the end. */
export async function keepAccounts(tx: Tx, hearing: Hearing, batch: Batch, at: Date): Promise<void> {
  const { network, house } = hearing
  await keepChannelHandles(tx, house, batch)
  const named = [...new Set([...batch.statuses.keys(), ...batch.handles.keys()])]
  const known = await findAuthors(tx, network, named)
  for (const { accountId, authorId } of known.sort((a, b) => (a.accountId < b.accountId ? -1 : 1))) {
    await keepStatus(tx, hearing, accountId, batch, at)
    const handle = batch.handles.get(accountId)
    if (handle === undefined) continue
    await saveHandle(tx, network, accountId, handle, at)
    if (handle !== null) continue
    const payload = { workspaceId: house.workspaceId, authorId }
    await enqueue(tx, 'read-author', payload, { jobKey: `author:${authorId}`, maxAttempts: triesForADay })
  }
}

async function keepChannelHandles(tx: Tx, { workspaceId, channels }: Hearing['house'], batch: Batch) {
  for (const { channelId, accountId } of channels) {
    const handle = batch.handles.get(accountId)
    if (handle) await saveChannelHandle(tx, channelId, handle)
    if (handle === null)
      await enqueue(
        tx,
        'read-channel',
        { workspaceId, channelId },
        {
          jobKey: `channel:${channelId}`,
          maxAttempts: triesForADay,
        },
      )
  }
}

/** Of these accounts, those that this workspace has to do with. */
export async function whoIsKnown(
  tx: Tx,
  { network, house }: Hearing,
  accountIds: readonly string[],
): Promise<string[]> {
  if (accountIds.length === 0) return []
  const authors = await findAuthors(tx, network, accountIds)
  return [...authors, ...house.channels].map((it) => it.accountId)
}

async function keepStatus(tx: Tx, { network }: Hearing, accountId: string, batch: Batch, at: Date) {
  const status = batch.statuses.get(accountId)
  if (!status) return
  await saveStatus(tx, network, accountId, status)
  if (status === 'deleted') await noteErased(tx, await erasePostsOfAccount(tx, network, accountId, at), at)
  else await hidePostsOfAccount(tx, network, accountId, status === 'active' ? null : at)
}
