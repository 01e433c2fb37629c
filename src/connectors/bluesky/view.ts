/** Posts as an AppView shows them, which already knows the handles. */

import { cleanText } from '../clean-text.ts'
import type { HeardPost } from '../connector.ts'
import { readPost } from './post.ts'
import { oldestRev } from './tid.ts'
import { type Json, jsonOf, textOf } from './xrpc.ts'

/**
 * Null for what cannot be shown as a post. A view does not say at which revision it was read, so it gets the oldest
 * one: whatever a stream says about the same post is newer.
 */
export function readView(view: Json, heardAt: Date): HeardPost | null {
  const [uri, cid] = [textOf(view.uri), textOf(view.cid)]
  if (!uri || !cid) return null
  try {
    return readPost(view.record, { uri, cid, rev: oldestRev, author: authorOf(jsonOf(view.author)), heardAt })
  } catch {
    return null
  }
}

function authorOf(author: Json): HeardPost['author'] {
  const name = textOf(author.displayName)
  return {
    accountId: textOf(author.did) ?? '',
    handle: textOf(author.handle),
    displayName: name ? cleanText(name.slice(0, 640)) : null,
  }
}
