import { useTranslation } from 'react-i18next'
import { useNow } from './now.ts'

type Props = {
  at: string
  className?: string /** Times that can be reached by keyboard, where there are few. */
  focusable?: boolean
  /** "4 min ago" where it stands in a sentence; "4 min" in a list. */
  ago?: boolean
}

/** "4 min", "in 2 h"; the whole date by hover and for those who listen. */
export function RelativeTime({ at, className, focusable = false, ago = false }: Props) {
  const words = useRelative(at, { ago })
  return (
    <time dateTime={at} title={absolute(at)} {...(focusable && { tabIndex: 0 })} className={className}>
      {words}
    </time>
  )
}

const long = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' })
export const absolute = (at: string): string => long.format(new Date(at))

const units = {
  bare: { now: 'time.now', minutes: 'time.minutes', hours: 'time.hours', days: 'time.days' },
  ago: { now: 'time.justNow', minutes: 'time.minutesAgo', hours: 'time.hoursAgo', days: 'time.daysAgo' },
  ahead: { now: 'time.now', minutes: 'time.inMinutes', hours: 'time.inHours', days: 'time.inDays' },
} as const

export function useRelative(at: string, { ago = false } = {}): string {
  const { t } = useTranslation()
  const away = new Date(at).getTime() - useNow(15_000)
  const words = units[away > 0 ? 'ahead' : ago ? 'ago' : 'bare']
  const minutes = Math.round(Math.abs(away) / 60_000)
  if (minutes < 1) return t(units[ago ? 'ago' : 'bare'].now)
  if (minutes < 60) return t(words.minutes, { count: minutes })
  if (minutes < 48 * 60) return t(words.hours, { count: Math.round(minutes / 60) })
  return t(words.days, { count: Math.round(minutes / 1440) })
}
