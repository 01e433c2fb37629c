/** The arithmetic of the benches: a wrong percentile would make every figure a lie. */
import { expect, test } from 'vitest'
import { figureOf, inWords, percentileOf } from '../bench/figure.ts'

test('of a hundred values the 99th percentile is the 99th, and of twenty the largest', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)

  expect(percentileOf(hundred, 0.99)).toBe(99)
  expect(percentileOf(hundred.slice(0, 20), 0.99)).toBe(100)
  expect(percentileOf(hundred, 0.5)).toBe(50)
})

test('a figure is the median of its runs with their spread, judged by its goal', () => {
  const slow = figureOf({ bench: 'b', name: 'wait', unit: 'ms', runs: [9, 1, 160], goal: { atMost: 8 } })
  const fast = figureOf({ bench: 'b', name: 'rate', unit: '1/s', runs: [9, 1, 160], goal: { atLeast: 9 } })

  expect(slow).toEqual({
    bench: 'b', name: 'wait', value: 9, unit: 'ms', spread: [1, 160], against: null, goal: 8, met: false,
  }) // biome-ignore format: one line of output
  expect(fast.met).toBe(true)
  expect(inWords(slow)).toContain('MISSED')
})
