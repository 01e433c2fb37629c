import { useTranslation } from 'react-i18next'
import { useNow } from './now.ts'

type Props = {
  at: string
  className?: string /** Times that can be reached by keyboard, where there are few. */
  focusable?: boolean
}

/** "4 min", "in 2 h"; the whole date by hover and for those who listen. */
export function RelativeTime({ at, className, focusable = false }: Props) {
  const words = useRelative(at)
  return (
    <time dateTime={at} title={absolute(at)} {...(focusable && { tabIndex: 0 })} className={className}>
      {words}
    </time>
  )
}

const long = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' })
export const absolute = (at: string): string => long.format(new Date(at))

export function useRelative(at: string): string {
  const { t } = useTranslation()
  const away = new Date(at).getTime() - useNow(15_000)
  const minutes = Math.round(Math.abs(away) / 60_000)
  if (minutes < 1) return t('time.now')
  const [unit, count] = minutes < 60 ? ['minutes', minutes] as const
    : minutes < 48 * 60 ? ['hours', Math.round(minutes / 60)] as const
    : ['days', Math.round(minutes / 1440)] as const // biome-ignore format: a table
  if (away <= 0) return t(`time.${unit}`, { count })
  return t(({ minutes: 'time.inMinutes', hours: 'time.inHours', days: 'time.inDays' } as const)[unit], {
    count,
  })
}
