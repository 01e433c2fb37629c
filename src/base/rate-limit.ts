/**
 * How much may be asked in a minute: of reading and of writing, by each session, each key and each place.
 *
 * In:  the server, and who asks.
 * Out: every answer of the API says how much is left (draft-ietf-httpapi-ratelimit-headers-10); the one too many is
 *      refused, and says when to come again.
 */
import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from './refusal.ts'

/** Whose request it is, when it is somebody's: an office shares one address of the network. */
export type Visitor = { kind: 'session' | 'key'; id: string }
export type VisitorOf = (request: FastifyRequest) => Promise<Visitor | null>

/** A person's screens read a lot at once; a program works all day; a stranger has one form to send. */
export const perMinute = {
  session: { reading: 1_200, writing: 600 },
  key: { reading: 3_000, writing: 1_200 },
  place: { reading: 1_200, writing: 300 },
} as const
/** What a form or another program hands in comes in floods: for keys it has a share of its own, saved together. */
export const handingInPerMinute = 36_000
const isHandingIn = ({ method, routeOptions }: FastifyRequest) =>
  method === 'POST' && routeOptions.url === '/api/cases'
export const isReading = (method: string): boolean => ['GET', 'HEAD', 'OPTIONS'].includes(method)

export async function limitRates(
  app: FastifyInstance,
  { isCounted, visitorOf }: { isCounted: (request: FastifyRequest) => boolean; visitorOf: VisitorOf },
): Promise<void> {
  await app.register(rateLimit, { global: false, cache: 20_000 })
  const shares = new WeakMap<FastifyRequest, Share>()
  const count = app.createRateLimit({
    timeWindow: 60_000,
    max: (request) => shares.get(request)!.most,
    keyGenerator: (request) => shares.get(request)!.key,
  })
  app.addHook('onRequest', async (request, reply) => {
    if (!isCounted(request)) return
    const share = shareOf(request, await visitorOf(request))
    shares.set(request, share)
    const counted = await count(request)
    if (counted.isAllowed) return
    sayWhatIsLeft(reply, share, counted)
    if (!counted.isExceeded) return
    reply.header('retry-after', counted.ttlInSeconds)
    throw new Refusal('too-many-tries')
  })
}

type Share = { key: string; name: 'reading' | 'writing' | 'handing-in'; most: number }

function shareOf(request: FastifyRequest, visitor: Visitor | null): Share {
  const { method, ip } = request
  if (visitor?.kind === 'key' && isHandingIn(request))
    return { key: `handing-in key ${visitor.id}`, name: 'handing-in', most: handingInPerMinute }
  const name = isReading(method) ? 'reading' : 'writing'
  const kind = visitor?.kind ?? 'place'
  return { key: `${name} ${kind} ${visitor?.id ?? normalizeIP(ip)}`, name, most: perMinute[kind][name] }
}

function sayWhatIsLeft(
  reply: FastifyReply,
  { name, most }: Share,
  left: { remaining: number; ttlInSeconds: number },
) {
  reply.header('ratelimit-policy', `"${name}";q=${most};w=60`)
  reply.header('ratelimit', `"${name}";r=${left.remaining};t=${left.ttlInSeconds}`)
}
