/** One Jetstream event of either version, once it is unwrapped: both carry the same things under the same names. */
import type { HeardEvent } from '../connector.ts'
import { isDid, postCollection, postUri } from './at-uri.ts'
import { readAccount, readIdentity } from './frame.ts'
import { readPost, Unreadable } from './post.ts'
import { type Json, textOf } from './xrpc.ts'

export type Message = { kind: string; did: unknown; body: Json }

export function readMessage({ kind, did, body }: Message, heardAt: Date): HeardEvent[] {
  switch (kind) {
    case 'commit':
      return readCommit(did, body, heardAt)
    case 'account':
      return [readAccount({ did, ...body }) ?? []].flat()
    case 'identity':
      return [readIdentity({ did, ...body })]
    default:
      return []
  }
}

function readCommit(did: unknown, body: Json, heardAt: Date): HeardEvent[] {
  if (body.collection !== postCollection) return []
  const [rev, rkey, cid] = [textOf(body.rev), textOf(body.rkey), textOf(body.cid)]
  if (!isDid(did) || !rev || !rkey) throw new Unreadable('a commit without repository, revision or key')
  const uri = postUri(did, rkey)
  if (body.operation === 'delete') return [{ type: 'delete', uri, authorId: did, rev }]
  if (!cid) throw new Unreadable('a commit without content')
  const author = { accountId: did, handle: null, displayName: null }
  const post = readPost(body.record, { uri, cid, rev, author, heardAt })
  return [{ type: 'post', op: body.operation === 'update' ? 'update' : 'create', post }]
}
