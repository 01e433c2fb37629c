/**
 * When an answer is due: time counted only while we work, in the time zone of who works.
 *
 * In:  when the customer began to wait, the target, and the hours it counts in.
 * Out: the moment the promise runs out (null: there are no hours, so never), or the working minutes between two moments.
 *
 * A minute counts when the clock on the wall shows a time inside a block, and no holiday: an hour that a change of the
 * clocks skips counts nowhere, one that it repeats counts twice.
 */
import type { Block, Hours } from '../staff/hours.ts'

export type Targets = { answerWithinMinutes: number } & Hours

const minuteMs = 60_000
const dayMs = 1_440 * minuteMs
/** Ten years of days: where a target of nonsense stops counting. */
const mostDays = 3_660

export function dueAt(since: Date, targets: Targets): Date | null {
  let leftMs = targets.answerWithinMinutes * minuteMs
  let end: number | null = null
  for (const window of workWindows(since, targets)) {
    const start = Math.max(window.from, since.getTime())
    const length = Math.max(0, window.to - start)
    if (leftMs <= length) return new Date(start + leftMs)
    leftMs -= length
    end = window.to
  }
  return end === null ? null : new Date(end)
}

export function workingMinutesBetween(from: Date, to: Date, hours: Hours): number {
  let sumMs = 0
  for (const window of workWindows(from, hours)) {
    if (window.from >= to.getTime()) break
    sumMs += Math.max(0, Math.min(window.to, to.getTime()) - Math.max(window.from, from.getTime()))
  }
  return Math.floor(sumMs / minuteMs)
}

/** Instants; `to` is the first moment outside. */
type Window = { from: number; to: number }

/** In order, from the local day before `since` on: an hour that happens twice may reach back into it. */
function* workWindows(since: Date, { timeZone, blocks, holidays }: Hours): Generator<Window> {
  if (blocks.length === 0) return
  const free = new Set(holidays.map((it) => it.date))
  const today = Math.floor((since.getTime() + offsetMs(since.getTime(), timeZone)) / dayMs)
  for (let day = today - 1; day < today + mostDays; day++) {
    const worked = blocks.filter((it) => it.day === isoWeekday(day))
    if (worked.length > 0 && !free.has(dateOf(day))) yield* windowsOf(day, worked, timeZone)
  }
}

/** The first of January 1970 was a Thursday. */
const isoWeekday = (localDay: number) => ((((localDay + 3) % 7) + 7) % 7) + 1
const dateOf = (localDay: number) => new Date(localDay * dayMs).toISOString().slice(0, 10)

/** One day's blocks as instants. Around a change of the clocks a block is cut into what lies before it and after it. */
function windowsOf(day: number, worked: readonly Block[], timeZone: string): Window[] {
  const start = day * dayMs
  const early = start - dayMs
  const late = start + 2 * dayMs
  const [before, after] = [offsetMs(early, timeZone), offsetMs(late, timeZone)]
  const change = before === after ? Number.POSITIVE_INFINITY : changeBetween(early, late, timeZone)
  const windows = worked.flatMap((block) => {
    const [from, to] = [start + block.from * minuteMs, start + block.to * minuteMs]
    return [
      { from: from - before, to: Math.min(to - before, change) },
      { from: Math.max(from - after, change), to: to - after },
    ]
  })
  return windows.filter((it) => it.from < it.to).sort((a, b) => a.from - b.from)
}

/** The first instant of the new offset. No zone changes its clocks twice within three days. */
function changeBetween(early: number, late: number, timeZone: string): number {
  const before = offsetMs(early, timeZone)
  let [low, high] = [early, late]
  while (high - low > 1_000) {
    const middle = Math.floor((low + high) / 2_000) * 1_000
    if (offsetMs(middle, timeZone) === before) low = middle
    else high = middle
  }
  return high
}

/** Formatters cost a thousand times what using one does. */
const formats = new Map<string, Intl.DateTimeFormat>()

function offsetMs(instantMs: number, timeZone: string): number {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(timeZone, format)
  }
  const part: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(instantMs)) part[type] = Number(value)
  const wall = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!)
  return wall - Math.floor(instantMs / 1_000) * 1_000
}
