/**
 * When an answer is due: time counted only while the workspace works, in its own time zone.
 *
 * In:  when the customer began to wait, and the workspace's target and hours.
 * Out: the moment the promise runs out, or the working minutes between two moments.
 *
 * Windows are walked as local days and turned into instants one by one, so that a day of 23 or 25 hours, a zone
 * of 5:45 or one beyond the date line needs no case of its own.
 */
export type Targets = {
  answerWithinMinutes: number
  /** An IANA name. */
  timeZone: string
  /** ISO weekdays, Monday is 1. */
  workDays: readonly number[]
  workFromMinute: number
  workToMinute: number
}

const minuteMs = 60_000
const dayMs = 1_440 * minuteMs
/** Ten years of days: where a target of nonsense stops counting. */
const mostDays = 3_660

export function dueAt(since: Date, targets: Targets): Date {
  let leftMs = targets.answerWithinMinutes * minuteMs
  let end = since.getTime()
  for (const window of workWindows(since, targets)) {
    const start = Math.max(window.from, since.getTime())
    const length = Math.max(0, window.to - start)
    if (leftMs <= length) return new Date(start + leftMs)
    leftMs -= length
    end = window.to
  }
  return new Date(end)
}

export function workingMinutesBetween(from: Date, to: Date, targets: Targets): number {
  let sumMs = 0
  for (const window of workWindows(from, targets)) {
    if (window.from >= to.getTime()) break
    sumMs += Math.max(0, Math.min(window.to, to.getTime()) - Math.max(window.from, from.getTime()))
  }
  return Math.floor(sumMs / minuteMs)
}

/** From the local day of `since` on. A workspace without working days would never answer: then every day counts. */
function* workWindows(since: Date, { timeZone, workDays, workFromMinute, workToMinute }: Targets) {
  const first = Math.floor((since.getTime() + offsetMs(since.getTime(), timeZone)) / dayMs)
  for (let day = first; day < first + mostDays; day++) {
    if (workDays.length > 0 && !workDays.includes(isoWeekday(day))) continue
    yield {
      from: instantOf(day * dayMs + workFromMinute * minuteMs, timeZone),
      to: instantOf(day * dayMs + workToMinute * minuteMs, timeZone),
    }
  }
}

/** The first of January 1970 was a Thursday. */
const isoWeekday = (localDay: number) => ((((localDay + 3) % 7) + 7) % 7) + 1

/** A wall-clock time that happens twice is its first; one that is skipped is the moment the clocks jump past it. */
function instantOf(wallMs: number, timeZone: string): number {
  const before = wallMs - offsetMs(wallMs - dayMs, timeZone)
  if (before + offsetMs(before, timeZone) === wallMs) return before
  const after = wallMs - offsetMs(wallMs + dayMs, timeZone)
  return after + offsetMs(after, timeZone) === wallMs ? after : before
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
