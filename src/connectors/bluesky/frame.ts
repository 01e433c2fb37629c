/**
 * One binary frame of com.atproto.sync.subscribeRepos, taken apart.
 *
 * In:  the bytes of a WebSocket message: two CBOR values, a header and a body.
 * Out: a message with its place in the stream, or the error the server closes with; throws for anything else.
 */
import { decode, decodeAll } from '@atproto/lex-cbor'
import { readCar } from '@atproto/repo'
import type { AccountStatus, HeardEvent } from '../connector.ts'
import { isDid, parseAtUri, postCollection, postUri } from './at-uri.ts'
import { type About, poison } from './batches.ts'
import { cidText, readPost, Unreadable } from './post.ts'
import { readRev, revOfDelete } from './revs.ts'
import { type Json, jsonOf, listOf, textOf } from './xrpc.ts'

export type Frame =
  | { kind: 'message'; type: string; body: Json; seq: number }
  | { kind: 'info'; name: string }
  | { kind: 'error'; error: string }

export function readFrame(bytes: Uint8Array): Frame {
  const [header, body] = twoValues(bytes)
  if (header.op === -1) return { kind: 'error', error: textOf(body.error) ?? 'Unknown' }
  const type = textOf(header.t)
  if (header.op !== 1 || !type) throw new Unreadable(`a frame of unknown kind (op ${String(header.op)})`)
  if (type === '#info') return { kind: 'info', name: textOf(body.name) ?? '' }
  if (!Number.isSafeInteger(body.seq)) throw new Unreadable(`${type} has no place in the stream`)
  return { kind: 'message', type, body, seq: body.seq as number }
}

function twoValues(bytes: Uint8Array): [Json, Json] {
  const values = decodeAll(bytes)
  const header = values.next().value
  const body = values.next().value
  if (!isMap(header) || !isMap(body)) throw new Unreadable('not a header and a body')
  return [header, body]
}

const isMap = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * What happened to posts in one commit. A post that cannot be read is poison of its own; its neighbours are not, and
 * what was deleted is deleted whatever else is wrong with the commit.
 */
export async function readCommit(body: Json, seq: number, heardAt: Date): Promise<HeardEvent[]> {
  const did = textOf(body.repo)
  if (!isDid(did)) throw new Unreadable('a commit without repository')
  const ops = listOf(body.ops).filter((op) => textOf(op.path)?.startsWith(`${postCollection}/`))
  const said = ops.filter((op) => op.action !== 'delete')
  const blocks = said.length > 0 ? await blocksOf(body) : null
  // Blocks that cannot be told apart are kept for one post only: they must go when any post in them does.
  const lone = blocks instanceof Unreadable && said.length === 1 ? bytesOf(body.blocks) : null
  return ops.flatMap((op): HeardEvent[] => {
    const rkey = String(op.path).slice(postCollection.length + 1)
    const about = aboutPost(did, rkey)
    if (op.action === 'delete')
      return about.uri ? [{ type: 'delete', uri: about.uri, authorId: did, rev: revOfDelete(body.rev) }] : []
    const cid = cidText(op.cid)
    const bytes = cid && blocks instanceof Map ? blocks.get(cid) : undefined
    try {
      if (blocks instanceof Unreadable) throw blocks
      if (!about.uri) throw new Unreadable('its key is not one')
      const rev = readRev(body.rev, heardAt)
      if (!cid || !bytes) throw new Unreadable('the commit does not hold its own post')
      const author = { accountId: did, handle: null, displayName: null }
      const post = readPost(decode(bytes), { uri: about.uri, cid, rev, author, heardAt })
      return [{ type: 'post', op: op.action === 'update' ? 'update' : 'create', post }]
    } catch (error) {
      const words = `${about.uri ?? did}: ${(error as Error).message}`
      return [poison(bytes ?? lone ?? Buffer.from(`${did} ${rkey} ${seq}`), words, String(seq), about)]
    }
  })
}

/** Whose poison it is, as far as that can be said. */
export function aboutPost(did: unknown, rkey: unknown): About {
  if (!isDid(did)) return {}
  const uri = postUri(did, String(rkey))
  return { authorId: did, ...(parseAtUri(uri) ? { uri } : {}) }
}

const bytesOf = (value: unknown) => (value instanceof Uint8Array ? value : null)

async function blocksOf(body: Json): Promise<Map<string, Uint8Array> | Unreadable> {
  if (!(body.blocks instanceof Uint8Array)) return new Unreadable('a commit without blocks')
  try {
    const { blocks } = await readCar(body.blocks)
    return new Map(blocks.entries().map((it) => [it.cid.toString(), it.bytes]))
  } catch (error) {
    return new Unreadable(`its blocks cannot be read: ${(error as Error).message}`)
  }
}

const statuses: AccountStatus[] = ['deactivated', 'suspended', 'takendown', 'deleted']

/** Null for what says something about a server, not about the account (throttled, desynchronized). */
export function readAccount(value: unknown): HeardEvent | null {
  const { did, active, status } = jsonOf(value)
  if (!isDid(did) || typeof active !== 'boolean') throw new Unreadable('an account event without account')
  if (active) return { type: 'account', authorId: did, status: 'active' }
  if (status === undefined || status === null)
    return { type: 'account', authorId: did, status: 'deactivated' }
  const known = statuses.find((it) => it === status)
  return known ? { type: 'account', authorId: did, status: known } : null
}

/** The handle in the event is only claimed: it is left out, so that whoever needs it resolves it both ways. */
export function readIdentity(value: unknown): HeardEvent {
  const { did } = jsonOf(value)
  if (!isDid(did)) throw new Unreadable('an identity event without account')
  return { type: 'identity', authorId: did, handle: null }
}
