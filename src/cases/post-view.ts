/**
 * A post as the screen shows it, stored or fetched for a moment.
 *
 * In:  a stored row, or what a network answered.
 * Out: the view of the contract. What is deleted or hidden shows that it was there, and nothing of what it said.
 */
import type { Embed, Facet, HeardPost } from '../connectors/connector.ts'
import type { PostView } from './case-views.ts'

export type StoredPost = {
  postId: string
  uri: string
  parentUri: string | null
  accountId: string
  handle: string | null
  displayName: string | null
  voice: PostView['voice']
  text: string | null
  facets: Facet[]
  embed: Embed | null
  saidAt: Date
  editedAt: Date | null
  gone: PostView['gone']
}

type UrlOf = (uri: string, handle: string | null) => string | null

export function viewStored(post: StoredPost, urlOf: UrlOf): PostView {
  const said = post.gone ? nothing : { text: post.text, facets: post.facets, embed: post.embed }
  return {
    postId: post.postId,
    uri: post.uri,
    parentUri: post.parentUri,
    author: { accountId: post.accountId, handle: post.handle, displayName: post.displayName },
    voice: post.voice,
    text: said.text,
    gone: post.gone,
    facets: said.facets,
    ...viewEmbed(said.embed, (n) => `/api/posts/${post.postId}/images/${n}`),
    saidAt: post.saidAt.toISOString(),
    editedAt: post.editedAt?.toISOString() ?? null,
    url: post.gone === 'deleted' ? null : urlOf(post.uri, post.handle),
  }
}

/** Fetched for display. `imageSrc` answers an address of ours for the author's image. */
export function viewFetched(
  post: HeardPost,
  voice: PostView['voice'],
  links: { urlOf: UrlOf; imageSrc: (image: { accountId: string; ref: string; uri: string }) => string },
): PostView {
  return {
    postId: null,
    uri: post.uri,
    parentUri: post.parentUri,
    author: post.author,
    voice,
    text: post.text,
    gone: null,
    facets: post.facets,
    ...viewEmbed(post.embed, (_n, ref) =>
      links.imageSrc({ accountId: post.author.accountId, ref, uri: post.uri }),
    ),
    saidAt: post.saidAt.toISOString(),
    editedAt: null,
    url: links.urlOf(post.uri, post.author.handle),
  }
}

/** Something was there and is not any more, or its network keeps it from view. */
export function viewGone(
  post: { uri: string; parentUri: string | null; accountId: string },
  gone: NonNullable<PostView['gone']>,
  saidAt: string,
): PostView {
  return {
    postId: null,
    uri: post.uri,
    parentUri: post.parentUri,
    author: { accountId: post.accountId, handle: null, displayName: null },
    voice: 'other',
    text: null,
    gone,
    facets: [],
    ...viewEmbed(null, () => ''),
    saidAt,
    editedAt: null,
    url: null,
  }
}

const nothing = { text: null, facets: [], embed: null }

function viewEmbed(embed: Embed | null, srcOf: (n: number, ref: string) => string) {
  return {
    images: (embed?.images ?? []).map(({ ref, alt, width, height }, n) => ({
      src: srcOf(n, ref),
      alt,
      width,
      height,
    })),
    link: embed?.link ?? null,
    quoteUri: embed?.quote?.uri ?? null,
    other: embed?.other ?? null,
  }
}
