import { expect, test } from 'vitest'
import { makeBounds, makeThrottle, placeOf, takeAll } from './throttle.ts'

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

test('a flood of made-up keys frees nobody who has used up their tries', () => {
  const throttle = makeThrottle({ tries: 2, windowMs: 600_000, now: () => new Date(0), keys: 3 })
  for (let time = 0; time < 3; time++) throttle.take('stopped')

  for (let n = 0; n < 50; n++) throttle.take(`made up ${n}`)

  expect(throttle.take('stopped')).toBe(false)
})

test('whoever guesses from elsewhere does not shut the owner out, and a hundred guesses in all do', () => {
  const bounds = makeBounds({ perPlace: 30, here: 10, everywhere: 100 }, () => new Date(0))
  const guess = (count: number, place: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => bounds.take(place(n), 'kim')).filter(Boolean).length

  expect(guess(50, () => 'thief')).toBe(10)
  expect(bounds.take('home', 'kim')).toBe(true)
  bounds.giveBack('home', 'kim')
  expect(guess(200, (n) => `thief ${n}`)).toBe(90)
  expect(bounds.take('home', 'kim')).toBe(false)
  expect(bounds.take('home', 'lee')).toBe(true)
})

test('what one bound refuses is not counted by the next', () => {
  const options = { windowMs: 600_000, now: () => new Date(0) }
  const place = makeThrottle({ tries: 2, ...options })
  const account = makeThrottle({ tries: 5, ...options })

  for (let time = 0; time < 20; time++) takeAll([[place, 'here'], [account, 'kim']])

  for (let time = 0; time < 3; time++) expect(account.take('kim')).toBe(true)
  expect(account.take('kim')).toBe(false)
}) // biome-ignore format: a list to read

test('a place is an address of IPv4, or the network of 64 bits that somebody has of IPv6', () => {
  const places = ['10.0.0.1', '::ffff:10.0.0.1', '2001:db8:0:1::1', '2001:db8:0:1:ffff::2', '2001:db8:0:2::1']

  expect(places.map((ip) => placeOf({ ip }))).toEqual([
    '10.0.0.1',
    '10.0.0.1',
    '2001:db8:0:1::',
    '2001:db8:0:1::',
    '2001:db8:0:2::',
  ])
})
