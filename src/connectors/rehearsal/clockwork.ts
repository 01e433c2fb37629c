/** The rehearsal's own time: runs at its pace, can be moved on by hand, and wakes who waits for the next event. */
import type { Now } from '../../base/clock.ts'

type Plan = { due: number; act(due: number): void }

export function makeClockwork(now: Now, pace: number) {
  let base = 0
  let startedAt: number | null = null
  const plans: Plan[] = []
  const waiting = new Set<() => void>()

  /** Milliseconds of the rehearsal. */
  const read = () => base + (startedAt === null ? 0 : (now().getTime() - startedAt) * pace)

  function wake(): void {
    for (const it of [...waiting]) it()
  }

  return {
    read,
    wake,
    isStarted: () => startedAt !== null,
    start(at: number): void {
      base = at
      startedAt = now().getTime()
    },
    advance(ms: number): void {
      base += ms
      wake()
    },
    plan(due: number, act: Plan['act']): void {
      const place = plans.findIndex((it) => it.due > due)
      plans.splice(place < 0 ? plans.length : place, 0, { due, act })
      wake()
    },
    /** Lets everything happen that is due. */
    run(): void {
      while (startedAt !== null && plans[0] && plans[0].due <= read()) {
        const { due, act } = plans.shift()!
        act(due)
      }
    },
    /** Until something may have happened: woken, the next plan is due, the signal, or no longer than this. */
    wait(signal: AbortSignal, mostMs: number): Promise<void> {
      if (signal.aborted) return Promise.resolve()
      return new Promise((resolve) => {
        const next = plans[0] && startedAt !== null ? Math.max(1, (plans[0].due - read()) / pace) : mostMs
        const timer = setTimeout(done, Math.min(next, mostMs))
        function done() {
          clearTimeout(timer)
          waiting.delete(done)
          signal.removeEventListener('abort', done)
          resolve()
        }
        waiting.add(done)
        signal.addEventListener('abort', done)
      })
    },
  }
}
