/** Counts tries per key in a fixed window, in the memory of this process; bounded, the oldest forgotten first. */
import type { Now } from '../base/clock.ts'

export type Throttle = {
  /** False when this key has used up its tries. Counted before the work, so that a hundred at once do not pass. */
  take(key: string): boolean
  /** For a try that turned out to be rightful. */
  giveBack(key: string): void
}

export function makeThrottle(options: {
  tries: number
  windowMs: number
  now: Now
  keys?: number
}): Throttle {
  const { tries, windowMs, now, keys = 20_000 } = options
  const counts = new Map<string, { used: number; until: number }>()
  return {
    take(key) {
      const at = now().getTime()
      const known = counts.get(key)
      if (known && known.until > at) return ++known.used <= tries
      counts.delete(key)
      if (counts.size >= keys) counts.delete(counts.keys().next().value!)
      counts.set(key, { used: 1, until: at + windowMs })
      return true
    },
    giveBack(key) {
      const known = counts.get(key)
      if (known) known.used--
    },
  }
}
