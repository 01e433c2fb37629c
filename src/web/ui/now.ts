/** The time, ticking: one timer for the whole page, whoever watches. */
import { useSyncExternalStore } from 'react'

const watchers = new Set<() => void>()
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

function watch(tell: () => void): () => void {
  watchers.add(tell)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const it of watchers) it()
  }, 1_000)
  return () => {
    watchers.delete(tell)
    if (watchers.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** Milliseconds, rounded down to `step`, so that a part is drawn again only when it would say something new. */
export function useNow(step = 1_000): number {
  return useSyncExternalStore(watch, () => {
    if (watchers.size === 0 || timer === undefined) now = Math.max(now, Date.now())
    return now - (now % step)
  })
}
