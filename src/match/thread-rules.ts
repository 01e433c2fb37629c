/**
 * The rules of the thread (product.md, step 2): "yes, still broken" is heard although it names nobody.
 *
 * In:  a post, and what is known of its thread and of our channels.
 * Out: the rules it matches. Another person's post in the thread matches none of them by being there.
 */
import type { HeardPost } from '../connectors/connector.ts'
import { fold } from './fold.ts'
import { handlesOf, readable } from './match.ts'

export type OurChannel = { channelId: string; accountId: string; handle: string }
export type ThreadMatch = { rule: 'own-case' } | { rule: 'reply-to-us' | 'addresses-us'; channelId: string }

export type Thread = {
  channels: readonly OurChannel[]
  /** Whether the post's author has a case in the post's thread. */
  authorHasCase: boolean
}

export function matchThread(post: HeardPost, thread: Thread): ThreadMatch[] {
  const matches: ThreadMatch[] = thread.authorHasCase ? [{ rule: 'own-case' }] : []
  const answered = findWriter(post.parentUri, thread.channels)
  if (answered) matches.push({ rule: 'reply-to-us', channelId: answered })
  const addressed = findAddressed(post, thread.channels)
  if (addressed) matches.push({ rule: 'addresses-us', channelId: addressed })
  return matches
}

/** A post's address names its author: at://did:plc:acme/app.bsky.feed.post/3k... */
function findWriter(uri: string | null, channels: readonly OurChannel[]): string | null {
  const writer = uri?.match(/^[a-z]+:\/\/([^/]+)\//)?.[1]
  return channels.find((it) => it.accountId === writer)?.channelId ?? null
}

function findAddressed(heard: HeardPost, channels: readonly OurChannel[]): string | null {
  const post = readable(heard)
  if (channels.length === 0 || (post.facets.length === 0 && !/[@＠]/.test(post.text))) return null
  const named = handlesOf(post, fold(post.text))
  const addressed = channels.find((it) => named.has(fold(it.accountId)) || named.has(fold(it.handle)))
  return addressed?.channelId ?? null
}
