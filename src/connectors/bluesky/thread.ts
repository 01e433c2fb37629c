/**
 * The rest of a thread, fetched for display. The AppView knows all of it; without one, the way up to the first post
 * can still be read post by post from where the authors keep them.
 */
import type { Io, ThreadPost } from '../connector.ts'
import { parseAtUri } from './at-uri.ts'
import type { Settings } from './identity.ts'
import { readPost } from './post.ts'
import { readRecord } from './records.ts'
import { oldestRev } from './tid.ts'
import { readView } from './view.ts'
import { callXrpc, type Json, jsonOf, listOf, textOf } from './xrpc.ts'

const most = { up: 20, posts: 200, depth: 10 }

/** From the first post down; what is gone stands there as gone. */
export async function readThread(uri: string, settings: Settings, io: Io): Promise<ThreadPost[]> {
  return (await threadFromAppView(uri, settings, io)) ?? (await threadFromAuthors(uri, settings, io))
}

async function threadFromAppView(uri: string, settings: Settings, io: Io): Promise<ThreadPost[] | null> {
  if (!settings.appViewUrl) return null
  const params = { uri, parentHeight: most.up, depth: most.depth }
  const call = { service: settings.appViewUrl, nsid: 'app.bsky.feed.getPostThread', params }
  const answer = await callXrpc(call, io)
  if (!answer.ok) return null
  const anchor = jsonOf(answer.body.thread)
  const above: Json[] = []
  for (let up = jsonOf(anchor.parent); textOf(up.$type) && above.length < most.up; up = jsonOf(up.parent))
    above.unshift(up)
  const posts: ThreadPost[] = []
  for (const node of above) posts.push(...onePost(node, io.now()))
  addWithReplies(anchor, null, posts, io.now())
  return posts
}

function addWithReplies(node: Json, parentUri: string | null, posts: ThreadPost[], heardAt: Date): void {
  posts.push(...onePost(node, heardAt, parentUri))
  const uri = textOf(jsonOf(node.post).uri)
  const replies = listOf(node.replies).sort((a, b) => whenOf(a).localeCompare(whenOf(b)))
  for (const reply of replies) {
    if (posts.length >= most.posts) return
    addWithReplies(reply, uri, posts, heardAt)
  }
}

const whenOf = (node: Json) => textOf(jsonOf(node.post).indexedAt) ?? ''

function onePost(node: Json, heardAt: Date, parentUri: string | null = null): ThreadPost[] {
  const post = readView(jsonOf(node.post), heardAt)
  if (post) return [{ ...post, gone: false }]
  const uri = textOf(node.uri) ?? textOf(jsonOf(node.post).uri)
  return uri ? [{ uri, gone: true, parentUri }] : []
}

async function threadFromAuthors(start: string, settings: Settings, io: Io): Promise<ThreadPost[]> {
  const posts: ThreadPost[] = []
  let next: string | null = start
  while (next !== null && posts.length < most.up && !io.signal.aborted) {
    const post: ThreadPost | null = await postFromAuthor(next, settings, io)
    if (!post || posts.some((it) => it.uri === post.uri)) break
    posts.unshift(post)
    next = post.parentUri
  }
  return posts
}

/** Null when nobody answers: unknown is not gone. */
async function postFromAuthor(uri: string, settings: Settings, io: Io): Promise<ThreadPost | null> {
  const found = await readRecord(uri, settings, io)
  if (found.outcome === 'unreachable') return null
  if (found.outcome === 'gone') return { uri, gone: true, parentUri: null }
  const author = { accountId: parseAtUri(uri)!.repo, handle: null, displayName: null }
  try {
    const around = { uri, cid: found.cid, rev: oldestRev, author, heardAt: io.now() }
    return { ...readPost(found.value, around), gone: false }
  } catch {
    return { uri, gone: true, parentUri: null }
  }
}
