import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { PersonView } from '../../people/look-contract.ts'
import { nameOf } from '../inbox/names.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Badge } from '../ui/Badge.tsx'
import { RelativeTime, useRelative } from '../ui/RelativeTime.tsx'

/** Someone who was found, with their cases. Nothing of how many people follow them. */
export function FoundPerson({ it }: { it: PersonView }) {
  const { t } = useTranslation('people')
  const { t: inbox } = useTranslation('inbox')
  const when = useRelative(it.firstHeardAt, { ago: true })
  const name = nameOf(it, t('unknown'))
  return (
    <li className="flex gap-3 p-3 desk:p-4">
      <Avatar name={name} />
      <div className="min-w-0 flex-1">
        <p dir="auto" className="font-medium wrap-anywhere">
          {name}
        </p>
        <p dir="auto" className="text-sm text-faint wrap-anywhere">
          {it.handle && name !== `@${it.handle}` && <>@{it.handle} · </>}
          {t('since', { when })}
        </p>
        {it.cases.length === 0 ? (
          <p className="mt-1 text-sm text-faint">{t('noCases')}</p>
        ) : (
          <ul aria-label={t('cases')} className="mt-1.5 flex flex-wrap gap-x-4 gap-y-1">
            {it.cases.map((one) => (
              <li key={one.caseId}>
                <Link
                  to="/inbox/$caseId"
                  params={{ caseId: one.caseId }}
                  className="touch inline-flex items-center gap-1.5"
                >
                  <span className="text-accent-ink underline underline-offset-2">
                    {t('caseNumber', { number: one.number })}
                  </span>
                  <Badge>{inbox(`status.${one.status}`)}</Badge>
                  <RelativeTime at={one.openedAt} className="text-sm text-faint" />
                </Link>
              </li>
            ))}
          </ul>
        )}
      </div>
    </li>
  )
}
