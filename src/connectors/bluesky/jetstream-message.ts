/** One Jetstream event of either version, once it is unwrapped: both carry the same things under the same names. */
import type { HeardEvent } from '../connector.ts'
import { isDid, postCollection } from './at-uri.ts'
import { aboutPost, readAccount, readIdentity } from './frame.ts'
import { readPost, Unreadable } from './post.ts'
import { readRev, revOfDelete } from './revs.ts'
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
  const [rkey, cid] = [textOf(body.rkey), textOf(body.cid)]
  const { uri } = aboutPost(did, rkey)
  if (!isDid(did) || !uri) throw new Unreadable('a commit without repository or key')
  if (body.operation === 'delete') return [{ type: 'delete', uri, authorId: did, rev: revOfDelete(body.rev) }]
  const rev = readRev(body.rev, heardAt)
  if (!cid) throw new Unreadable('a commit without content')
  const author = { accountId: did, handle: null, displayName: null }
  const post = readPost(body.record, { uri, cid, rev, author, heardAt })
  return [{ type: 'post', op: body.operation === 'update' ? 'update' : 'create', post }]
}
