/**
 * How long somebody is out of office, as they would say it.
 *
 * In:  now, and one of the usual spans. In this browser's time, which is the person's own.
 * Out: from and until as fields of a form take them. One is back in the morning, at nine.
 */
export const spans = ['today', 'monday', 'week', 'twoWeeks'] as const
export type Span = (typeof spans)[number]

const backAt = 9

export function spanOf(span: Span, now: Date): { from: string; until: string } {
  const days = { today: 1, monday: daysToMonday(now), week: 7, twoWeeks: 14 }[span]
  const until = new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, backAt)
  return { from: wallOf(now), until: wallOf(until) }
}

const daysToMonday = (now: Date): number => (8 - now.getDay()) % 7 || 7

export function wallOf(at: Date): string {
  const two = (n: number) => String(n).padStart(2, '0')
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`
}
