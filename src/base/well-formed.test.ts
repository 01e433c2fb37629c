import { expect, test } from 'vitest'
import { wellFormed } from './well-formed.ts'

test('what PostgreSQL cannot keep is marked, and nothing else is touched', () => {
  const typed = { text: 'a\0b \ud83d 🚲', list: ['\udeb2', 'Z͑ͫ ‮'], 'k\0': null, count: 3, on: true }

  expect(wellFormed(typed)).toEqual({
    text: 'a\ufffdb \ufffd 🚲',
    list: ['\ufffd', 'Z͑ͫ ‮'],
    'k\ufffd': null,
    count: 3,
    on: true,
  })
})

test('nothing stays nothing', () => {
  expect([wellFormed(undefined), wellFormed(null)]).toEqual([undefined, null])
})

test('what is nested without end is refused before it is read', () => {
  const nested = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`)

  expect(() => wellFormed(nested)).toThrow('nested too deeply')
})
