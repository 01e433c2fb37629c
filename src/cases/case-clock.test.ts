import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dueAt, type Targets, workingMinutesBetween } from './case-clock.ts'

const office = (over: Partial<Targets> = {}): Targets => ({
  answerWithinMinutes: 240,
  timeZone: 'Europe/London',
  workDays: [1, 2, 3, 4, 5],
  workFromMinute: 9 * 60,
  workToMinute: 17 * 60,
  ...over,
})
const due = (since: string, over: Partial<Targets> = {}) => dueAt(new Date(since), office(over)).toISOString()

describe('an answer within four working hours', () => {
  test('is due the same day when the morning is young', () => {
    expect(due('2026-11-18T10:15:00Z')).toBe('2026-11-18T14:15:00.000Z')
  })

  test('is due at the very end of the day when four hours are left', () => {
    expect(due('2026-11-18T13:00:00Z')).toBe('2026-11-18T17:00:00.000Z')
  })

  test('goes over the weekend: Friday 16:30 becomes Monday 12:30', () => {
    expect(due('2026-11-20T16:30:00Z')).toBe('2026-11-23T12:30:00.000Z')
  })

  test('begins to count at nine for who wrote before hours', () => {
    expect(due('2026-11-18T05:00:00Z')).toBe('2026-11-18T13:00:00.000Z')
  })

  test('begins to count the next morning for who wrote in the evening', () => {
    expect(due('2026-11-18T21:00:00Z')).toBe('2026-11-19T13:00:00.000Z')
  })

  test('begins to count on Monday for who wrote on Saturday', () => {
    expect(due('2026-11-21T12:00:00Z')).toBe('2026-11-23T13:00:00.000Z')
  })
})

describe('the clocks change', () => {
  test('over the weekend in spring: Monday is an hour earlier for the world', () => {
    expect(due('2026-03-27T16:30:00Z')).toBe('2026-03-30T11:30:00.000Z')
  })

  test('over the weekend in autumn: Monday is an hour later for the world', () => {
    expect(due('2026-10-23T15:30:00Z')).toBe('2026-10-26T12:30:00.000Z')
  })

  const roundTheClock = { workDays: [1, 2, 3, 4, 5, 6, 7], workFromMinute: 0, workToMinute: 1_440 }

  test('in the middle of a shift in spring: the night is an hour shorter, four hours stay four hours', () => {
    expect(due('2026-03-28T23:00:00Z', roundTheClock)).toBe('2026-03-29T03:00:00.000Z')
  })

  test('a day of 23 hours and one of 25 hold that many', () => {
    const days = office(roundTheClock)
    const minutes = (from: string, to: string) => workingMinutesBetween(new Date(from), new Date(to), days)

    expect(minutes('2026-03-29T00:00:00Z', '2026-03-29T23:00:00Z')).toBe(23 * 60)
    expect(minutes('2026-10-24T23:00:00Z', '2026-10-26T00:00:00Z')).toBe(25 * 60)
  })

  test('a shift that begins in the hour that does not exist begins when the clocks jump past it', () => {
    // New York, 8 March 2026: 02:00 EST is followed by 03:00 EDT (07:00Z).
    const early = { timeZone: 'America/New_York', workDays: [7], workFromMinute: 150, workToMinute: 600 }

    expect(due('2026-03-08T05:00:00Z', { ...early, answerWithinMinutes: 60 })).toBe(
      '2026-03-08T08:30:00.000Z',
    )
  })
})

describe('zones of their own kind', () => {
  test('Kathmandu is 5:45 ahead', () => {
    expect(due('2026-11-18T03:30:00Z', { timeZone: 'Asia/Kathmandu' })).toBe('2026-11-18T07:30:00.000Z')
    expect(due('2026-11-18T03:00:00Z', { timeZone: 'Asia/Kathmandu' })).toBe('2026-11-18T07:15:00.000Z')
  })

  test('in Samoa it is Sunday while London still has Saturday, and Monday morning comes on Sunday evening', () => {
    const samoa = { timeZone: 'Pacific/Apia' }

    expect(due('2026-11-21T12:00:00Z', samoa)).toBe('2026-11-23T00:00:00.000Z')
    expect(due('2026-11-22T20:00:00Z', samoa)).toBe('2026-11-23T00:00:00.000Z')
  })
})

test('a workspace that names no working day counts every day', () => {
  expect(due('2026-11-21T10:00:00Z', { workDays: [] })).toBe('2026-11-21T14:00:00.000Z')
})

test('a target beyond all reason still ends', () => {
  const end = dueAt(new Date('2026-11-18T10:00:00Z'), office({ answerWithinMinutes: 2_147_483_647 }))

  expect(end.toISOString()).toBe('2036-11-24T17:00:00.000Z')
})

test('what is due after n working minutes is n working minutes away, wherever and whenever', () => {
  const zones = [
    'Europe/London',
    'America/New_York',
    'Asia/Kathmandu',
    'Pacific/Apia',
    'Australia/Lord_Howe',
    'UTC',
  ]
  fc.assert(
    fc.property(
      fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true }),
      fc.constantFrom(...zones),
      fc.integer({ min: 1, max: 5_000 }),
      (since, timeZone, answerWithinMinutes) => {
        const targets = office({ timeZone, answerWithinMinutes })
        expect(workingMinutesBetween(since, dueAt(since, targets), targets)).toBe(answerWithinMinutes)
      },
    ),
    { numRuns: 150 },
  )
})
