/**
 * Which posts of a batch concern one workspace. Reads only.
 *
 * In:  a sorted batch; the transaction stands in the workspace.
 * Out: its mentions and what made them so, its own channels' posts in threads of a case, and edits of posts that it
 *      may hold. Everything else is forgotten here.
 */
import type { Tx } from '../base/db.ts'
import type { HeardPost, Network } from '../connectors/connector.ts'
import { type Batch, type FoldedPost, postsAsSeen } from '../listen/batch.ts'
import { findHouse, type House } from '../listen/house.sql.ts'
import type { Recents, Seen } from '../listen/recent.ts'
import { type Compiled, compileWatches, matchPost, type WatchMatch } from '../match/match.ts'
import { matchThread, type ThreadMatch } from '../match/thread-rules.ts'
import { findWatches } from '../match/watch.sql.ts'
import { findVoices, type Voice } from './intake.sql.ts'

/** Brought by a program or a person of the house: who answers for it, and with which key. */
export type HandedIn = { rule: 'handed-in'; byAgentId: string; byKeyId: string | null }
export type Match = ({ rule: 'watch' } & WatchMatch) | ThreadMatch | HandedIn
export type Mention = { post: HeardPost; edited: boolean; matched: Match[] }
export type Hearing = {
  house: House
  network: Network
  /** What the sources of this workspace said a short while ago. */
  seen: Seen
  mentions: Mention[]
  /** Written by our own channels, in threads that have a case. */
  ours: HeardPost[]
  /** They match nothing (any more), but what is stored has to follow them. */
  edits: HeardPost[]
  voices: Voice[]
}
export type WatchCache = Map<string, { version: number; compiled: Compiled }>
export type HearMemory = { watches: WatchCache; recents: Recents }

export async function hear(
  tx: Tx,
  network: Network,
  batch: Batch,
  { watches, recents }: HearMemory,
): Promise<Hearing | undefined> {
  const house = await findHouse(tx, network)
  if (!house) return undefined
  const compiled = await findCompiled(tx, house, watches)
  const seen = recents.seenBy(house.sources)
  const posts = postsAsSeen(batch.posts, seen)
  const answers = posts.filter((it) => it.newest.parentUri !== null)
  const voices = await findVoices(
    tx,
    network,
    answers.map((it) => it.newest.threadUri),
  )
  const hearing: Hearing = { house, network, seen, mentions: [], ours: [], edits: [], voices }
  const isOurs = (it: FoldedPost) => house.channels.some((ch) => ch.accountId === it.newest.author.accountId)

  for (const it of posts.filter((post) => !isOurs(post))) {
    const matched = matchesOf(it, compiled, hearing)
    if (matched.length > 0) hearing.mentions.push({ post: it.newest, edited: it.edited, matched })
    else if (it.edited) hearing.edits.push(it.newest)
  }
  const threads = new Set([...voices, ...hearing.mentions.map((it) => it.post)].map((it) => it.threadUri))
  for (const { newest, edited } of posts.filter(isOurs)) {
    if (threads.has(newest.threadUri)) hearing.ours.push(newest)
    if (edited) hearing.edits.push(newest)
  }
  return hearing
}

/** The same, after another source had time to say more: what it deleted meanwhile is left out. */
export function hearAgain(hearing: Hearing): Hearing {
  const { seen, mentions, ours, edits } = hearing
  const stands = ({ uri }: HeardPost) => !seen.isDeleted(uri)
  return {
    ...hearing,
    mentions: mentions.filter((it) => stands(it.post)).map((it) => withNewest(it, seen)),
    ours: ours.filter(stands),
    edits: edits.filter(stands),
  }
}

function withNewest(it: Mention, seen: Seen): Mention {
  const edit = seen.editOf(it.post.uri)
  return edit && edit.rev > it.post.rev ? { ...it, post: edit, edited: true } : it
}

/** Everything that this hearing is about to write about. */
export function keysOf({ mentions, ours, edits }: Hearing): string[] {
  const posts = [...mentions.map((it) => it.post), ...ours, ...edits]
  return posts.flatMap((it) => [it.uri, it.author.accountId])
}

function matchesOf(it: FoldedPost, compiled: Compiled, { house, voices, mentions }: Hearing): Match[] {
  const { threadUri, author } = it.newest
  // A backlog brings a thread's first post and its author's next one in the same batch.
  const authorHasCase =
    voices.some((v) => v.threadUri === threadUri && v.accountId === author.accountId) ||
    mentions.some(({ post: m }) => m.threadUri === threadUri && m.author.accountId === author.accountId)
  const watched = it.versions.flatMap((version) => matchPost(compiled, version))
  const once = new Map(watched.map((match) => [match.watchId, match]))
  return [
    ...[...once.values()].map((match) => ({ rule: 'watch' as const, ...match })),
    ...matchThread(it.newest, { channels: house.channels, authorHasCase }),
  ]
}

async function findCompiled(tx: Tx, house: House, cache: WatchCache): Promise<Compiled> {
  const known = cache.get(house.workspaceId)
  if (known?.version === house.watchVersion) return known.compiled
  const compiled = compileWatches(await findWatches(tx))
  cache.set(house.workspaceId, { version: house.watchVersion, compiled })
  return compiled
}
