/**
 * A WebSocket that is read only as fast as its reader: frames wait in a bounded pile, and when the pile is full the
 * socket is paused, so that the network holds the rest back (TCP backpressure).
 *
 * In:  an address, checked against the house's rules for the outside.
 * Out: `pull`, which hands over everything waiting. Ends when the server does, when nobody answers, or on abort.
 */
import type { LookupFunction } from 'node:net'
import WebSocket from 'ws'
import type { Io } from '../connector.ts'

export type Stream = {
  /** At least one frame, at most `bounds.batch`; none after `maxWaitMs` of silence; null when the stream is over. */
  pull(maxWaitMs: number): Promise<Uint8Array[] | null>
  /** When the other side was last heard from: a frame, or an answer to a ping. A new Date each time. */
  answeredAt(): Date
  /** Why it is over, in the server's words. */
  ending(): { code: number; reason: string }
  close(): void
}

/** What waits is at most this, and one chunk of the socket that was already on its way. */
export const bounds = { frames: 500, bytes: 8_000_000, batch: 200, frameBytes: 8_000_000 }

/** The code a stream ends with that sent a frame beyond `bounds.frameBytes` (RFC 6455, 7.4.1). */
export const tooLarge = 1009

const pingEveryMs = 4_000
const deadAfterMs = 30_000

/** The server answered, but not with a stream. */
export class StreamRefused extends Error {
  override name = 'StreamRefused'
  readonly status: number
  readonly body: string
  constructor(status: number, body: string) {
    super(`the server answered ${status} instead of a stream`)
    this.status = status
    this.body = body
  }
}

/** Null when told to stop before it stood. */
export async function openStream(url: URL, io: Io, protocols: string[] = []): Promise<Stream | null> {
  io.outside.assertAllowed(url)
  const socket = new WebSocket(url, protocols, {
    lookup: io.outside.lookupFor(url) as LookupFunction,
    handshakeTimeout: 10_000,
    maxPayload: bounds.frameBytes,
    perMessageDeflate: false,
    followRedirects: false,
  })
  const stream = bounded(socket, io)
  const opened = new Promise<Stream>((resolve, reject) => {
    socket.once('open', () => resolve(stream))
    socket.once('unexpected-response', (_request, answer) => {
      readSome(answer).then((body) => {
        reject(new StreamRefused(answer.statusCode ?? 0, body))
        socket.terminate()
      })
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the stream was closed before it began')))
  })
  try {
    return await opened
  } catch (error) {
    stream.close()
    if (io.signal.aborted) return null
    throw error
  }
}

function bounded(socket: WebSocket, { signal, now }: Io): Stream {
  let waiting: Uint8Array[] = []
  let bytes = 0
  let over = false
  let end = { code: 1006, reason: '' }
  let wake = () => {}
  let answeredAt = now()
  let heard = performance.now()

  const isFull = () => waiting.length >= bounds.frames || bytes >= bounds.bytes
  const stop = () => {
    over = true
    clearInterval(alive)
    signal.removeEventListener('abort', abort)
    wake()
  }
  const abort = () => {
    stop()
    socket.terminate()
  }
  // A connection can die without a word: no answer to a ping means that nobody is there.
  const alive = setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN || socket.isPaused) return
    if (performance.now() - heard > deadAfterMs) return socket.terminate()
    socket.ping()
  }, pingEveryMs)
  alive.unref()

  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  const hear = () => {
    heard = performance.now()
    answeredAt = now()
  }
  socket.on('open', hear)
  socket.on('pong', hear)
  socket.on('message', (data: Buffer) => {
    hear()
    waiting.push(data)
    bytes += data.byteLength
    if (isFull()) socket.pause()
    wake()
  })
  let isTooLarge = false
  socket.on('error', (error: Error & { code?: string }) => {
    isTooLarge ||= error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'
  })
  socket.on('close', (code, reason) => {
    end = isTooLarge ? { code: tooLarge, reason: '' } : { code, reason: reason.toString('utf8') }
    stop()
  })

  async function pull(maxWaitMs: number): Promise<Uint8Array[] | null> {
    if (waiting.length === 0 && !over) await sleepUntilWoken(maxWaitMs)
    if (signal.aborted || (waiting.length === 0 && over)) return null
    const taken = waiting.slice(0, bounds.batch)
    waiting = waiting.slice(bounds.batch)
    bytes = waiting.reduce((sum, it) => sum + it.byteLength, 0)
    if (socket.isPaused && !isFull()) {
      heard = performance.now()
      socket.resume()
    }
    return taken
  }

  function sleepUntilWoken(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  return { pull, answeredAt: () => answeredAt, ending: () => end, close: abort }
}

async function readSome(answer: AsyncIterable<Buffer>): Promise<string> {
  let text = ''
  try {
    for await (const part of answer) {
      text += part.toString('utf8')
      if (text.length > 10_000) break
    }
  } catch {
    // The status alone has to do.
  }
  return text
}
