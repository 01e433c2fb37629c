import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Hours } from '../../../staff/hours.ts'
import { useNow } from '../../ui/now.ts'
import { examplesOf } from './preview.ts'

/** What the hours mean for who writes in the next days. */
export function DuePreview({ hours, withinMinutes }: { hours: Hours; withinMinutes: number }) {
  const { t } = useTranslation('teams')
  const now = useNow(60_000)
  const examples = useMemo(() => examplesOf(hours, withinMinutes, new Date(now)), [hours, withinMinutes, now])
  const words = useMemo(
    () =>
      new Intl.DateTimeFormat('en-GB', {
        timeZone: hours.timeZone,
        weekday: 'short',
        day: 'numeric',
        month: 'short',
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      }),
    [hours.timeZone],
  )
  return (
    <table className="w-full text-left tabular-nums">
      <thead className="text-sm text-faint">
        <tr>
          <th className="py-1 pr-3 font-normal">{t('hoursPage.writes')}</th>
          <th className="py-1 font-normal">{t('hoursPage.answered')}</th>
        </tr>
      </thead>
      <tbody>
        {examples.map((it) => (
          <tr key={it.at.getTime()} className="border-t border-line align-top">
            <td className="py-1.5 pr-3">
              {it.isNow ? t('hoursPage.rightNow') : words.format(it.at)}
              {it.holiday !== null && (
                <span className="block text-sm text-faint">{it.holiday || t('hoursPage.unnamed')}</span>
              )}
            </td>
            <td className="py-1.5">{it.dueAt ? words.format(it.dueAt) : t('hoursPage.neverDue')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
