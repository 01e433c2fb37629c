/** at:// addresses, taken apart. */
export const postCollection = 'app.bsky.feed.post'

export type AtUri = { repo: string; collection: string; rkey: string }

export function parseAtUri(uri: string): AtUri | null {
  const parts = /^at:\/\/([\w.:%-]{1,300})\/([\w.-]{1,300})\/([\w.:~-]{1,512})$/.exec(uri)
  return parts ? { repo: parts[1]!, collection: parts[2]!, rkey: parts[3]! } : null
}

/** No longer than an address can hold: no method in use comes near it. */
export const isDid = (text: unknown): text is string =>
  typeof text === 'string' && text.length <= 300 && /^did:[a-z]+:[\w.:%-]*[\w.-]$/.test(text)

export const postUri = (did: string, rkey: string) => `at://${did}/${postCollection}/${rkey}`

/** Where people can see a post or an author for themselves. */
export function urlOf(uri: string): string | null {
  if (isDid(uri)) return `https://bsky.app/profile/${uri}`
  const parts = parseAtUri(uri)
  return parts?.collection === postCollection
    ? `https://bsky.app/profile/${parts.repo}/post/${parts.rkey}`
    : null
}
