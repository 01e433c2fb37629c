/** The live stream over HTTP: Server-Sent Events, one response per screen, never ended by us without a reason. */
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../base/refusal.ts'
import type { FindAgent, Mount } from '../staff/mount.ts'
import { liveRoute } from './case-contract.ts'
import { eventOf, type Live, type Screen } from './live.jobs.ts'

/** A screen that reads slower than this is let go: it comes again and asks for the lists. */
const mostUnreadBytes = 1024 * 1024

type Tools = { live: Live; findAgent: FindAgent; pingMs?: number }

export function liveRoutes(mount: Mount, { live, findAgent, pingMs = 20_000 }: Tools): void {
  mount(liveRoute, async ({ request, reply, agent }) => {
    const { raw } = reply
    const leave = live.subscribe(agent, screenOf(raw))
    raw.on('error', () => {})
    if (!leave) throw new Refusal('too-many-tries', 'too many live streams are open for this agent')
    // By hand: the headers must be there before anything has happened, and the framework sends them with a body.
    reply.hijack()
    if (raw.destroyed) return leave()
    startStream(reply)
    const ping = setInterval(() => void keepAlive(request, reply, findAgent), pingMs)
    raw.once('close', () => {
      clearInterval(ping)
      leave()
    })
  })
}

function screenOf(raw: ServerResponse): Screen {
  return {
    write(text) {
      if (raw.writableEnded || raw.destroyed) return
      raw.write(text)
      if (raw.writableLength > mostUnreadBytes) raw.destroy()
    },
    close() {
      raw.end()
      // Who does not read would keep it open for ever.
      setTimeout(() => raw.destroy(), 1_000).unref()
    },
  }
}

function startStream(reply: FastifyReply): void {
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as OutgoingHttpHeaders),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, private',
    'x-accel-buffering': 'no',
  })
  reply.raw.write(eventOf('hello', {}))
}

/** A proxy closes what is silent; and whoever signed out meanwhile, or whose session ran out, hears no more. */
async function keepAlive(request: FastifyRequest, { raw }: FastifyReply, findAgent: FindAgent) {
  const agent = await findAgent(request).catch(() => 'unknown' as const)
  if (raw.writableEnded || raw.destroyed) return
  if (agent === null) raw.end()
  else raw.write(': still here\n\n')
}
