import { CircleAlert, Lightbulb } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Check } from '../../reply/checks.ts'

/** What to look at before sending: the words that led to it, and whether it stops the reply or only advises. */
export function Checks({ checks }: { checks: Check[] }) {
  const { t } = useTranslation('inbox')
  return (
    <ul aria-label={t('composer.checks')} aria-live="polite" className="empty:hidden">
      {checks.map((check) => {
        const blocks = check.level === 'block'
        return (
          <li
            key={check.code}
            className={`mt-1.5 flex items-baseline gap-2 text-sm ${blocks ? 'text-bad' : 'text-warn'}`}
          >
            {blocks ? (
              <CircleAlert size={14} aria-hidden className="shrink-0 self-center" />
            ) : (
              <Lightbulb size={14} aria-hidden className="shrink-0 self-center" />
            )}
            <span>
              <strong className="font-semibold">{t(`composer.${check.level}`)}:</strong>{' '}
              {t(`check.${check.code}`)}{' '}
              {check.code !== 'same-again' && <q className="wrap-anywhere">{check.spans[0]?.text}</q>}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
