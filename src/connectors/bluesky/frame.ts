/**
 * One binary frame of com.atproto.sync.subscribeRepos, taken apart.
 *
 * In:  the bytes of a WebSocket message: two CBOR values, a header and a body.
 * Out: a message with its place in the stream, or the error the server closes with; throws for anything else.
 */
import { decode, decodeAll } from '@atproto/lex-cbor'
import { readCar } from '@atproto/repo'
import type { AccountStatus, HeardEvent } from '../connector.ts'
import { isDid, postCollection, postUri } from './at-uri.ts'
import { cidText, readPost, Unreadable } from './post.ts'
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

/** What happened to posts in one commit. A post that cannot be read is poison of its own; its neighbours are not. */
export async function readCommit(body: Json, seq: number, heardAt: Date): Promise<HeardEvent[]> {
  const did = textOf(body.repo)
  const rev = textOf(body.rev)
  if (!isDid(did) || !rev) throw new Unreadable('a commit without repository or revision')
  const ops = listOf(body.ops).filter((op) => textOf(op.path)?.startsWith(`${postCollection}/`))
  if (ops.length === 0) return []
  const blocks = ops.some((op) => op.action !== 'delete')
    ? await blocksOf(body)
    : new Map<string, Uint8Array>()
  return ops.map((op): HeardEvent => {
    const uri = postUri(did, String(op.path).slice(postCollection.length + 1))
    if (op.action === 'delete') return { type: 'delete', uri, authorId: did, rev }
    const cid = cidText(op.cid)
    const bytes = cid ? blocks.get(cid) : undefined
    try {
      if (!cid || !bytes) throw new Unreadable('the commit does not hold its own post')
      const author = { accountId: did, handle: null, displayName: null }
      const post = readPost(decode(bytes), { uri, cid, rev, author, heardAt })
      return { type: 'post', op: op.action === 'update' ? 'update' : 'create', post }
    } catch (error) {
      return {
        type: 'poison',
        raw: bytes ?? new Uint8Array(),
        error: `${uri}: ${(error as Error).message}`,
        cursor: String(seq),
      }
    }
  })
}

async function blocksOf(body: Json): Promise<Map<string, Uint8Array>> {
  if (!(body.blocks instanceof Uint8Array)) throw new Unreadable('a commit without blocks')
  const { blocks } = await readCar(body.blocks)
  return new Map(blocks.entries().map((it) => [it.cid.toString(), it.bytes]))
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
