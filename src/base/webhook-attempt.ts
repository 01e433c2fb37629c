/**
 * What follows from one attempt to deliver: pure, by the numbers of the row and of the destination.
 *
 * In:  how the attempt went, how many there were, since when, and a chance between 0 and 1.
 * Out: delivered, again in so many milliseconds, or dead; and what becomes of the destination.
 *
 * No clock, no network, no database.
 */

/** How an attempt fails: a closed list, for the log and for the screen's words. */
export const deliveryErrors = [
  'private-address', // not public, and not named by the operator
  'dns', // the name leads nowhere
  'connect', // nobody answers there, or the line broke
  'tls', // its certificate is not good
  'timeout', // no answer within the limit
  'protocol', // what answered does not speak HTTP
  'redirect', // it points elsewhere; we do not follow
  'status', // it answered something other than 2xx
  'gone', // 410: it wants no more
  'secret', // its secret cannot be read under this key
  'paused', // never tried: it was paused for too long, or too much waited for it
] as const
export type DeliveryError = (typeof deliveryErrors)[number]

export type Tried =
  | { outcome: 'taken'; status: number }
  | { outcome: 'failed'; error: DeliveryError; status: number | null; retryAfterMs: number | null }

export type Fate =
  | { state: 'delivered' }
  | { state: 'dead' }
  /** Again, so long from now. */
  | { state: 'waiting'; inMs: number }

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const firstWaitMs = 5_000
const longestWaitMs = 2 * hourMs
const straightFailures = 20

/** 5 s, doubled each time up to two hours; up to a fifth less by chance, so that many do not come back together. */
export function waitMs(tries: number, chance: number): number {
  const whole = Math.min(longestWaitMs, firstWaitMs * 2 ** (tries - 1))
  return Math.round(whole * (1 - chance / 5))
}

/** `tries` counts this one. A ping is tried once: somebody is looking. */
export function fateOf(
  tried: Tried,
  row: { tries: number; sinceFirstMs: number; isPing: boolean },
  chance: number,
): Fate {
  if (tried.outcome === 'taken') return { state: 'delivered' }
  if (tried.error === 'gone' || row.isPing) return { state: 'dead' }
  const inMs = Math.max(waitMs(row.tries, chance), Math.min(tried.retryAfterMs ?? 0, longestWaitMs))
  return row.sinceFirstMs + inMs > dayMs ? { state: 'dead' } : { state: 'waiting', inMs }
}

export type Standing = { failures: number; failingForMs: number }
export type Turn = 'disabled' | 'paused' | null

/** `standing` counts this attempt. A receiver that is gone says so; one that failed all day is left in peace. */
export function turnOf(tried: Tried, standing: Standing): Turn {
  if (tried.outcome === 'taken') return null
  if (tried.error === 'gone') return 'disabled'
  return standing.failures >= straightFailures && standing.failingForMs >= dayMs ? 'paused' : null
}

/** As much may wait for one destination: about 100 MB. */
export const mostWaiting = 100_000

export type Backlog = {
  isPaused: boolean
  /** Since when it is what it is. */
  forMs: number
  waiting: number
  isOverflowing: boolean
}

/** Below half of it there is room again: at the brim it would go to and fro, and so would the news of it. */
export function isOverflowing({ isPaused, forMs, waiting, isOverflowing: was }: Backlog): boolean {
  if (isPaused && forMs >= dayMs) return true
  return waiting >= (was ? mostWaiting / 2 : mostWaiting)
}
