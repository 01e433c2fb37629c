import { expect, test } from 'vitest'
import { fateOf, type Tried, turnOf, waitMs } from './webhook-attempt.ts'

const failed = (over: Partial<Extract<Tried, { outcome: 'failed' }>> = {}): Tried => ({
  outcome: 'failed',
  error: 'status',
  status: 500,
  retryAfterMs: null,
  ...over,
})
const minute = 60_000
const hour = 60 * minute

test('a retry waits twice as long as the one before, up to two hours, and up to a fifth less by chance', () => {
  expect([1, 2, 3, 8, 11, 12, 30].map((tries) => waitMs(tries, 0))).toEqual([
    5_000,
    10_000,
    20_000,
    640_000,
    5_120_000,
    2 * hour,
    2 * hour,
  ])
  expect(waitMs(1, 1)).toBe(4_000)
  expect(waitMs(30, 0.5)).toBe(1.8 * hour)
})

test.each([0, 1])(
  'a receiver that fails twenty times and then takes it is still asked, chance %i',
  (chance) => {
    let sinceFirstMs = 0
    let tries = 1
    for (;;) {
      const fate = fateOf(failed(), { tries, sinceFirstMs, isPing: false }, chance)
      if (fate.state !== 'waiting') break
      sinceFirstMs += fate.inMs
      tries += 1
    }

    expect(tries).toBeGreaterThanOrEqual(21)
    expect(sinceFirstMs).toBeGreaterThan(21 * hour)
    expect(sinceFirstMs).toBeLessThanOrEqual(24 * hour)
  },
)

test('after a day it is a dead letter', () => {
  const late = { tries: 22, sinceFirstMs: 23.5 * hour, isPing: false }

  expect(fateOf(failed(), late, 0)).toEqual({ state: 'dead' })
})

test('a receiver that names a time is given it, two hours at most', () => {
  const row = { tries: 1, sinceFirstMs: 0, isPing: false }

  expect(fateOf(failed({ status: 429, retryAfterMs: 90_000 }), row, 0)).toEqual({
    state: 'waiting',
    inMs: 90_000,
  })
  expect(fateOf(failed({ retryAfterMs: 9 * hour }), row, 0)).toEqual({ state: 'waiting', inMs: 2 * hour })
  expect(fateOf(failed({ retryAfterMs: 10 }), row, 0)).toEqual({ state: 'waiting', inMs: 5_000 })
})

test('a receiver that is gone is not asked again, and its destination ends', () => {
  const gone = failed({ error: 'gone', status: 410 })

  expect(fateOf(gone, { tries: 1, sinceFirstMs: 0, isPing: false }, 0)).toEqual({ state: 'dead' })
  expect(turnOf(gone, { failures: 1, failingForMs: 0 })).toBe('disabled')
})

test('a ping is tried once', () => {
  expect(fateOf(failed(), { tries: 1, sinceFirstMs: 0, isPing: true }, 0)).toEqual({ state: 'dead' })
})

test('twenty failures in a row over a whole day pause a destination; fewer, or faster, do not', () => {
  expect(turnOf(failed(), { failures: 20, failingForMs: 24 * hour })).toBe('paused')
  expect(turnOf(failed(), { failures: 19, failingForMs: 30 * hour })).toBeNull()
  expect(turnOf(failed(), { failures: 500, failingForMs: 23 * hour })).toBeNull()
  expect(turnOf({ outcome: 'taken', status: 200 }, { failures: 0, failingForMs: 0 })).toBeNull()
})
