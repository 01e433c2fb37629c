/** Out of office until a morning: tomorrow, on Monday, in a week or two. */
import { expect, test } from 'vitest'
import { spanOf } from './spans.ts'

const untilOf = (now: Date) => ({
  today: spanOf('today', now).until,
  monday: spanOf('monday', now).until,
  week: spanOf('week', now).until,
  twoWeeks: spanOf('twoWeeks', now).until,
})

test('from a Thursday', () => {
  const now = new Date(2026, 10, 5, 14, 30)
  expect(spanOf('today', now).from).toBe('2026-11-05T14:30')
  expect(untilOf(now)).toEqual({
    today: '2026-11-06T09:00',
    monday: '2026-11-09T09:00',
    week: '2026-11-12T09:00',
    twoWeeks: '2026-11-19T09:00',
  })
})

test('from a Sunday it is the next day, from a Monday the next week, and months go over', () => {
  expect(spanOf('monday', new Date(2026, 10, 8, 8)).until).toBe('2026-11-09T09:00')
  expect(spanOf('monday', new Date(2026, 10, 9, 8)).until).toBe('2026-11-16T09:00')
  expect(spanOf('today', new Date(2026, 11, 31, 8)).until).toBe('2027-01-01T09:00')
})
