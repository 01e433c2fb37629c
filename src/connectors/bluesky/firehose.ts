/**
 * Listening to com.atproto.sync.subscribeRepos of a PDS or a relay. Our own consumer: the library's advances past
 * events it failed to hand over, swallows OutdatedCursor, and loops for ever on FutureCursor and on one bad frame.
 *
 * In:  the server's address and the bookmark of what was committed last.
 * Out: batches in stream order. Ends when the connection does; the caller comes back with its bookmark.
 */
import {
  type Bookmark,
  type Heard,
  type HeardEvent,
  type Io,
  NeedsDecision,
  type Source,
} from '../connector.ts'
import { isDid } from './at-uri.ts'
import { inBatches, poison } from './batches.ts'
import { type Frame, readAccount, readCommit, readFrame, readIdentity } from './frame.ts'
import { believable, type Revs, rememberRevs } from './revs.ts'
import { openStream, type Stream, tooLarge } from './socket.ts'
import { type Json, textOf } from './xrpc.ts'

export async function* listenToFirehose(
  source: Source,
  since: Bookmark | null,
  io: Io,
): AsyncGenerator<Heard> {
  const url = streamUrl(source.address)
  const cursor = since?.host === url.host ? since.cursor : null
  if (cursor !== null) url.searchParams.set('cursor', cursor)

  const stream = await openStream(url, io)
  if (!stream) return
  try {
    if (since && cursor === null) yield hostChanged(since, io)
    yield* inBatches(stream, url.host, frameReader(cursor), io)
    if (!io.signal.aborted) decideOn(stream, cursor)
  } finally {
    stream.close()
  }
}

function streamUrl(address: string): URL {
  const url = new URL('/xrpc/com.atproto.sync.subscribeRepos', address)
  url.protocol = /^(https|wss):$/.test(url.protocol) ? 'wss:' : 'ws:'
  return url
}

/** A cursor means something to the host that gave it out, and nothing to another one. */
export function hostChanged(since: Bookmark, io: Io): Heard {
  const gap: HeardEvent = { type: 'gap', cause: 'host-changed', from: since.cursor, to: null }
  return { events: [gap], bookmark: null, heardAt: io.now() }
}

function frameReader(since: string | null) {
  const revs = rememberRevs()
  let last = since
  return async (bytes: Uint8Array, heardAt: Date) => {
    let frame: Frame
    try {
      frame = readFrame(bytes)
    } catch (error) {
      return { events: [poison(bytes, error, last)], cursor: null }
    }
    if (frame.kind === 'error') return endWith(frame.error)
    if (frame.kind === 'info') return { events: infoEvents(frame.name, since), cursor: null }
    // A PDS that is just writing an event down may send it again to whoever comes back with it.
    if (since !== null && frame.seq <= Number(since)) return { events: [], cursor: null }
    last = String(frame.seq)
    try {
      const events = await readMessage(frame.type, frame.body, frame.seq, heardAt, revs)
      return { events, cursor: last, toldAt: Date.parse(textOf(frame.body.time) ?? '') }
    } catch (error) {
      const did = frame.body.repo ?? frame.body.did
      const about = isDid(did) ? { authorId: did } : {}
      return { events: [poison(bytes, error, last, about)], cursor: last }
    }
  }
}

function infoEvents(name: string, since: string | null): HeardEvent[] {
  return name === 'OutdatedCursor' ? [{ type: 'gap', cause: 'outdated-cursor', from: since, to: null }] : []
}

async function readMessage(
  type: string,
  body: Json,
  seq: number,
  heardAt: Date,
  revs: Revs,
): Promise<HeardEvent[]> {
  switch (type) {
    case '#commit': {
      const events = await readCommit(body, seq, heardAt)
      return [...desynchronized(body, textOf(body.repo), revs, heardAt), ...events]
    }
    case '#sync':
      // Says where a repository stands: news only when we know it to stand elsewhere.
      return desynchronized({ rev: body.rev, since: body.rev }, textOf(body.did), revs, heardAt)
    case '#account':
      return [readAccount(body) ?? []].flat()
    case '#identity':
      return [readIdentity(body)]
    default:
      return []
  }
}

function desynchronized(body: Json, did: string | null, revs: Revs, heardAt: Date): HeardEvent[] {
  const rev = believable(body.rev, heardAt)
  if (!isDid(did) || !rev) return []
  const missed = revs.misses(did, { rev, since: textOf(body.since) })
  // Too large to be sent: the operations are not in the commit.
  if (!missed && body.tooBig !== true) return []
  return [{ type: 'gap', cause: 'desynchronized', from: textOf(body.since), to: rev, authorId: did }]
}

/** Too slow is no fault of the data: come back with the bookmark. What cannot mend itself is a person's to decide. */
function endWith(error: string): 'over' {
  if (error === 'FutureCursor') throw new NeedsDecision('future-cursor')
  if (error === 'InvalidRequest') throw new NeedsDecision('bad-cursor')
  if (error === 'ConsumerTooSlow') return 'over'
  throw new Error(`the stream ended with ${error.slice(0, 100)}`)
}

/** A server may close without saying it in a frame: 1008 is how it refuses what was asked for. */
function decideOn(stream: Stream, cursor: string | null): void {
  const { code, reason } = stream.ending()
  // It would be the first frame again each time we came back, and nothing after it would be heard.
  if (code === tooLarge) throw new NeedsDecision('bad-cursor')
  if (code !== 1008 || cursor === null) return
  if (reason === 'FutureCursor') throw new NeedsDecision('future-cursor')
  if (reason === 'InvalidRequest') throw new NeedsDecision('bad-cursor')
}
