/** The live stream over HTTP: Server-Sent Events, one response per screen, never ended by us without a reason. */
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'
import { Refusal } from '../base/refusal.ts'
import type { Callers } from '../staff/caller.ts'
import type { Mount } from '../staff/mount.ts'
import { liveRoute } from './case-contract.ts'
import type { Live, Screen } from './live.jobs.ts'
import { bytesOf, eventOf } from './live-walls.ts'

/** A screen that reads slower than this is let go: it comes again and asks for the lists. */
const mostUnreadBytes = 1024 * 1024

const pingBytes = bytesOf(eventOf('ping', {}))

type Tools = { live: Live; callers: Pick<Callers, 'holderOf' | 'onEnd'>; pingMs?: number }

export function liveRoutes(mount: Mount, { live, callers, pingMs = 15_000 }: Tools): void {
  callers.onEnd(live.closeStreamsOf)
  mount(liveRoute, async ({ request, reply, agent }) => {
    const { raw } = reply
    const session = await callers.holderOf(request)
    if (!session) throw new Refusal('not-signed-in')
    const leave = live.subscribe({ ...agent, session }, screenOf(raw))
    raw.on('error', () => {})
    if (!leave) throw new Refusal('too-many-tries', 'too many live streams are open for this agent')
    // By hand: the headers must be there before anything has happened, and the framework sends them with a body.
    reply.hijack()
    if (raw.destroyed) return leave()
    startStream(reply)
    // A proxy closes what is silent; and a screen that hears nothing at all knows that it has been cut off.
    const ping = setInterval(() => screenOf(raw).write(pingBytes), pingMs)
    raw.once('close', () => {
      clearInterval(ping)
      leave()
    })
  })
}

function screenOf(raw: ServerResponse): Screen {
  return {
    write(bytes) {
      if (raw.writableEnded || raw.destroyed) return
      raw.write(bytes)
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
