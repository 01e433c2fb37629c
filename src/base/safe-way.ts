/**
 * How a request came: whether its words crossed a network in the open, and whether it comes from our own pages.
 *
 * In:  a request, and the address that people type.
 * Out: yes or no. What a proxy says counts only from the addresses that we trust (http.ts).
 */
import type { FastifyRequest } from 'fastify'
import { isLoopback } from './config.ts'

export type Way = Pick<FastifyRequest, 'host' | 'hostname' | 'protocol' | 'socket' | 'headers'>

/** A password may come this way: by HTTPS under the name we go by, or without leaving this machine. */
export function isSafeWay(request: Way, publicUrl: string): boolean {
  const { protocol, hostname } = new URL(publicUrl)
  // In front of plain HTTP stands at most a container's port: only the name tells whose machine it is.
  if (protocol !== 'https:') return isLoopback(request.hostname)
  const isOurName = request.hostname.toLowerCase() === hostname || isLoopback(request.hostname)
  return isOurName && (request.protocol === 'https' || isLoopback(peerOf(request)))
}

/** A proxy says HTTPS and is not believed: whoever operates it should know why nobody can sign in. */
export const isUnknownProxy = (request: Way): boolean =>
  request.headers['x-forwarded-proto'] === 'https' && request.protocol !== 'https'

/** Browsers say where a request comes from, most of them twice; a cookie alone must not write for another site. */
export function isFromElsewhere(request: Way, publicUrl: string): boolean {
  const { 'sec-fetch-site': site, origin } = request.headers
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  return origin !== undefined && !isOurs(origin, request, publicUrl)
}

function isOurs(origin: string, { host }: Way, publicUrl: string): boolean {
  if (origin === publicUrl) return true
  if (!URL.canParse(origin)) return false
  const from = new URL(origin).host
  // Under our public name only the public address itself is ours: plain HTTP beside HTTPS is not.
  return from === host.toLowerCase() && from !== new URL(publicUrl).host
}

export const peerOf = ({ socket }: Way): string =>
  (socket.remoteAddress ?? '').replace(/^::ffff:(?=[\d.]+$)/i, '')
