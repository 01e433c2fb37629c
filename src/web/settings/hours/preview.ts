/**
 * Moments to show by example when an answer would be due.
 *
 * In:  the hours, the target and the time.
 * Out: now and the next days at four in the afternoon, each with its due time: late enough for breaks and days off to tell.
 */
import { dueAt } from '../../../cases/case-clock.ts'
import type { Hours } from '../../../staff/hours.ts'

export type Example = { at: Date; dueAt: Date | null; isNow: boolean; holiday: string | null }

const dayMs = 86_400_000
const days = 6

export function examplesOf(hours: Hours, answerWithinMinutes: number, now: Date): Example[] {
  const later = Array.from({ length: days }, (_, n) =>
    wallAt(now.getTime() + n * dayMs, 16 * 60, hours.timeZone),
  )
  const moments = [now, ...later.filter((it) => it > now)]
  return moments.map((at, n) => ({
    at,
    dueAt: dueAt(at, { ...hours, answerWithinMinutes }),
    isNow: n === 0,
    holiday: hours.holidays.find((it) => it.date === dateIn(at, hours.timeZone))?.name ?? null,
  }))
}

export const dateIn = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)

/** The moment of that day there when the clock on the wall shows this minute. Asked twice: the day may change its clocks. */
function wallAt(near: number, minute: number, timeZone: string): Date {
  const wall = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
  })
  const once = (at: number) => {
    const [hours = 0, minutes = 0] = wall.format(at).split(':').map(Number)
    return at + (minute - hours * 60 - minutes) * 60_000
  }
  return new Date(Math.floor(once(once(near)) / 60_000) * 60_000)
}
