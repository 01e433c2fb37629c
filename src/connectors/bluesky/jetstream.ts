/**
 * Listening to a Jetstream (JSON): version 2 first, and version 1 where the server does not know it.
 *
 * Version 2 counts events by a number that belongs to one instance and refuses one that is too old; version 1 counts
 * by microseconds and moves an old cursor forward without a word, which only the first event's time gives away.
 * The two are told apart by size: from 1e15 on it is a time.
 */
import {
  type Bookmark,
  type Heard,
  type HeardEvent,
  type Io,
  NeedsDecision,
  type Source,
} from '../connector.ts'
import { inBatches, poison, type ReadFrame } from './batches.ts'
import { hostChanged } from './firehose.ts'
import { aboutPost } from './frame.ts'
import { type Message, readMessage } from './jetstream-message.ts'
import { openStream, type Stream, StreamRefused, tooLarge } from './socket.ts'
import { jsonOf } from './xrpc.ts'

const v2Path = '/xrpc/network.bsky.jetstream.subscribeEvents'
const v1Path = '/subscribe'
const timesFrom = 1e15
/** Two instances do not see an event at the same moment. */
const rewindMicros = 5_000_000
/** Version 1 keeps a day or more: only who was away this long can have been moved forward. */
const clampableAfterMs = 60 * 60_000
const clampedByMicros = 60_000_000
/** What is told once more happened before we came; two clocks agree no better than this. */
const clocksAgreeMs = 5_000
/** More than anybody tells once more. */
const mostToldAgain = 1_000

type Version = 1 | 2
type Opened = {
  stream: Stream | null
  host: string
  version: Version
  cursor: string | null
  gap: Heard | null
}

export async function* listenToJetstream(
  source: Source,
  since: Bookmark | null,
  io: Io,
): AsyncGenerator<Heard> {
  const { stream, host, version, cursor, gap } = await open(source.address, since, io)
  if (!stream) return
  try {
    if (gap) yield gap
    const read = version === 2 ? v2Reader(cursor, io.now()) : v1Reader(cursor, io.now())
    yield* inBatches(stream, host, read, io)
    // It would be the same frame each time we came back, and nothing after it would be heard.
    if (!io.signal.aborted && stream.ending().code === tooLarge) throw new NeedsDecision('bad-cursor')
  } finally {
    stream.close()
  }
}

async function open(address: string, since: Bookmark | null, io: Io): Promise<Opened> {
  const base = new URL(address)
  const wanted = versionIn(base.pathname)
  if (wanted !== 1) {
    try {
      return await openAs(2, base, since, io)
    } catch (error) {
      if (!(error instanceof StreamRefused)) throw error
      if (error.body.includes('CursorTooOld') && since) return await startOver(base, since, io)
      // In trouble, or keeping us out: not a sign that it speaks another version.
      if (wanted === 2 || [401, 403, 429].includes(error.status) || isTrouble(error.status)) throw error
    }
  }
  try {
    return await openAs(1, base, since, io)
  } catch (error) {
    if (error instanceof StreamRefused && error.status === 400 && since) throw new NeedsDecision('bad-cursor')
    throw error
  }
}

const isTrouble = (status: number) => status >= 500 && status !== 501

const versionIn = (path: string): Version | null =>
  path.endsWith('/subscribe') ? 1 : path.endsWith(v2Path) ? 2 : null

async function openAs(version: Version, base: URL, since: Bookmark | null, io: Io): Promise<Opened> {
  const cursor = since && cursorFor(version, base.host, since)
  const url = new URL(version === 2 ? v2Path : v1Path, base)
  url.protocol = /^(https|wss):$/.test(base.protocol) ? 'wss:' : 'ws:'
  url.searchParams.set(version === 2 ? 'collections' : 'wantedCollections', 'app.bsky.feed.post')
  if (version === 2)
    for (const kind of ['commit', 'identity', 'account']) url.searchParams.append('kinds', kind)
  if (cursor) url.searchParams.set('cursor', cursor)
  const stream = await openStream(url, io, version === 2 ? ['xrpc.v1.json'] : [])
  const gap = since && cursor === null ? hostChanged(since, io) : null
  return { stream, host: base.host, version, cursor, gap }
}

/** A time means the same everywhere, give or take; a number belongs to the instance that counted. */
function cursorFor(version: Version, host: string, since: Bookmark): string | null {
  const isTime = Number(since.cursor) >= timesFrom
  if (!isTime) return version === 2 && since.host === host ? since.cursor : null
  return since.host === host ? since.cursor : String(Number(since.cursor) - rewindMicros)
}

/** What we missed is no longer there to be had: say so, and go on with what is. */
async function startOver(base: URL, since: Bookmark, io: Io): Promise<Opened> {
  const gap: HeardEvent = { type: 'gap', cause: 'outdated-cursor', from: since.cursor, to: null }
  return { ...(await openAs(2, base, null, io)), gap: { events: [gap], bookmark: null, heardAt: io.now() } }
}

function v2Reader(since: string | null, openedAt: Date): ReadFrame {
  // What the bookmark holds, as long as the instance is the one that counted so far.
  let known = since !== null && Number(since) < timesFrom ? Number(since) : null
  let toldAgain = 0
  let last = since
  return async (bytes, heardAt) => {
    const frame = parse(bytes)
    if (frame?.$type === 'error') return endWith(String(frame.error))
    const payload = jsonOf(frame?.payload)
    if (payload.$type === `${v2Path.slice(6)}#info`) {
      const events = infoEvents(payload.name, since)
      if (payload.name === 'FutureCursor') known = null
      return { events, cursor: null }
    }
    if (!Number.isSafeInteger(payload.seq)) return unreadable(bytes, 'not an event', last)
    const seq = payload.seq as number
    const toldAt = Date.parse(String(payload.time))
    last = String(seq)
    // Inclusive: begins with the event we have already.
    if (seq === known && toldAgain === 0) return { events: [], cursor: null }
    if (known !== null && seq > known) known = null
    if (known !== null) toldAgain++
    // A rebuilt instance counts anew, and may do so without a word; any other may tell what we have once more.
    const isNew = toldAt > openedAt.getTime() + clocksAgreeMs
    const restarted = known !== null && (isNew || toldAgain > mostToldAgain)
    if (restarted) known = null
    const kind = String(payload.$type).split('#')[1] ?? ''
    const inner = kind === 'commit' ? payload : jsonOf(payload[kind])
    const heard = read({ kind, did: payload.did, body: inner }, bytes, last, heardAt)
    if (restarted) heard.events.unshift({ type: 'gap', cause: 'host-changed', from: since, to: last })
    return { events: heard.events, cursor: known === null ? heard.cursor : null, toldAt }
  }
}

function v1Reader(since: string | null, openedAt: Date): ReadFrame {
  let last = since
  let first = true
  return async (bytes, heardAt) => {
    const frame = parse(bytes)
    if (!Number.isSafeInteger(frame?.time_us)) return unreadable(bytes, 'not an event', last)
    const time = frame!.time_us as number
    const kind = String(frame!.kind)
    const heard = read({ kind, did: frame!.did, body: jsonOf(frame![kind]) }, bytes, String(time), heardAt)
    if (first && since !== null && isClamped(Number(since), time, openedAt)) {
      heard.events.unshift({ type: 'gap', cause: 'clamped', from: since, to: String(time) })
    }
    first = false
    last = String(time)
    return { ...heard, toldAt: time / 1000 }
  }
}

function isClamped(since: number, firstMicros: number, openedAt: Date): boolean {
  return openedAt.getTime() - since / 1000 > clampableAfterMs && firstMicros - since > clampedByMicros
}

function read(message: Message, bytes: Uint8Array, cursor: string, heardAt: Date) {
  try {
    return { events: readMessage(message, heardAt), cursor }
  } catch (error) {
    return { events: [poison(bytes, error, cursor, aboutPost(message.did, message.body.rkey))], cursor }
  }
}

const unreadable = (bytes: Uint8Array, error: string, last: string | null) => ({
  events: [poison(bytes, error, last)],
  cursor: null,
})

/** An instance that is not the one that counted (rebuilt, restored) starts us at the live tip. */
function infoEvents(name: unknown, since: string | null): HeardEvent[] {
  if (name === 'OutdatedCursor') return [{ type: 'gap', cause: 'outdated-cursor', from: since, to: null }]
  if (name === 'FutureCursor') return [{ type: 'gap', cause: 'host-changed', from: since, to: null }]
  return []
}

function endWith(error: string): 'over' {
  if (error === 'ConsumerTooSlow') return 'over'
  throw new Error(`the stream ended with ${error.slice(0, 100)}`)
}

function parse(bytes: Uint8Array): Record<string, unknown> | null {
  try {
    return jsonOf(JSON.parse(Buffer.from(bytes).toString('utf8')))
  } catch {
    return null
  }
}
