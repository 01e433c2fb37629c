/**
 * A relay of ours on this machine, for what a well-behaved server never does: it speaks subscribeRepos frames made
 * here, and can repeat, spoil and hold back what it sends.
 */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { cidForLex, encode } from '@atproto/lex-cbor'
import { BlockMap, blocksToCarFile } from '@atproto/repo'
import { type WebSocket, WebSocketServer } from 'ws'

/** A frame with its place in the stream; without one it is sent to whoever is connected and not replayed. */
export type RelayFrame = { seq: number | null; bytes: Uint8Array }

export type Relay = AsyncDisposable & {
  url: string
  /** `host:port`, for makeOutside. */
  host: string
  connects: number
  /** The cursor of each connection, in order. */
  cursors: (string | null)[]
  /** Appends to the log and sends to everybody connected. */
  send(...frames: RelayFrame[]): void
  /** Bytes the slowest listener has not taken yet. */
  waiting(): number
  /** Answers nobody any more, and hangs up on nobody: a line that died without a word. */
  mute(): void
  /** Hangs up on everybody. */
  cut(): void
}

export type RelayOptions = {
  /** Each frame goes out this many times. */
  repeat?: number
  /** Answers each new connection in place of replaying the log. */
  greet?: (socket: WebSocket, cursor: string | null) => void
  /** Accepts connections and sends nothing. */
  stalled?: boolean
}

export async function startRelay(options: RelayOptions = {}): Promise<Relay> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const log: RelayFrame[] = []

  const sendTo = (socket: WebSocket, frames: RelayFrame[]) => {
    for (const { bytes } of options.stalled ? [] : frames) {
      for (let i = 0; i < (options.repeat ?? 1); i++) socket.send(bytes)
    }
  }
  const relay: Relay = {
    url: `http://${host}`,
    host,
    connects: 0,
    cursors: [],
    send(...frames) {
      log.push(...frames.filter((it) => it.seq !== null))
      for (const socket of server.clients) sendTo(socket, frames)
    },
    waiting: () => Math.max(0, ...[...server.clients].map((it) => it.bufferedAmount)),
    mute() {
      for (const socket of server.clients) socket.pause()
    },
    cut() {
      for (const socket of server.clients) socket.terminate()
    },
    async [Symbol.asyncDispose]() {
      relay.cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  server.on('connection', (socket, request) => {
    const cursor = new URL(request.url!, relay.url).searchParams.get('cursor')
    relay.connects++
    relay.cursors.push(cursor)
    if (options.greet) return options.greet(socket, cursor)
    if (cursor !== null)
      sendTo(
        socket,
        log.filter((it) => it.seq! > Number(cursor)),
      )
  })
  return relay
}

// ---------------------------------------------------------------- frames, as the specification describes them

type Op = {
  action: 'create' | 'update' | 'delete'
  rkey: string
  record?: Record<string, unknown>
  collection?: string
}
export type CommitOptions = { seq: number; did: string; rev: string; since?: string | null; ops: Op[] }

export async function commitFrame({ seq, did, rev, since = null, ops }: CommitOptions): Promise<RelayFrame> {
  const blocks = new BlockMap()
  const listed = []
  for (const { action, rkey, record, collection = 'app.bsky.feed.post' } of ops) {
    const cid = record ? await cidForLex(record as never) : null
    if (cid) blocks.set(cid, encode(record as never))
    listed.push({ action, path: `${collection}/${rkey}`, cid })
  }
  const root = await cidForLex({ did, rev })
  const body = {
    seq, repo: did, rev, since, commit: root, ops: listed, blobs: [], rebase: false, tooBig: false,
    time: '2026-11-22T10:00:00.000Z', blocks: await blocksToCarFile(root, blocks),
  } // biome-ignore format: a frame to read
  return { seq, bytes: frameOf({ op: 1, t: '#commit' }, body) }
}

/** Any other message: '#account', '#identity', '#sync', '#info'. */
export const messageFrame = (type: string, body: Record<string, unknown>): RelayFrame => ({
  seq: typeof body.seq === 'number' ? body.seq : null,
  bytes: frameOf({ op: 1, t: type }, body),
})

export const errorFrame = (error: string): RelayFrame => ({
  seq: null,
  bytes: frameOf({ op: -1 }, { error, message: 'said by the test' }),
})

export const frameOf = (header: Record<string, unknown>, body: Record<string, unknown>): Uint8Array =>
  Buffer.concat([encode(header as never), encode(body as never)])

/** One post by one author, as a commit of its own. */
export function postFrame(
  seq: number,
  text: string,
  over: Partial<CommitOptions> & { record?: object } = {},
) {
  const { record, ...rest } = over
  const whole = { $type: 'app.bsky.feed.post', text, createdAt: '2026-11-22T10:00:00.000Z', ...record }
  const ops: Op[] = [{ action: 'create', rkey: `post${seq}`, record: whole }]
  return commitFrame({ seq, did: 'did:plc:kimlee', rev: revOf(seq), since: revOf(seq - 1), ops, ...rest })
}

/** Revisions that sort as their numbers do: 3l is the year 2024. */
export const revOf = (n: number) => `3l${inBase32(n).padStart(11, '2')}`
const inBase32 = (n: number) =>
  [...n.toString(32)].map((it) => '234567abcdefghijklmnopqrstuvwxyz'[Number.parseInt(it, 32)]).join('')
