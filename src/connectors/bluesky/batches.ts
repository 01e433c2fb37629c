/**
 * Turns a stream of frames into batches with their bookmark.
 *
 * What concerns nobody (likes, follows) moves the bookmark only, and is handed over once a second: saving a bookmark
 * costs a transaction, and a relay carries hundreds of such frames a second.
 */
import type { Bookmark, Heard, HeardEvent, Io } from '../connector.ts'
import type { Stream } from './socket.ts'

/**
 * Reads one frame: what happened, the cursor after it (null leaves it where it was), and the time that the server gives
 * it. 'over' ends the stream.
 */
export type ReadFrame = (
  frame: Uint8Array,
  heardAt: Date,
) => Promise<{ events: HeardEvent[]; cursor: string | null; toldAt?: number } | 'over'>

const quietMs = 1_000
/** A quiet stream says that it is alive this often. */
const aliveMs = 8_000

export async function* inBatches(
  stream: Stream,
  host: string,
  read: ReadFrame,
  io: Io,
): AsyncGenerator<Heard> {
  let unsaid: Bookmark | null = null
  let saidAt = performance.now()
  let answered = stream.answeredAt()
  let times: number[] = []
  let over = false
  yield { events: [], bookmark: null, heardAt: answered }
  while (!over) {
    const frames = await stream.pull(unsaid ? quietMs : aliveMs)
    if (frames === null) break
    if (frames.length === 0 && !unsaid) {
      // Nothing said and nothing answered: the line may be dead.
      if (stream.answeredAt() === answered) continue
      answered = stream.answeredAt()
      yield { events: [], bookmark: null, heardAt: answered }
      continue
    }
    const heardAt = io.now()
    const events: HeardEvent[] = []
    for (const frame of frames) {
      const heard = await read(frame, heardAt)
      if (heard === 'over') {
        over = true
        break
      }
      events.push(...heard.events)
      if (heard.cursor !== null) unsaid = { cursor: heard.cursor, host }
      if (Number.isFinite(heard.toldAt)) times.push(heard.toldAt!)
    }
    if (events.length === 0 && (!unsaid || performance.now() - saidAt < quietMs)) continue
    yield { events, bookmark: unsaid, heardAt, ...middleOf(times) }
    unsaid = null
    times = []
    saidAt = performance.now()
  }
  if (unsaid && !io.signal.aborted) yield { events: [], bookmark: unsaid, heardAt: io.now() }
}

/** The middle one: one server whose clock is wrong must not speak for all that a relay carries. */
function middleOf(times: number[]): { toldAt?: Date } {
  const middle = times.sort((a, b) => a - b)[Math.floor((times.length - 1) / 2)]
  return middle === undefined ? {} : { toldAt: new Date(middle) }
}

export type About = { uri?: string; authorId?: string }

/** Frames that cannot be read are kept for a person to look at, but not without end. */
export function poison(
  raw: Uint8Array,
  error: unknown,
  cursor: string | null,
  about: About = {},
): HeardEvent {
  const words = error instanceof Error ? error.message : String(error)
  return { type: 'poison', raw: raw.subarray(0, 256_000), error: words.slice(0, 500), cursor, ...about }
}
