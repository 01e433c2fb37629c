import { expect, test } from 'vitest'
import { makeThrottle } from './throttle.ts'

test('the eleventh try inside the window is refused, and the window opens again', () => {
  let at = new Date('2026-11-02T09:00:00Z')
  const throttle = makeThrottle({ tries: 10, windowMs: 600_000, now: () => at })

  const first = Array.from({ length: 11 }, () => throttle.take('kim'))
  at = new Date('2026-11-02T09:10:00Z')

  expect(first).toEqual([...Array(10).fill(true), false])
  expect(throttle.take('kim')).toBe(true)
})

test('a rightful try costs nothing', () => {
  const throttle = makeThrottle({ tries: 1, windowMs: 600_000, now: () => new Date(0) })

  for (let time = 0; time < 5; time++) {
    expect(throttle.take('kim')).toBe(true)
    throttle.giveBack('kim')
  }
})

test('a flood of made-up keys cannot fill the memory', () => {
  const throttle = makeThrottle({ tries: 1, windowMs: 600_000, now: () => new Date(0), keys: 3 })

  for (const key of ['a', 'b', 'c', 'd']) throttle.take(key)

  expect(throttle.take('d')).toBe(false)
  expect(throttle.take('a')).toBe(true)
})
