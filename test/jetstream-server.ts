/**
 * A Jetstream of ours on this machine, written after the documented format: version 2
 * (lexicon network.bsky.jetstream.subscribeEvents, frames of proposal 0015 `xrpc.v1.json`) and version 1 (README of
 * the first one: /subscribe, wantedCollections, cursor in microseconds). The public one is not reached from tests.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { revOf } from './relay-server.ts'

type Body = Record<string, unknown>
/** What the server witnessed: `kind` and the inner fields of the event. Raw text is sent as it is. */
export type Witnessed = {
  seq: number
  micros: number
  did: string
  kind: 'commit' | 'identity' | 'account'
  body: Body
}

export type JetstreamServer = AsyncDisposable & {
  url: string
  host: string
  /** Path and query of every request, in order. */
  asked: string[]
  witness(...events: Witnessed[]): void
  /** Sends this text to everybody as a frame. */
  sendText(text: string): void
  cut(): void
}

export type JetstreamOptions = {
  /** Which versions it speaks. */
  versions?: (1 | 2)[]
  /** Events before this place are no longer kept. */
  oldestSeq?: number
  /** An instance that was rebuilt and does not notice that a cursor is not its own. */
  silentRestart?: boolean
}

const v2Path = '/xrpc/network.bsky.jetstream.subscribeEvents'

export async function startJetstream({
  versions = [1, 2],
  oldestSeq = 0,
  silentRestart = false,
}: JetstreamOptions = {}): Promise<JetstreamServer> {
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => offered.has('xrpc.v1.json') && 'xrpc.v1.json',
  })
  const http = createServer((_request, answer) => answer.writeHead(404).end())
  const listeners = new Map<WebSocket, 1 | 2>()
  const log: Witnessed[] = []
  const asked: string[] = []

  http.on('upgrade', (request, socket, head) => {
    asked.push(request.url!)
    const url = new URL(request.url!, 'http://localhost')
    const version = url.pathname === v2Path ? 2 : url.pathname === '/subscribe' ? 1 : null
    if (!version || !versions.includes(version)) return refuse(socket, 404, 'NotFound', 'no such stream')
    const wrong = version === 2 ? whyNotV2(url, oldestSeq) : null
    if (wrong) return refuse(socket, 400, ...wrong)
    sockets.handleUpgrade(request, socket, head, (it) => welcome(it, version, url))
  })

  function welcome(socket: WebSocket, version: 1 | 2, url: URL) {
    listeners.set(socket, version)
    socket.on('close', () => listeners.delete(socket))
    const cursor = url.searchParams.get('cursor')
    if (cursor === null || silentRestart) return
    const isTime = Number(cursor) >= 1e15
    const newest = log.at(-1)?.seq ?? 0
    const kept = log.filter((it) => it.seq >= oldestSeq)
    if (version === 2 && !isTime && Number(cursor) > newest + 1) return sendInfo(socket, 'FutureCursor')
    if (version === 2 && isTime && kept[0] && kept[0].micros > Number(cursor) && kept[0].seq > 1)
      sendInfo(socket, 'OutdatedCursor')
    const from = kept.filter((it) => (isTime ? it.micros >= Number(cursor) : it.seq >= Number(cursor)))
    for (const event of from) socket.send(textOf(event, version))
  }

  function cut() {
    for (const socket of listeners.keys()) socket.terminate()
  }

  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const host = `127.0.0.1:${(http.address() as AddressInfo).port}`
  return {
    url: `ws://${host}`,
    host,
    asked,
    witness(...events) {
      log.push(...events)
      for (const [socket, version] of listeners)
        for (const event of events) socket.send(textOf(event, version))
    },
    sendText(text) {
      for (const socket of listeners.keys()) socket.send(text)
    },
    cut,
    async [Symbol.asyncDispose]() {
      cut()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}

const knownParams = ['cursor', 'kinds', 'dids', 'collections', 'maxMessageSizeBytes', 'zstdDictionary']

function whyNotV2(url: URL, oldestSeq: number): [string, string] | null {
  const unknown = [...url.searchParams.keys()].find((it) => !knownParams.includes(it))
  if (unknown) return ['InvalidRequest', `unknown parameter ${unknown}`]
  const cursor = url.searchParams.get('cursor')
  if (cursor !== null && !/^\d+$/.test(cursor)) return ['InvalidRequest', 'cursor must be an integer']
  if (cursor !== null && Number(cursor) < 1e15 && Number(cursor) < oldestSeq)
    return ['CursorTooOld', `the floor is ${oldestSeq}`]
  return null
}

function refuse(socket: Duplex, status: number, error: string, message: string) {
  const body = JSON.stringify({ error, message })
  const head = `HTTP/1.1 ${status} Refused\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close`
  socket.end(`${head}\r\n\r\n${body}`)
}

function sendInfo(socket: WebSocket, name: string) {
  socket.send(frameOf({ $type: 'network.bsky.jetstream.subscribeEvents#info', name }))
}

const frameOf = (payload: Body) => JSON.stringify({ $type: 'message', payload })
const timeOf = (micros: number) => new Date(micros / 1000).toISOString()

function textOf({ seq, micros, did, kind, body }: Witnessed, version: 1 | 2): string {
  if (version === 1) return JSON.stringify({ did, time_us: micros, kind, [kind]: body })
  const common = { $type: `network.bsky.jetstream.subscribeEvents#${kind}`, seq, did, time: timeOf(micros) }
  return frameOf({ ...common, ...(kind === 'commit' ? body : { [kind]: body }) })
}

/** A post by someone, witnessed at a place and a time. */
export function aPost(
  seq: number,
  text: string,
  over: { micros?: number; record?: Body; operation?: string; rev?: string } = {},
): Witnessed {
  const record = { $type: 'app.bsky.feed.post', text, createdAt: '2026-11-22T10:00:00.000Z', ...over.record }
  const operation = over.operation ?? 'create'
  const content =
    operation === 'delete'
      ? {}
      : { record, cid: 'bafyreiapdc2kuzze4biy4nufnbh4sdptbc34v35ye4tdfdpqowzzia3b4i' }
  return {
    seq,
    micros: over.micros ?? Date.now() * 1000,
    did: 'did:plc:kimlee',
    kind: 'commit',
    body: {
      rev: over.rev ?? revOf(seq),
      operation,
      collection: 'app.bsky.feed.post',
      rkey: `post${seq}`,
      ...content,
    },
  }
}
