/** Somebody else's server that takes webhooks: keeps what it heard, and answers as the test says. */
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Heard = { url: string; headers: Record<string, string>; body: string; at: number }
export type Receiver = {
  url: string
  /** `host:port`, as an operator would name it. */
  host: string
  all: Heard[]
  answer: (heard: Heard) => {
    status: number
    body?: string
    headers?: Record<string, string>
    afterMs?: number
  }
  /** Waits until so many came. */
  heard(count: number, withinMs?: number): Promise<Heard[]>
  mostAtOnce(): number
  connections(): number
  stop(): Promise<void>
}

export async function startReceiver(port = 0): Promise<Receiver> {
  const all: Heard[] = []
  let waiting: (() => void)[] = []
  let atOnce = 0
  let most = 0
  let connections = 0
  const server = createServer(async (request, reply) => {
    most = Math.max(most, ++atOnce)
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const heard = {
      url: request.url ?? '',
      headers: plain(request.headers),
      body: Buffer.concat(parts).toString('utf8'),
      at: performance.now(),
    }
    all.push(heard)
    for (const tell of waiting) tell()
    const { status, body = '', headers = {}, afterMs = 0 } = it.answer(heard)
    const timer = setTimeout(() => {
      atOnce -= 1
      reply.writeHead(status, headers).end(body)
    }, afterMs)
    reply.once('close', () => {
      if (reply.writableEnded) return
      clearTimeout(timer)
      atOnce -= 1
    })
  })
  server.on('connection', () => {
    connections += 1
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`

  const it: Receiver = {
    url: `http://${host}/hook`,
    host,
    all,
    answer: () => ({ status: 200 }),
    mostAtOnce: () => most,
    connections: () => connections,
    async heard(count, withinMs = 10_000) {
      const late = performance.now() + withinMs
      while (all.length < count) {
        if (performance.now() > late) throw new Error(`${all.length} of ${count} came`)
        await new Promise<void>((resolve) => {
          waiting.push(resolve)
          setTimeout(resolve, 100)
        })
        waiting = []
      }
      return all.slice(0, count)
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return it
}

const plain = (headers: IncomingHttpHeaders) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
