import { expect, test } from 'vitest'
import { afterDeciding, afterFinding, afterSending, spread, type Tried } from './reply.ts'

const at = new Date('2026-11-22T10:00:00Z')
const tried = (over: Partial<Tried> = {}): Tried => ({
  attempts: 1,
  queuedAt: new Date('2026-11-22T09:59:00Z'),
  was: 'queued',
  wasDetail: null,
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
  })
  expect(afterSending({ ...later, retryAfterMs: 9e9 }, tried(), at)).toMatchObject({ waitMs: 21_600_000 })
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

test('a search settles what it finds, and absence has to be seen twice', () => {
  const lost = tried({ was: 'unknown' })
  const seenOnce = { ...lost, wasDetail: 'not-there-yet' }
  const fresh = { graceMs: 5_000, isOld: false }

  expect(afterFinding({ outcome: 'there', cid: 'c' }, 'u', lost, fresh)).toEqual({
    state: 'sent',
    cid: 'c',
    url: 'u',
  })
  expect(afterFinding({ outcome: 'deleted-by-owner' }, null, lost, fresh)).toEqual({
    state: 'deleted-by-owner',
    detail: null,
  })
  expect(afterFinding({ outcome: 'absent' }, null, lost, fresh)).toEqual({
    state: 'unknown',
    detail: 'not-there-yet',
    waitMs: 5_000,
    counts: false,
  })
  expect(afterFinding({ outcome: 'absent' }, null, seenOnce, fresh)).toBe('send')
  expect(afterFinding({ outcome: 'absent' }, null, seenOnce, { ...fresh, isOld: true })).toMatchObject({
    state: 'unknown',
    detail: 'not-there-yet',
  })
  expect(afterFinding({ outcome: 'unreachable' }, null, lost, fresh)).toMatchObject({
    state: 'unknown',
    detail: 'unreachable',
    waitMs: 2_000,
  })
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

test('waits are spread by a quarter either way', () => {
  expect([spread(1_000, 0), spread(1_000, 0.5), spread(1_000, 1)]).toEqual([750, 1_000, 1_250])
})
