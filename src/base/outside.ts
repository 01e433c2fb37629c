/**
 * The one way out of the house (P10): public unicast addresses only, checked on the address that the socket really
 * connects to, so that a name cannot answer twice; redirects by hand; time and size bounded.
 *
 * An operator may allow single destinations by name in EVENHAND_ALLOW (`host:port`, comma separated).
 */
import { lookup as dnsLookup, type LookupAddress, type LookupAllOptions } from 'node:dns'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { Agent, type RequestInit, type Response, fetch as undiciFetch } from 'undici'

export type Outside = {
  fetch(url: string | URL, init?: OutsideInit): Promise<Response>
  /** For sockets that are not HTTP requests of ours (WebSocket): throws for what is not allowed. */
  assertAllowed(url: string | URL): void
  /** An operator allowed exactly this destination by name. */
  isNamed(url: string | URL): boolean
  lookupFor(url: string | URL): LookupFunction
  /** For forms: the name is asked for, nothing is connected to. Null when it can be reached as far as one can tell. */
  whyNotReach(url: string | URL): Promise<'not-allowed' | 'unknown-name' | null>
}
/** How names are asked for; a test answers them itself. */
export type Lookup = (
  host: string,
  options: LookupAllOptions,
  answer: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void
/** Default limits: 15 s in all, 3 redirects ('none' answers the first). The body is the caller's to bound with `readAtMost`. */
export type OutsideInit = RequestInit & { timeoutMs?: number; redirects?: number | 'none' }

/** Not reached because it is not a public address and no operator allowed it by name. */
export class NotAllowed extends Error {
  override name = 'NotAllowed'
}

/** An old way to write an IPv4 address (::127.0.0.1), which the list of ranges does not know. */
const wrappedV4 = ipaddr.IPv6.parseCIDR('::/96')

export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const it = ipaddr.process(address)
  return it.range() === 'unicast' && !(it instanceof ipaddr.IPv6 && it.match(wrappedV4))
}

const portOf = (url: URL) => url.port || (/^(https|wss):$/.test(url.protocol) ? '443' : '80')
const hostOf = (url: URL) => url.hostname.replace(/^\[|\]$/g, '')

export function makeOutside(allow: readonly string[], { lookup = dnsLookup as Lookup } = {}): Outside {
  const named = new Set(allow.map((it) => it.toLowerCase()))
  const isAllowedByName = (url: URL) => named.has(`${url.hostname}:${portOf(url)}`)
  const checkedLookup = publicOnly(lookup)
  const guarded = new Agent({ connect: { timeout: 5_000, lookup: checkedLookup } })
  const free = new Agent({ connect: { timeout: 5_000, lookup: lookup as LookupFunction } })

  function assertAllowed(target: string | URL): void {
    const url = new URL(target)
    if (!/^(https?|wss?):$/.test(url.protocol)) throw new NotAllowed(`${url.protocol} is not spoken here`)
    if (url.username || url.password) throw new NotAllowed('an address may not carry a password')
    // Sockets skip the lookup for literal addresses: check those here.
    const host = hostOf(url)
    if (ipaddr.isValid(host) && !isPublic(host) && !isAllowedByName(url)) {
      throw new NotAllowed(`${url.host} is not a public address`)
    }
  }

  async function fetchOutside(target: string | URL, init: OutsideInit = {}): Promise<Response> {
    const { timeoutMs = 15_000, redirects = 3, ...rest } = init
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(init.signal ? [init.signal] : [])])
    let url = new URL(target)
    for (let left = Number(redirects); ; left--) {
      assertAllowed(url)
      const dispatcher = isAllowedByName(url) ? free : guarded
      const answer = await undiciFetch(url, { ...rest, signal, dispatcher, redirect: 'manual' })
      const next = answer.headers.get('location')
      if (redirects === 'none' || answer.status < 300 || answer.status >= 400 || !next) return answer
      await answer.body?.cancel()
      if (left <= 0) throw new NotAllowed(`${url.host} redirects too often`)
      const from = url.origin
      url = new URL(next, url)
      // Credentials stay with the host they were meant for.
      if (url.origin !== from) rest.headers = withoutCredentials(rest.headers)
    }
  }

  return {
    fetch: fetchOutside,
    assertAllowed,
    isNamed: (target) => isAllowedByName(new URL(target)),
    lookupFor: (target) => (isAllowedByName(new URL(target)) ? (lookup as LookupFunction) : checkedLookup),
    whyNotReach,
  }

  async function whyNotReach(target: string | URL): Promise<'not-allowed' | 'unknown-name' | null> {
    const url = new URL(target)
    try {
      assertAllowed(url)
    } catch {
      return 'not-allowed'
    }
    const host = hostOf(url)
    if (ipaddr.isValid(host) || isAllowedByName(url)) return null
    return new Promise((tell) =>
      checkedLookup(host, { all: true }, (error) => {
        if (!error) return tell(null)
        tell(error instanceof NotAllowed ? 'not-allowed' : 'unknown-name')
      }),
    )
  }
}

/** What a socket asks when it connects, once: the address that was looked at is the one that it goes to. */
const publicOnly =
  (lookup: Lookup): LookupFunction =>
  (host, options, answer) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error) return answer(error, '', 4)
      const open = found.filter((it) => isPublic(it.address))
      if (open.length === 0) return answer(new NotAllowed(`${host} is not a public address`), '', 4)
      if (options.all) return answer(null, open)
      answer(null, open[0]!.address, open[0]!.family)
    })
  }

function withoutCredentials(headers: RequestInit['headers']): Record<string, string> {
  const kept = Object.entries((headers ?? {}) as Record<string, string>)
  return Object.fromEntries(kept.filter(([name]) => !/^(authorization|cookie|dpop)$/i.test(name)))
}

/** Reads a body up to a size; throws beyond it, so that nobody can fill our memory. */
export async function readAtMost(answer: Response, bytes: number): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of answer.body ?? []) {
    size += part.byteLength
    if (size > bytes) {
      throw new Error(`answer is larger than ${bytes} bytes`)
    }
    parts.push(part)
  }
  return Buffer.concat(parts)
}
