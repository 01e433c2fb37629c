import { expect, test } from 'vitest'
import { addHolidays, Hours, minutesOf, readHolidays, timeOf } from './hours.ts'

const hours = { timeZone: 'Europe/London', blocks: [{ day: 1, from: 540, to: 1_440 }], holidays: [] }
const isHours = (over: object) => Hours.safeParse({ ...hours, ...over }).success

test('hours may be none, and may last until midnight', () => {
  expect(isHours({})).toBe(true)
  expect(isHours({ blocks: [] })).toBe(true)
})

test.each([
  ['an unknown zone', { timeZone: 'Europe/Atlantis' }],
  ['a bare offset', { timeZone: '+01:00' }],
  ['a block that runs backwards', { blocks: [{ day: 1, from: 600, to: 540 }] }],
  ['a block of nothing', { blocks: [{ day: 1, from: 600, to: 600 }] }],
  ['an eighth day', { blocks: [{ day: 8, from: 0, to: 60 }] }],
  [
    'blocks that overlap',
    {
      blocks: [
        { day: 1, from: 600, to: 800 },
        { day: 1, from: 540, to: 601 },
      ],
    },
  ],
  ['a day that does not exist', { holidays: [{ date: '2026-02-30', name: '' }] }],
  [
    'a date that stands twice',
    {
      holidays: [
        { date: '2026-05-01', name: '' },
        { date: '2026-05-01', name: 'May Day' },
      ],
    },
  ],
  ['a field of its own', { weekStart: 1 }],
])('%s is refused', (_what, over) => {
  expect(isHours(over)).toBe(false)
})

test('blocks that meet do not overlap, nor do those of two days', () => {
  const blocks = [
    { day: 1, from: 540, to: 720 },
    { day: 1, from: 720, to: 1_020 },
    { day: 2, from: 600, to: 700 },
  ]

  expect(isHours({ blocks })).toBe(true)
})

test('pasted lines become holidays; what is none is handed back', () => {
  const pasted =
    '2026-12-25 Christmas Day\r\n\n 2026-12-26, Boxing Day \n25.12.2026 Weihnachten\n2027-01-01\n2026-02-30 Nonsense'

  expect(readHolidays(pasted)).toEqual({
    holidays: [
      { date: '2026-12-25', name: 'Christmas Day' },
      { date: '2026-12-26', name: 'Boxing Day' },
      { date: '2027-01-01', name: '' },
    ],
    unread: ['25.12.2026 Weihnachten', '2026-02-30 Nonsense'],
  })
})

test('a pasted day gives the one that stood there its name, and all are in order', () => {
  const were = [{ date: '2026-12-25', name: 'Xmas' }]

  expect(addHolidays(were, readHolidays('2026-12-25 Christmas Day\n2026-05-01 May Day').holidays)).toEqual([
    { date: '2026-05-01', name: 'May Day' },
    { date: '2026-12-25', name: 'Christmas Day' },
  ])
})

test('times are read and written as a clock shows them', () => {
  expect([
    minutesOf('9:05'),
    minutesOf('24:00'),
    minutesOf('24:01'),
    minutesOf('9'),
    minutesOf('12:60'),
  ]).toEqual([545, 1_440, null, null, null])
  expect([timeOf(545), timeOf(1_440)]).toEqual(['09:05', '24:00'])
})
