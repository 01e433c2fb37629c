/**
 * One batch, sorted out: what it says in the end about each post and each account.
 *
 * In:  events in stream order; and what one workspace heard a short while ago.
 * Out: each post once, its newest version by `rev`; what was deleted stays deleted whatever comes with it.
 *
 * `rev` orders the changes of one author's posts; the order in which they arrive promises nothing.
 */
import type { AccountStatus, HeardEvent, HeardPost } from '../connectors/connector.ts'
import type { Seen } from './recent.ts'

/** `versions` holds every version heard: a post is ours to keep when any of them matched. */
export type FoldedPost = { newest: HeardPost; versions: HeardPost[]; edited: boolean }
export type Batch = {
  posts: FoldedPost[]
  deletes: Map<string, { authorId: string; rev: string }>
  statuses: Map<string, AccountStatus>
  /** Null: it changed, and nobody said to what. */
  handles: Map<string, string | null>
  poisons: Extract<HeardEvent, { type: 'poison' }>[]
  gaps: Extract<HeardEvent, { type: 'gap' }>[]
}

export function sortBatch(events: readonly HeardEvent[]): Batch {
  const posts = new Map<string, FoldedPost>()
  const batch: Omit<Batch, 'posts'> = {
    deletes: new Map(),
    statuses: new Map(),
    handles: new Map(),
    poisons: [],
    gaps: [],
  }
  for (const it of events) {
    if (it.type === 'post') foldPost(posts, it.post, it.op)
    else if (it.type === 'delete') batch.deletes.set(it.uri, { authorId: it.authorId, rev: it.rev })
    else if (it.type === 'account') batch.statuses.set(it.authorId, it.status)
    else if (it.type === 'identity') batch.handles.set(it.authorId, it.handle)
    else if (it.type === 'poison') batch.poisons.push(it)
    else batch.gaps.push(it)
  }
  return { ...batch, posts: [...posts.values()].filter((it) => !batch.deletes.has(it.newest.uri)) }
}

function foldPost(posts: Map<string, FoldedPost>, post: HeardPost, op: 'create' | 'update') {
  const was = posts.get(post.uri)
  posts.set(post.uri, {
    newest: was && was.newest.rev >= post.rev ? was.newest : post,
    versions: [...(was?.versions ?? []), post],
    edited: op === 'update' || was?.edited === true,
  })
}

/** The posts of a batch to somebody who knows more: what was deleted is left out, what was edited is newer. */
export function postsAsSeen(posts: readonly FoldedPost[], seen: Seen): FoldedPost[] {
  return posts.filter((it) => !seen.isDeleted(it.newest.uri)).map((it) => withEdit(it, seen))
}

function withEdit(it: FoldedPost, seen: Seen): FoldedPost {
  const edit = seen.editOf(it.newest.uri)
  if (!edit) return it
  const newest = it.newest.rev >= edit.rev ? it.newest : edit
  return { newest, versions: [edit, ...it.versions], edited: true }
}
