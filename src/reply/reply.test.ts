import { expect, test } from 'vitest'
import { afterDeciding, afterFinding, afterSending, type News, spread, type Tried } from './reply.ts'

const at = new Date('2026-11-22T10:00:00Z')
const tried = (over: Partial<Tried> = {}): Tried => ({
  attempts: 1,
  queuedAt: new Date('2026-11-22T09:59:00Z'),
  was: 'queued',
  ...over,
})

test('an answer settles a reply', () => {
  expect(afterSending({ outcome: 'sent', uri: 'at://x', cid: 'c', url: 'u' }, tried(), at)).toEqual({
    state: 'sent',
    cid: 'c',
    url: 'u',
  })
  expect(afterSending({ outcome: 'refused', detail: 'no' }, tried(), at)).toEqual({
    state: 'refused',
    detail: 'no',
  })
})

test('silence is unknown, and the waits between tries grow', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7].map((attempts) => {
    const next = afterSending({ outcome: 'unknown', detail: 'cut' }, tried({ attempts }), at)
    return 'waitMs' in next ? [next.state, next.waitMs] : next
  })

  expect(waits).toEqual([
    ['unknown', 2_000],
    ['unknown', 8_000],
    ['unknown', 30_000],
    ['unknown', 120_000],
    ['unknown', 480_000],
    ['unknown', 1_800_000],
    ['unknown', 3_600_000],
  ])
  expect(afterSending({ outcome: 'unknown', detail: 'cut' }, tried({ attempts: 8 }), at)).toEqual({
    state: 'needs-person',
    detail: 'cut',
  })
})

test('a network that names a time is believed, for a day', () => {
  const later = { outcome: 'later', detail: '429', retryAfterMs: 90_000 } as const

  expect(afterSending(later, tried({ attempts: 8 }), at)).toEqual({
    state: 'queued',
    detail: '429',
    waitMs: 90_000,
    counts: false,
    named: true,
  })
  expect(afterSending({ ...later, retryAfterMs: 9e9 }, tried(), at)).toMatchObject({ waitMs: 86_400_000 })
  expect(afterSending(later, tried({ queuedAt: new Date('2026-11-21T09:00:00Z') }), at)).toEqual({
    state: 'needs-person',
    detail: '429',
  })
})

test('what may have arrived once stays unknown when the network asks for patience', () => {
  const later = { outcome: 'later', detail: '503', retryAfterMs: null } as const

  expect(afterSending(later, tried({ was: 'queued' }), at)).toMatchObject({ state: 'queued' })
  expect(afterSending(later, tried({ was: 'unknown' }), at)).toMatchObject({ state: 'unknown' })
  expect(afterSending(later, tried({ was: 'sending' }), at)).toMatchObject({ state: 'unknown' })
})

test('a search settles what it finds', () => {
  const lost = tried({ was: 'unknown' })
  const news: News = { word: 'none', absentForMs: null, graceMs: 5_000 }

  expect(afterFinding({ outcome: 'there', cid: 'c' }, 'u', lost, news)).toEqual({
    state: 'sent',
    cid: 'c',
    url: 'u',
  })
  expect(afterFinding({ outcome: 'deleted-by-owner' }, null, lost, news)).toEqual({
    state: 'deleted-by-owner',
    detail: null,
  })
  expect(afterFinding({ outcome: 'unreachable' }, null, lost, news)).toMatchObject({
    state: 'unknown',
    detail: 'unreachable',
    waitMs: 2_000,
  })
})

test('what is not there goes out again only by the word of a stream; without one a person has to look', () => {
  const lost = tried({ was: 'unknown' })
  const minute = 60_000
  const after = (word: News['word'], absentForMs: number | null) =>
    afterFinding({ outcome: 'absent' }, null, lost, { word, absentForMs, graceMs: 5_000 })
  const wait = (waitMs: number) => ({ state: 'unknown', detail: 'not-there-yet', waitMs, counts: false })
  const person = { state: 'needs-person', detail: 'nobody-can-tell' }

  expect([after('sure', null), after('awaited', null), after('none', null)]).toEqual([
    wait(1_500),
    wait(1_500),
    wait(1_500),
  ])
  expect(after('sure', 5_000)).toBe('send')
  expect(after('sure', 24 * 60 * minute)).toBe('send')
  expect([after('awaited', 5_000), after('awaited', minute), after('awaited', 29 * minute)]).toEqual([
    wait(1_500),
    wait(15_000),
    wait(minute),
  ])
  expect(after('awaited', 31 * minute)).toEqual(person)
  expect([after('none', 1_000), after('none', 5_000)]).toEqual([wait(1_500), person])
})

test('only a reply in trouble is for deciding', () => {
  expect(afterDeciding('refused', 'again')).toBe('queued')
  expect(afterDeciding('needs-person', 'again')).toBe('unknown')
  expect(afterDeciding('refused', 'give-up')).toBe('undone')
  for (const state of ['queued', 'sending', 'sent', 'unknown', 'undone', 'deleted-by-owner'] as const) {
    expect(afterDeciding(state, 'again')).toBe(null)
    expect(afterDeciding(state, 'give-up')).toBe(null)
  }
})

test('our waits are spread by a quarter either way, and one that the network named is never cut short', () => {
  const named = { waitMs: 1_000, named: true }
  expect([0, 0.5, 1].map((chance) => spread({ waitMs: 1_000 }, chance))).toEqual([750, 1_000, 1_250])
  expect([0, 0.5, 1].map((chance) => spread(named, chance))).toEqual([1_000, 1_125, 1_250])
  expect([0, 1].map((chance) => spread({ ...named, waitMs: 3_600_000 }, chance))).toEqual([
    3_600_000, 3_605_000,
  ])
})
