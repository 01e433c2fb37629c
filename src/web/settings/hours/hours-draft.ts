/**
 * Hours while they are being written: times are words until they make sense.
 *
 * In:  hours as they are kept.
 * Out: rows to type in, and what they mean, or which day is wrong and why.
 */
import {
  type Block,
  type Holiday,
  type Hours,
  inOrder,
  minutesOf,
  timeOf,
  whyNotBlocks,
} from '../../../staff/hours.ts'

export type Row = { key: number; day: number; from: string; to: string }
export type HoursDraft = { timeZone: string; rows: Row[]; holidays: Holiday[] }
export type RowsProblem = { day: number; why: 'time' | 'backwards' | 'overlap' }

let lastKey = 0
const rowOf = ({ day, from, to }: Block): Row => ({ key: ++lastKey, day, from: timeOf(from), to: timeOf(to) })

export function draftOf({ timeZone, blocks, holidays }: Hours): HoursDraft {
  return { timeZone, rows: inOrder(blocks).map(rowOf), holidays }
}

export function blocksOf(rows: readonly Row[]): { blocks: Block[]; problem: RowsProblem | null } {
  const read = rows.map(({ day, from, to }) => ({ day, from: minutesOf(from), to: minutesOf(to) }))
  const wrong = read.find((it) => it.from === null || it.to === null || it.from === 1_440)
  const blocks = read.filter((it): it is Block => it.from !== null && it.to !== null && it.from < it.to)
  if (wrong) return { blocks, problem: { day: wrong.day, why: 'time' } }
  const problem = whyNotBlocks(read as Block[])
  return { blocks: inOrder(blocks), problem }
}

/** After the last block of the day, an hour later where there is room; the first one is an office day. */
export function withBlock(rows: readonly Row[], day: number): Row[] {
  const last = Math.max(...rows.filter((it) => it.day === day).map((it) => minutesOf(it.to) ?? 0), -1)
  const from = last < 0 ? 540 : Math.min(last + 60, 1_380)
  const to = last < 0 ? 1_020 : Math.min(from + 240, 1_440)
  return [...rows, rowOf({ day, from, to })]
}

/** Every day that has hours gets those of this one. */
export function copyDay(rows: readonly Row[], day: number): Row[] {
  const model = rows.filter((it) => it.day === day)
  const days = [...new Set(rows.map((it) => it.day))].sort((a, b) => a - b)
  return days.flatMap((one) => model.map((it) => ({ ...it, key: ++lastKey, day: one })))
}

export function sameHours(a: Hours, b: Hours): boolean {
  const plain = ({ timeZone, blocks, holidays }: Hours) =>
    JSON.stringify([
      timeZone,
      inOrder(blocks).map((it) => [it.day, it.from, it.to]),
      holidays.map((it) => [it.date, it.name]),
    ])
  return plain(a) === plain(b)
}
