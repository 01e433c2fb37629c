/**
 * Storing what one workspace heard: posts, and the cases they open, join and reopen.
 *
 * In:  a hearing; the transaction stands in the workspace and holds the locks of its threads.
 * Out: rows, and jobs for what has to be asked of the network afterwards.
 */
import type { newId } from '../base/clock.ts'
import type { Tx } from '../base/db.ts'
import { enqueueAll } from '../base/queue-batch.ts'
import { type HeardPost, isNetwork } from '../connectors/connector.ts'
import { findPosts, insertPosts, type NewPost, rewritePost, type StoredPost } from '../listen/post.sql.ts'
import type { Seen } from '../listen/recent.ts'
import { type Author, saveAuthors } from '../people/author.sql.ts'
import { type Triage, triagePost } from '../triage/triage.ts'
import { changeCase, findCasesOfThreads, findClocks, saveChanges } from './case.sql.ts'
import { type Case, type Change, hearCustomer, hearEdit, type Opening, openCase } from './case.ts'
import type { Hearing, Match, Mention } from './hear.jobs.ts'
import { forgetWords } from './intake.sql.ts'

export type Keeping = { at: Date; newId: typeof newId }

type Fresh = { postId: string; post: HeardPost; mention: Mention; author: Author; triage: Triage }
/** The queue waits longer each time: a network that is away for most of a day is still asked. */
export const triesForADay = 12
const handleStaysFreshMs = 24 * 3_600_000

/** What came, from a network's stream or handed in. */
export type Told = Pick<Hearing, 'mentions' | 'edits' | 'seen'> & {
  network: Case['network']
  house: Pick<Hearing['house'], 'workspaceId'>
}
/** Where each new post went, by its address. What is not here was known, or nothing of it is kept. */
export type Kept = Map<string, { postId: string; case: Case; isOpened: boolean }>

export async function keepPosts(tx: Tx, hearing: Told, keeping: Keeping): Promise<Kept> {
  const { network, edits, seen } = hearing
  const mentions = hearing.mentions.filter((it) => seen.statusOf(it.post.author.accountId) !== 'deleted')
  const authors = await saveAuthors(tx, network, mentions.map(authorOf(seen)), keeping.at)
  const heard = [...mentions.map((it) => it.post), ...edits]
  const stored = await findPosts(tx, network, urisOf(heard))
  const storedByUri = new Map(stored.map((it) => [it.uri, it]))

  for (const post of heard) await keepNewer(tx, storedByUri.get(post.uri), post, keeping.at)
  const fresh = mentions.flatMap((mention) => {
    const author = authors.get(mention.post.author.accountId)
    if (!author || author.status === 'deleted' || storedByUri.has(mention.post.uri)) return []
    return [prepare(mention, author, keeping)]
  })
  const kept = await joinCases(tx, hearing, fresh, keeping)
  if (isNetwork(network)) await askWhoLater(tx, hearing.house.workspaceId, authors.values(), keeping.at)
  return kept
}

const urisOf = (posts: readonly HeardPost[]) => posts.map((it) => it.uri)

/** What is known of accounts that no table holds. */
const authorOf = (seen: Seen) => (mention: Mention) => ({
  ...mention.post.author,
  status: seen.statusOf(mention.post.author.accountId) ?? ('active' as const),
})

function prepare(mention: Mention, author: Author, { at, newId }: Keeping): Fresh {
  const { text, langs, saidAt } = mention.post
  const post = { ...mention.post, saidAt: plausible(saidAt, at) }
  return { postId: newId(at), post, mention, author, triage: triagePost(text, langs) }
}

/** When a post was said is its author's claim; what no calendar holds was said when we heard it. */
export function plausible(saidAt: Date, at: Date): Date {
  return saidAt.getTime() >= 0 && saidAt <= at ? saidAt : at
}

/** Older news, and any news of what was deleted, change nothing. */
async function keepNewer(tx: Tx, was: StoredPost | undefined, post: HeardPost, at: Date): Promise<void> {
  if (!was || was.deletedAt || was.rev >= post.rev) return
  const triage = was.ours ? null : triagePost(post.text, post.langs)
  await rewritePost(tx, was.postId, { ...post, triage }, at)
  if (!was.caseId || was.cid === post.cid) return
  if (triage) await learnFromEdit(tx, was, was.caseId, triage, at)
  await forgetWords(tx, was.caseId)
}

/** A muted author's closed case stays closed, whatever they make of their words. */
async function learnFromEdit(
  tx: Tx,
  { postId, muted }: StoredPost,
  caseId: string,
  triage: Triage,
  at: Date,
) {
  const { targetsOf } = await findClocks(tx)
  await changeCase(tx, caseId, (it) =>
    muted && it.status === 'closed'
      ? { next: it, events: [], at }
      : hearEdit(it, { postId, triage }, targetsOf(it.teamId), at),
  )
}

async function joinCases(tx: Tx, hearing: Told, fresh: Fresh[], keeping: Keeping): Promise<Kept> {
  const kept: Kept = new Map()
  if (fresh.length === 0) return kept
  const { network, house } = hearing
  const clocks = await findClocks(tx)
  const voices = [...Map.groupBy(fresh, voiceOf).values()].map((said) => ({
    key: {
      workspaceId: house.workspaceId,
      network,
      threadUri: said[0]!.post.threadUri,
      authorId: said[0]!.author.authorId,
    },
    said,
  }))
  const known = await findCasesOfThreads(
    tx,
    network,
    voices.map((it) => it.key),
  )
  const joined = voices.flatMap(({ key, said }) => {
    const was = known.find((it) => it.threadUri === key.threadUri && it.authorId === key.authorId)
    const change = joinCase(key, was, said, clocks, keeping)
    return change ? [{ was, said, change }] : []
  })
  const saved = await saveChanges(
    tx,
    joined.map((it) => it.change),
  )
  const rows: NewPost[] = []
  const opened: { payload: object; jobKey: string }[] = []
  for (const [n, { was, said }] of joined.entries()) {
    const { caseId, workspaceId } = saved[n]!
    rows.push(...said.map((it) => rowOf(it, caseId, keeping.at)))
    for (const { post, postId } of said)
      kept.set(post.uri, { postId, case: saved[n]!, isOpened: !was && post === said[0]!.post })
    if (was) continue
    const payload = { workspaceId, caseId, network, accountId: said[0]!.author.accountId }
    opened.push({ payload, jobKey: `reach:${caseId}` })
  }
  await insertPosts(tx, network, rows)
  if (isNetwork(network)) await enqueueAll(tx, 'read-reach', opened, triesForADay)
  return kept
}

const voiceOf = ({ author, post }: Fresh) => `${author.authorId} ${post.threadUri}`

type VoiceKey = Pick<Opening, 'workspaceId' | 'network' | 'threadUri' | 'authorId'>

/** One author's posts in one thread. Null when a muted author has no case and nothing is kept. */
function joinCase(
  key: VoiceKey,
  was: Case | undefined,
  said: Fresh[],
  clocks: Awaited<ReturnType<typeof findClocks>>,
  { at, newId }: Keeping,
): Change | null {
  const isMuted = said[0]!.author.mutedAt !== null
  if (isMuted && (!was || was.status === 'closed')) return was ? { next: was, events: [], at } : null
  const channelId = addressed(said.flatMap((it) => it.mention.matched))
  const teamId = was ? was.teamId : clocks.teamOf(channelId)
  const opening = { ...key, caseId: newId(at), channelId, teamId, targets: clocks.targetsOf(teamId) }
  return hearAll(was, opening, said, at)
}

/** Several posts at once are one change: opened by the first of them, joined by the rest. */
function hearAll(
  was: Case | undefined,
  opening: Omit<Opening, 'triage' | 'saidAt'>,
  said: Fresh[],
  at: Date,
): Change {
  let change: Change | undefined
  for (const { postId, post, triage } of said) {
    const { saidAt } = post
    const open = change?.next ?? was
    const step = open
      ? hearCustomer(open, { postId, saidAt, triage }, opening.targets, at)
      : openCase({ ...opening, postId, saidAt, triage }, at)
    change = { ...step, events: [...(change?.events ?? []), ...step.events] }
  }
  return change!
}

function addressed(matched: Match[]): string | null {
  return matched.find((it) => 'channelId' in it)?.channelId ?? null
}

function rowOf({ postId, post, mention, author, triage }: Fresh, caseId: string, at: Date): NewPost {
  return {
    ...post,
    postId,
    authorId: author.authorId,
    ours: false,
    caseId,
    matched: mention.matched,
    triage,
    heardAt: at,
    editedAt: mention.edited ? at : null,
    hiddenAt: author.status === 'active' ? null : at,
  }
}

/** A stream gives only the lasting id of an account; handles change. */
async function askWhoLater(tx: Tx, workspaceId: string, authors: Iterable<Author>, at: Date): Promise<void> {
  const isStale = ({ handleCheckedAt }: Author) =>
    at.getTime() - (handleCheckedAt?.getTime() ?? 0) >= handleStaysFreshMs
  const jobs = [...authors].filter(isStale).map(({ authorId }) => ({
    payload: { workspaceId, authorId },
    jobKey: `author:${authorId}`,
  }))
  await enqueueAll(tx, 'read-author', jobs, triesForADay)
}
