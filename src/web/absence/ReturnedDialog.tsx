import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { nameOf } from '../inbox/names.ts'
import { useMe } from '../me.ts'
import { returnedQuery } from '../queries-teams.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { FormError } from '../ui/FormError.tsx'
import { Skeleton } from '../ui/Skeleton.tsx'
import { problemWords } from '../words/problem.ts'

/** What someone finds given back when they return. */
export function ReturnedDialog({ absenceId, onClose }: { absenceId: string; onClose: () => void }) {
  const { t } = useTranslation('teams')
  const { t: inbox } = useTranslation('inbox')
  const { colleagues } = useMe()
  const { data, error } = useQuery(returnedQuery(absenceId))
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('absence.returnedTitle')}
      description={t('absence.returnedLead')}
    >
      <FormError>{error && problemWords(error)}</FormError>
      {!data && !error && <Skeleton />}
      {data?.length === 0 && <p className="text-soft">{t('absence.noneReturned')}</p>}
      {data && data.length > 0 && (
        <ul className="divide-y divide-line">
          {data.map((it) => {
            const to = colleagues.find((one) => one.agentId === it.toAgentId)
            return (
              <li key={it.caseId} className="flex flex-wrap items-baseline gap-x-2 py-1.5">
                <Link
                  to="/inbox/$caseId"
                  params={{ caseId: it.caseId }}
                  onClick={onClose}
                  className="touch inline-flex min-w-0 items-center font-medium underline underline-offset-2"
                >
                  <span className="truncate" dir="auto">
                    {t('absence.caseLine', {
                      number: it.number,
                      name: nameOf(it, inbox('card.unknownAuthor')),
                    })}
                  </span>
                </Link>
                <span className="text-sm text-faint">
                  {to ? t('absence.toName', { name: to.name }) : t('absence.toQueue')} ·{' '}
                  {inbox(`status.${it.status}`)}
                </span>
              </li>
            )
          })}
        </ul>
      )}
    </Dialog>
  )
}
