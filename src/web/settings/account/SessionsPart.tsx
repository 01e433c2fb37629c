import { useMutation, useQuery } from '@tanstack/react-query'
import { Monitor, Smartphone } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ownAccountRoutes } from '../../../staff/own-account-contract.ts'
import { call } from '../../api.ts'
import { queries } from '../../queries.ts'
import { type OwnSessionRow, sessionsQuery } from '../../queries-account.ts'
import { Badge } from '../../ui/Badge.tsx'
import { Button } from '../../ui/Button.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { Part, Rows } from '../../ui/Page.tsx'
import { useRelative } from '../../ui/RelativeTime.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'

const refresh = () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey })

/** Takes rows away before the server answers; when it says no, they are asked for again. */
const without = (isGone: (row: OwnSessionRow) => boolean) =>
  queries.setQueryData(sessionsQuery.queryKey, (known) =>
    known ? { rows: known.rows.filter((row) => !isGone(row)) } : known,
  )

export function SessionsPart() {
  const { t } = useTranslation('account')
  const { data, error } = useQuery(sessionsQuery)
  const options = {
    onError: (problem: Error) => toast(problemWords(problem), { tone: 'bad' as const }),
    onSettled: refresh,
  }
  const end = useMutation({
    ...options,
    mutationFn: (id: string) => call(ownAccountRoutes.endSession, { params: { id } }),
    onMutate: (id) => {
      without((row) => row.sessionId === id)
    },
    onSuccess: () => toast(t('sessions.ended')),
  })
  const endOthers = useMutation({
    ...options,
    mutationFn: () => call(ownAccountRoutes.endOtherSessions, {}),
    onMutate: () => {
      without((row) => !row.isThis)
    },
    onSuccess: ({ ended }) => toast(t('sessions.othersEnded', { count: ended })),
  })
  const rows = [...(data?.rows ?? [])].sort((a, b) => Number(b.isThis) - Number(a.isThis))
  return (
    <Part title={t('sessions.title')} lead={t('sessions.lead')}>
      <FormError>{error && problemWords(error)}</FormError>
      {!data && !error && <Skeleton rows={2} />}
      {rows.length > 0 && (
        <Rows label={t('sessions.list')}>
          {rows.map((row) => (
            <SessionItem key={row.sessionId} row={row} onEnd={() => end.mutate(row.sessionId)} />
          ))}
        </Rows>
      )}
      {data && (
        <Button
          className="self-start"
          whyNot={rows.length > 1 ? null : t('sessions.noOthers')}
          onClick={() => endOthers.mutate()}
        >
          {t('sessions.endOthers')}
        </Button>
      )}
    </Part>
  )
}

function SessionItem({ row, onEnd }: { row: OwnSessionRow; onEnd: () => void }) {
  const { t } = useTranslation('account')
  const { browser, system, address } = row
  const name =
    browser && system
      ? t('sessions.browserOn', { browser, system })
      : (browser ?? system ?? t('sessions.unknown'))
  const since = useRelative(row.startedAt, { ago: true })
  const used = useRelative(row.seenAt ?? row.startedAt, { ago: true })
  const Icon = system === 'Android' || system === 'iPhone' || system === 'iPad' ? Smartphone : Monitor
  const facts = [
    t('sessions.signedIn', { when: since, how: t(`sessions.by.${row.signedInBy}`) }),
    address && t('sessions.from', { address }),
    !row.isThis && t('sessions.used', { when: used }),
  ]
  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <Icon aria-hidden className="size-4 shrink-0 text-faint" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="min-w-0 truncate font-medium">{name}</span>
          {row.isThis && <Badge tone="accent">{t('sessions.thisOne')}</Badge>}
        </p>
        <p className="text-sm text-pretty text-faint wrap-anywhere">{facts.filter(Boolean).join(', ')}</p>
      </div>
      {!row.isThis && (
        <Button size="sm" aria-label={t('sessions.endNamed', { name })} onClick={onEnd}>
          {t('sessions.end')}
        </Button>
      )}
    </li>
  )
}
