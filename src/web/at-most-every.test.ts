import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { atMostEvery } from './at-most-every.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a storm of a minute is answered soon, then every five seconds, and once after its end', () => {
  const doneAt: number[] = []
  const startedAt = Date.now()
  const ask = atMostEvery(5_000, () => void doneAt.push(Date.now() - startedAt))

  for (let at = 0; at < 12_000; at += 100) {
    ask()
    vi.advanceTimersByTime(100)
  }
  vi.advanceTimersByTime(60_000)

  expect(doneAt).toEqual([300, 5_300, 10_300, 15_300])
})

test('news after a calm while is answered soon', () => {
  const doneAt: number[] = []
  const startedAt = Date.now()
  const ask = atMostEvery(5_000, () => void doneAt.push(Date.now() - startedAt))

  ask()
  vi.advanceTimersByTime(20_000)
  ask()
  vi.advanceTimersByTime(20_000)

  expect(doneAt).toEqual([300, 20_300])
})
