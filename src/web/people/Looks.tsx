import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Eye } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { LookView } from '../../people/look-contract.ts'
import { nameOf } from '../inbox/names.ts'
import { useMe } from '../me.ts'
import { alertsQuery, looksQuery } from '../queries-audit.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { Field } from '../ui/Field.tsx'
import { FormError } from '../ui/FormError.tsx'
import { Page, Part, Rows } from '../ui/Page.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Select } from '../ui/Select.tsx'
import { Skeleton } from '../ui/Skeleton.tsx'
import { problemWords } from '../words/problem.ts'
import { AlertItem } from './AlertItem.tsx'

const place = getRouteApi('/inside/settings/looks')

/** What was unusual, and who looked at whom. */
export function Looks() {
  const { t } = useTranslation('people')
  return (
    <Page title={t('looks.title')} lead={t('looks.lead')}>
      <Alerts />
      <LookList />
    </Page>
  )
}

function Alerts() {
  const { t } = useTranslation('people')
  const { data, error } = useQuery(alertsQuery('all'))
  return (
    <Part title={t('looks.alerts')}>
      <FormError>{error && problemWords(error)}</FormError>
      {!data && !error && <Skeleton />}
      {data?.rows.length === 0 && <p className="text-soft">{t('looks.noAlerts')}</p>}
      {data && data.rows.length > 0 && (
        <ul className="-my-2 divide-y divide-line">
          {data.rows.map((it) => (
            <AlertItem key={it.alertId} it={it} />
          ))}
        </ul>
      )}
    </Part>
  )
}

function LookList() {
  const { t } = useTranslation('people')
  const { colleagues } = useMe()
  const asked = place.useSearch()
  const go = place.useNavigate()
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(looksQuery(asked))
  const rows = data?.pages.flatMap((page) => page.rows)
  const set = (agent: string) =>
    go({ search: { ...(asked.author && { author: asked.author }), ...(agent && { agent }) } })
  const of = asked.author && rows?.[0]
  return (
    <section aria-label={t('looks.list')} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <div className="w-full sm:w-64">
          <Field label={t('looks.agent')}>
            <Select value={asked.agent ?? ''} onChange={(event) => void set(event.target.value)}>
              <option value="">{t('looks.all')}</option>
              {colleagues.map((it) => (
                <option key={it.agentId} value={it.agentId}>
                  {it.name}
                </option>
              ))}
            </Select>
          </Field>
        </div>
        {asked.author && <Button onClick={() => void go({ search: {} })}>{t('looks.everybody')}</Button>}
      </div>
      {of && (
        <h2 className="text-lg font-semibold wrap-anywhere">
          {t('looks.of', { name: nameOf(of, t('unknown')) })}
        </h2>
      )}
      <FormError>{error && problemWords(error)}</FormError>
      {!rows && !error && <Skeleton />}
      {rows?.length === 0 && (
        <EmptyState icon={<Eye />} title={t('looks.emptyTitle')}>
          {t('looks.empty')}
        </EmptyState>
      )}
      {rows && rows.length > 0 && (
        <Rows label={t('looks.list')}>
          {rows.map((it) => (
            <Look key={it.lookId} it={it} />
          ))}
        </Rows>
      )}
      {hasNextPage && (
        <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()} className="self-center">
          {t('more')}
        </Button>
      )}
    </section>
  )
}

function Look({ it }: { it: LookView }) {
  const { t } = useTranslation('people')
  const name = nameOf(it, t('unknown'))
  return (
    <li className="flex items-baseline gap-3 px-3 py-2">
      <div className="min-w-0 flex-1">
        <p dir="auto" className="wrap-anywhere">
          {t('looks.sentence', { agent: it.agentName, name })}
        </p>
        <p dir="auto" className="text-sm text-faint wrap-anywhere">
          <Occasion it={it} />
          {' · '}
          <Link
            to="/settings/looks"
            search={{ author: it.authorId }}
            aria-label={t('looks.showOf', { name })}
            className="underline underline-offset-2"
          >
            {t('pane.all')}
          </Link>
        </p>
      </div>
      <RelativeTime at={it.at} ago className="shrink-0 text-sm text-faint" />
    </li>
  )
}

function Occasion({ it }: { it: LookView }) {
  const { t } = useTranslation('people')
  if (it.reason) return t('looks.onSearch', { reason: it.reason })
  if (!it.caseId || it.caseNumber === null) return t('looks.onOther')
  return (
    <Link to="/inbox/$caseId" params={{ caseId: it.caseId }} className="underline underline-offset-2">
      {t('looks.onCase', { number: it.caseNumber })}
    </Link>
  )
}
