/**
 * When a workspace or a team works: blocks of a week, and days off. One schema for the database, the server and the screen.
 *
 * In:  what a person drew or pasted.
 * Out: hours that hold together: no block overlaps another, no date stands twice, the zone is one of the IANA database.
 */
import { z } from 'zod'
import { isTimeZone } from './time-zone.ts'

/** Minutes of the day; 1440 is midnight at its end. A night shift is two blocks. */
export const Block = z.strictObject({
  /** ISO weekday: Monday is 1. */
  day: z.number().int().min(1).max(7),
  from: z.number().int().min(0).max(1_439),
  to: z.number().int().min(1).max(1_440),
})
export type Block = z.output<typeof Block>

/** A whole day, in the zone of the hours. */
export const Holiday = z.strictObject({ date: z.iso.date(), name: z.string().trim().max(100) })
export type Holiday = z.output<typeof Holiday>

export const Hours = z
  .strictObject({
    timeZone: z.string().min(1).max(64).refine(isTimeZone, 'not a time zone of the IANA database'),
    blocks: z.array(Block).max(70),
    holidays: z.array(Holiday).max(500),
  })
  .refine((it) => whyNotBlocks(it.blocks) === null, {
    path: ['blocks'],
    message: 'blocks overlap or run backwards',
  })
  .refine((it) => new Set(it.holidays.map((one) => one.date)).size === it.holidays.length, {
    path: ['holidays'],
    message: 'a date stands twice',
  })
export type Hours = z.output<typeof Hours>

export type BlocksProblem = { day: number; why: 'backwards' | 'overlap' }

export function whyNotBlocks(blocks: readonly Block[]): BlocksProblem | null {
  const sorted = inOrder(blocks)
  for (const [at, { day, from, to }] of sorted.entries()) {
    if (from >= to) return { day, why: 'backwards' }
    const next = sorted[at + 1]
    if (next?.day === day && next.from < to) return { day, why: 'overlap' }
  }
  return null
}

export const inOrder = (blocks: readonly Block[]): Block[] =>
  blocks.toSorted((a, b) => a.day - b.day || a.from - b.from)

export type PastedHolidays = { holidays: Holiday[]; unread: string[] }

/** One a line: `2026-12-25 Christmas Day`. Lines that are none are handed back, none is guessed. */
export function readHolidays(pasted: string): PastedHolidays {
  const holidays = new Map<string, Holiday>()
  const unread: string[] = []
  for (const line of pasted.split(/\r?\n/).map((it) => it.trim())) {
    if (line === '') continue
    const [, date = '', name = ''] = /^(\d{4}-\d{2}-\d{2})(?:[\s,;:]+(.*))?$/.exec(line) ?? []
    const read = Holiday.safeParse({ date, name: name.slice(0, 100) })
    if (read.success) holidays.set(date, read.data)
    else unread.push(line)
  }
  return { holidays: [...holidays.values()], unread }
}

/** What is pasted wins over what stood there; by date. */
export function addHolidays(were: readonly Holiday[], more: readonly Holiday[]): Holiday[] {
  const all = new Map([...were, ...more].map((it) => [it.date, it]))
  return [...all.values()].sort((a, b) => (a.date < b.date ? -1 : 1))
}

/** `09:30` as minutes of the day; null when it is no time. `24:00` is the end of the day. */
export function minutesOf(time: string): number | null {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(time.trim()) ?? []
  if (!hours || !minutes || Number(minutes) > 59) return null
  const sum = Number(hours) * 60 + Number(minutes)
  return sum <= 1_440 ? sum : null
}

export const timeOf = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
