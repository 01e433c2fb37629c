/** The peer of the live stream: node:http alone, the same bytes to everybody, nobody asked who they are. */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { reportUsage } from './usage.ts'

const screens = new Set<ServerResponse>()
const server = createServer((_request, answer) => {
  answer.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' })
  answer.write('event: hello\ndata: {}\n\n')
  screens.add(answer)
  answer.on('close', () => screens.delete(answer))
})

export type Telling = { kind: 'tell'; text: string; mark: string; events: number; everyMs: number }

process.on('message', async (said: Telling) => {
  if (said.kind !== 'tell') return
  const startedAt = Date.now()
  for (let n = 0; n < said.events; n++) {
    await sleep(Math.max(0, startedAt + n * said.everyMs - Date.now()))
    const bytes = Buffer.from(said.text.replace(said.mark, new Date().toISOString()))
    for (const screen of screens) screen.write(bytes)
  }
})
server.listen(0, '127.0.0.1', () => {
  reportUsage()
  process.send!({ kind: 'up', port: (server.address() as AddressInfo).port })
})
