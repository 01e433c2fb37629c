import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type AlertView, lookRoutes } from '../../people/look-contract.ts'
import { call } from '../api.ts'
import { queries } from '../queries.ts'
import { Button } from '../ui/Button.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { toast } from '../ui/toasts.ts'
import { problemWords } from '../words/problem.ts'

export function useAlertWords(): (it: AlertView) => string {
  const { t } = useTranslation('people')
  return ({ kind, agentName, found, author }) =>
    t(`looks.kind.${kind}`, { agent: agentName, found, author: author?.name ?? t('looks.somebody') })
}

export function AlertItem({ it }: { it: AlertView }) {
  const { t } = useTranslation('people')
  const what = useAlertWords()(it)
  const acknowledge = useMutation({
    mutationFn: () => call(lookRoutes.acknowledge, { params: { id: it.alertId } }),
    onSuccess: () => toast(t('looks.done')),
    onError: (error) => toast(problemWords(error), { tone: 'bad' }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['alerts'] }),
  })
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3">
      <div className="min-w-0 flex-1 basis-72">
        <p dir="auto" className="wrap-anywhere">
          {what}
        </p>
        <p className="text-sm text-faint">
          <RelativeTime at={it.noticedAt} ago />
          {it.kind !== 'one-person' && (
            <> · {it.usual > 0 ? t('looks.usual', { count: it.usual }) : t('looks.usualNone')}</>
          )}
        </p>
      </div>
      {it.acknowledgedAt ? (
        <p className="text-sm text-soft">{t('looks.acknowledged', { name: it.acknowledgedByName ?? '' })}</p>
      ) : (
        <Button
          busy={acknowledge.isPending}
          onClick={() => acknowledge.mutate()}
          aria-label={t('looks.acknowledgeNamed', { what })}
        >
          {t('looks.acknowledge')}
        </Button>
      )}
    </li>
  )
}
