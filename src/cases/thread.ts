/**
 * One thread from two tellers: its network now, and what we hold.
 *
 * In:  what the network answered, our posts of the case, and what we know about the rest of the answer.
 * Out: the posts to show, in the order they were said.
 *
 * What we hold as deleted or hidden stays so, whoever still shows it (P7). What we hold as said is shown even where
 * the network does not have it yet: its index is slower than its stream.
 */
import type { ThreadPost } from '../connectors/connector.ts'
import type { PostView } from './case-views.ts'
import { type StoredPost, viewFetched, viewGone, viewStored } from './post-view.ts'

export type Known = {
  /** Posts of the answer that we hold anywhere in the workspace. */
  posts: readonly StoredPost[]
  /** Accounts whose posts their network keeps from view. */
  hiddenAccounts: ReadonlySet<string>
  ourAccounts: ReadonlySet<string>
  customerAccount: string | null
}
type Links = Parameters<typeof viewFetched>[2]

export function mergeThread(
  fetched: readonly ThreadPost[],
  stored: readonly StoredPost[],
  known: Known,
  links: Links,
): PostView[] {
  const held = new Map([...known.posts, ...stored].map((post) => [post.uri, post]))
  const others = fetched
    .filter((post) => !held.has(post.uri))
    .map((post) => viewOther(post, fetched, known, links))
  const ours = [...held.values()].map((post) => viewStored(post, links.urlOf))
  return [...ours, ...others].toSorted(
    (a, b) => Date.parse(a.saidAt) - Date.parse(b.saidAt) || (a.uri < b.uri ? -1 : 1),
  )
}

function viewOther(post: ThreadPost, all: readonly ThreadPost[], known: Known, links: Links): PostView {
  if (post.gone) return viewGone({ ...post, accountId: '' }, 'deleted', firstAnswerTo(post.uri, all))
  const { accountId } = post.author
  if (known.hiddenAccounts.has(accountId)) {
    return viewGone({ ...post, accountId }, 'hidden', post.saidAt.toISOString())
  }
  return viewFetched(post, voiceOf(accountId, known), links)
}

function voiceOf(accountId: string, known: Known): PostView['voice'] {
  if (accountId === known.customerAccount) return 'customer'
  return known.ourAccounts.has(accountId) ? 'us' : 'other'
}

/** Nobody knows any more when it was said: before whoever answered it, that much is sure. */
function firstAnswerTo(uri: string, all: readonly ThreadPost[]): string {
  const said = all.filter((it) => !it.gone)
  const answers = said.filter((it) => it.parentUri === uri)
  const times = (answers.length > 0 ? answers : said).map((it) => it.saidAt.getTime())
  return new Date(times.length > 0 ? Math.min(...times) - 1 : 0).toISOString()
}
