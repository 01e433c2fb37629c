import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Block } from '../staff/hours.ts'
import { dueAt, type Targets, workingMinutesBetween } from './case-clock.ts'

const days = (list: readonly number[], from: number, to: number): Block[] =>
  list.map((day) => ({ day, from, to }))
const everyDay = [1, 2, 3, 4, 5, 6, 7]

const office = (over: Partial<Targets> = {}): Targets => ({
  answerWithinMinutes: 240,
  timeZone: 'Europe/London',
  blocks: days([1, 2, 3, 4, 5], 9 * 60, 17 * 60),
  holidays: [],
  ...over,
})
const due = (since: string, over: Partial<Targets> = {}) =>
  dueAt(new Date(since), office(over))?.toISOString()

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

  const roundTheClock = { blocks: days(everyDay, 0, 1_440) }

  test('in the middle of a shift in spring: the night is an hour shorter, four hours stay four hours', () => {
    expect(due('2026-03-28T23:00:00Z', roundTheClock)).toBe('2026-03-29T03:00:00.000Z')
  })

  test('a day of 23 hours and one of 25 hold that many', () => {
    const hours = office(roundTheClock)
    const minutes = (from: string, to: string) => workingMinutesBetween(new Date(from), new Date(to), hours)

    expect(minutes('2026-03-29T00:00:00Z', '2026-03-29T23:00:00Z')).toBe(23 * 60)
    expect(minutes('2026-10-24T23:00:00Z', '2026-10-26T00:00:00Z')).toBe(25 * 60)
  })

  test('a shift that begins in the hour that does not exist begins when the clocks jump past it', () => {
    // New York, 8 March 2026: 02:00 EST is followed by 03:00 EDT (07:00Z).
    const early = { timeZone: 'America/New_York', blocks: days([7], 150, 600) }

    expect(due('2026-03-08T05:00:00Z', { ...early, answerWithinMinutes: 60 })).toBe(
      '2026-03-08T08:00:00.000Z',
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

describe('several blocks a day, and days off', () => {
  const overLunch = {
    blocks: [...days([1, 2, 3, 4, 5], 540, 720), ...days([1, 2, 3, 4, 5], 780, 1_020)],
  }

  test('a lunch break is not counted', () => {
    expect(due('2026-11-18T10:00:00Z', overLunch)).toBe('2026-11-18T15:00:00.000Z')
  })

  test('who writes at lunch waits from its end', () => {
    expect(due('2026-11-18T12:30:00Z', { ...overLunch, answerWithinMinutes: 60 })).toBe(
      '2026-11-18T14:00:00.000Z',
    )
  })

  test('a holiday is not counted', () => {
    const holidays = [{ date: '2026-12-25', name: 'Christmas Day' }]

    expect(due('2026-12-24T16:00:00Z', { holidays })).toBe('2026-12-28T12:00:00.000Z')
    expect(due('2026-12-24T16:00:00Z')).toBe('2026-12-25T12:00:00.000Z')
  })

  test('a holiday is a day of the zone, not of the world', () => {
    const holidays = [{ date: '2026-11-20', name: 'Local day' }]

    // Friday in Auckland begins on Thursday at 11:00 of the world.
    expect(due('2026-11-19T03:30:00Z', { timeZone: 'Pacific/Auckland', holidays })).toBe(
      '2026-11-22T23:30:00.000Z',
    )
  })

  test('a night shift is two blocks that meet at 24:00', () => {
    const night = { blocks: [...days([3], 1_320, 1_440), ...days([4], 0, 360)] }

    expect(due('2026-11-18T23:00:00Z', night)).toBe('2026-11-19T03:00:00.000Z')
  })

  test('an hour that happens twice is worked twice, one that is skipped not at all', () => {
    const early = { blocks: days([7], 60, 120), answerWithinMinutes: 90 }

    // London: 25 October 2026 has 01:00 to 02:00 twice, 29 March has it never.
    expect(due('2026-10-24T20:00:00Z', early)).toBe('2026-10-25T01:30:00.000Z')
    expect(due('2026-03-28T20:00:00Z', early)).toBe('2026-04-12T00:30:00.000Z')
  })
})

test('where nobody ever works nothing is ever due', () => {
  expect(dueAt(new Date('2026-11-21T10:00:00Z'), office({ blocks: [] }))).toBeNull()
})

test('a target beyond all reason still ends', () => {
  const end = dueAt(new Date('2026-11-18T10:00:00Z'), office({ answerWithinMinutes: 2_147_483_647 }))

  expect(end!.toISOString()).toBe('2036-11-24T17:00:00.000Z')
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
        expect(workingMinutesBetween(since, dueAt(since, targets)!, targets)).toBe(answerWithinMinutes)
      },
    ),
    { numRuns: 150 },
  )
})

describe('against a reference that looks at the wall once a minute', () => {
  const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
  const walls = new Map<string, Intl.DateTimeFormat>()
  function wallOf(instant: number, timeZone: string) {
    const options = { timeZone, weekday: 'short', hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const // biome-ignore format: one thing
    const wall = walls.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', options)
    walls.set(timeZone, wall)
    const part = Object.fromEntries(wall.formatToParts(instant).map((it) => [it.type, it.value]))
    return {
      day: weekdays.indexOf(part.weekday!) + 1,
      date: `${part.year}-${part.month}-${part.day}`,
      minute: Number(part.hour) * 60 + Number(part.minute),
    }
  }
  function isWorked(instant: number, { timeZone, blocks, holidays }: Targets): boolean {
    const { day, date, minute } = wallOf(instant, timeZone)
    if (holidays.some((it) => it.date === date)) return false
    return blocks.some((it) => it.day === day && it.from <= minute && minute < it.to)
  }
  function slowly(since: Date, targets: Targets, mostMinutes: number): Date | null {
    let left = targets.answerWithinMinutes
    for (let at = since.getTime(), n = 0; n < mostMinutes; at += 60_000, n++) {
      if (isWorked(at, targets) && --left === 0) return new Date(at + 60_000)
    }
    return null
  }

  /** Half an hour of summer on Lord Howe, none in Kathmandu and Phoenix, and the nights when clocks change. */
  const nights: [string, string][] = [
    ['Europe/London', '2026-03-28T18:00:00Z'],
    ['Europe/London', '2026-10-24T18:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-04T06:00:00Z'],
    ['Australia/Lord_Howe', '2026-10-03T06:00:00Z'],
    ['America/New_York', '2026-11-01T00:00:00Z'],
    ['America/Santiago', '2026-09-05T22:00:00Z'],
    ['Asia/Kathmandu', '2026-05-01T00:00:00Z'],
    ['America/Phoenix', '2026-03-08T00:00:00Z'],
  ]
  const block = fc
    .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 0, max: 47 }), fc.integer({ min: 1, max: 48 }))
    .filter(([, from, to]) => from < to)
    .map(([day, from, to]) => ({ day, from: from * 30, to: to * 30 }))
  const apart = fc
    .array(block, { minLength: 1, maxLength: 10 })
    .map((list) =>
      list.filter(
        (it, at) => !list.slice(0, at).some((b) => b.day === it.day && b.from < it.to && it.from < b.to),
      ),
    )

  test('both say the same moment, or neither finds one in three days', () => {
    const three = 3 * 1_440
    let found = 0
    fc.assert(
      fc.property(
        fc.constantFrom(...nights),
        fc.integer({ min: 0, max: 1_440 }),
        apart,
        fc.integer({ min: 1, max: 1_500 }),
        fc.integer({ min: -1, max: 3 }),
        ([timeZone, night], later, blocks, answerWithinMinutes, off) => {
          const since = new Date(new Date(night).getTime() + later * 60_000)
          const { date } = wallOf(since.getTime() + off * 86_400_000, timeZone)
          const holidays = off < 0 ? [] : [{ date, name: 'off' }]
          const targets = { answerWithinMinutes, timeZone, blocks, holidays }

          const slow = slowly(since, targets, three)
          const quick = dueAt(since, targets)!

          if (slow) found++
          if (slow) expect(quick.toISOString()).toBe(slow.toISOString())
          else expect(quick.getTime()).toBeGreaterThan(since.getTime() + three * 60_000)
        },
      ),
      { numRuns: 120, seed: 26 },
    )
    expect(found).toBeGreaterThan(30)
  })
})
