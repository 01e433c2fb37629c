import { expect, test } from 'vitest'
import { blocksOf, copyDay, draftOf, type Row, sameHours, withBlock } from './hours-draft.ts'

const row = (day: number, from: string, to: string, key = 0): Row => ({ key, day, from, to })

test('what is typed becomes blocks in order, midnight at the end included', () => {
  const { blocks, problem } = blocksOf([row(2, '13:00', '24:00'), row(2, '9:00', '12:30')])

  expect(problem).toBeNull()
  expect(blocks).toEqual([
    { day: 2, from: 540, to: 750 },
    { day: 2, from: 780, to: 1_440 },
  ])
})

test.each([
  ['no time', [row(1, '9', '17:00')], { day: 1, why: 'time' }],
  ['the end of the day as a beginning', [row(1, '24:00', '24:00')], { day: 1, why: 'time' }],
  ['ends before it begins', [row(3, '17:00', '09:00')], { day: 3, why: 'backwards' }],
  ['two that overlap', [row(4, '09:00', '13:00'), row(4, '12:00', '17:00')], { day: 4, why: 'overlap' }],
])('%s is said of its day', (_what, rows, problem) => {
  expect(blocksOf(rows).problem).toEqual(problem)
})

test('a new block stands an hour after the last one, and the first one is an office day', () => {
  const times = (rows: Row[]) => rows.map((it) => `${it.from}-${it.to}`)

  expect(times(withBlock([], 1))).toEqual(['09:00-17:00'])
  expect(times(withBlock([row(1, '09:00', '12:00')], 1))).toEqual(['09:00-12:00', '13:00-17:00'])
  expect(blocksOf(withBlock([row(1, '09:00', '24:00')], 1)).problem).toEqual({ day: 1, why: 'overlap' })
})

test('copying a day leaves free days free', () => {
  const rows = [row(1, '08:00', '12:00'), row(2, '09:00', '17:00')]

  expect(copyDay(rows, 1).map((it) => [it.day, it.from, it.to])).toEqual([
    [1, '08:00', '12:00'],
    [2, '08:00', '12:00'],
  ])
})

test('hours that were only written in another order are the same', () => {
  const hours = {
    timeZone: 'UTC',
    blocks: [
      { day: 2, from: 1, to: 2 },
      { day: 1, from: 1, to: 2 },
    ],
    holidays: [],
  }

  expect(sameHours(hours, { ...hours, blocks: blocksOf(draftOf(hours).rows).blocks })).toBe(true)
  expect(sameHours(hours, { ...hours, timeZone: 'Europe/London' })).toBe(false)
})
