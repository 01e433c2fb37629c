/**
 * Counts tries per key in a fixed window, in the memory of this process.
 *
 * In:  a key, such as a place or an account at a place; several bounds are asked from the nearest to the widest.
 * Out: whether it may go on. Memory is bounded: who tried least is forgotten first, so that a flood of made-up keys frees
 *      nobody who is stopped.
 */
import { normalizeIP } from '@fastify/rate-limit'
import type { Now } from '../base/clock.ts'

export type Throttle = {
  /** False when this key has used up its tries. Counted before the work, so that a hundred at once do not pass. */
  take(key: string): boolean
  /** For a try that turned out to be rightful. */
  giveBack(key: string): void
}
type Count = { used: number; until: number }

/** Where a request comes from: of IPv6 the network of 64 bits, for whoever has one of its addresses has all of them. */
export const placeOf = ({ ip }: { ip: string }): string => normalizeIP(ip)

/** What one bound refuses, the next does not count. */
export const takeAll = (bounds: readonly (readonly [Throttle, string])[]): boolean =>
  bounds.every(([throttle, key]) => throttle.take(key))

export function makeThrottle(options: {
  tries: number
  windowMs: number
  now: Now
  keys?: number
}): Throttle {
  const { tries, windowMs, now, keys = 20_000 } = options
  const counts = new Map<string, Count>()
  return {
    take(key) {
      const at = now().getTime()
      const known = counts.get(key)
      if (known && known.until > at) return ++known.used <= tries
      counts.delete(key)
      if (counts.size >= keys) counts.delete(leastOf(counts, at))
      counts.set(key, { used: 1, until: at + windowMs })
      return true
    },
    giveBack(key) {
      const known = counts.get(key)
      if (known) known.used--
    },
  }
}

const tenMinutes = 10 * 60 * 1000

/**
 * Of an account, what may be tried from one place and from everywhere; of a place, for whomever. An office shares one
 * place. Who guesses from elsewhere shuts nobody out, until it is so many that the account itself is at risk.
 */
export function makeBounds(
  most: { perPlace: number; here: number; everywhere: number },
  now: Now,
): { take(place: string, account: string): boolean; giveBack(place: string, account: string): void } {
  const of = (tries: number) => makeThrottle({ tries, windowMs: tenMinutes, now })
  const [perPlace, here, everywhere] = [of(most.perPlace), of(most.here), of(most.everywhere)]
  const boundsOf = (place: string, account: string) =>
    [
      [perPlace, place],
      [here, `${place} ${account}`],
      [everywhere, account],
    ] as const
  return {
    take: (place, account) => takeAll(boundsOf(place, account)),
    giveBack(place, account) {
      for (const [throttle, key] of boundsOf(place, account)) throttle.giveBack(key)
    },
  }
}

/** The oldest of those whose window is over or that tried least: in a flood one of the first. */
function leastOf(counts: ReadonlyMap<string, Count>, at: number): string {
  let least: [string, number] = ['', Number.POSITIVE_INFINITY]
  for (const [key, { used, until }] of counts) {
    if (until <= at || used <= 1) return key
    if (used < least[1]) least = [key, used]
  }
  return least[0]
}
