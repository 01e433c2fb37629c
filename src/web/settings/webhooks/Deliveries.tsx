import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { ArrowLeft, RotateCcw, ScrollText, Send } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type WebhookType, webhookTypes } from '../../../base/webhook-events.ts'
import { deliveryStates, webhookRoutes } from '../../../staff/webhook-contract.ts'
import { call } from '../../api.ts'
import { queries } from '../../queries.ts'
import { deliveriesQuery, type LogFilter, webhooksQuery } from '../../queries-webhooks.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { Field } from '../../ui/Field.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { Page, Rows } from '../../ui/Page.tsx'
import { Select } from '../../ui/Select.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'
import { DeliveryItem } from './DeliveryItem.tsx'

/** What was sent to one destination, and sending again what did not arrive. */
export function Deliveries() {
  const { t } = useTranslation('webhooks')
  const { destinationId } = useParams({ from: '/inside/settings/webhooks/$destinationId' })
  const { data: all, error } = useQuery(webhooksQuery)
  const row = all?.find((it) => it.destinationId === destinationId)
  const [filter, setFilter] = useState<LogFilter>({})
  const params = { id: destinationId }
  const reload = () => queries.invalidateQueries({ queryKey: webhooksQuery.queryKey })
  const onError = (failed: Error) => toast(problemWords(failed), { tone: 'bad' })
  const ping = useMutation({
    mutationFn: () => call(webhookRoutes.ping, { params, body: {} }),
    onSuccess: reload,
    onError,
  })
  const replay = useMutation({
    mutationFn: (eventId: string | null) => call(webhookRoutes.replay, { params, body: { eventId } }),
    onSuccess: async ({ replayed }) => {
      toast(t('replayed', { count: replayed }))
      await reload()
    },
    onError,
  })
  const pingButton = (
    <Button
      icon={<Send aria-hidden className="size-4" />}
      busy={ping.isPending}
      onClick={() => ping.mutate()}
    >
      {t('ping')}
    </Button>
  )
  return (
    <Page
      title={row ? t('logTitle', { name: row.name }) : t('deliveries')}
      lead={t('logLead')}
      action={pingButton}
    >
      <Link
        to="/settings/webhooks"
        className="touch inline-flex items-center gap-1 self-start font-medium text-accent-ink"
      >
        <ArrowLeft aria-hidden className="size-4" />
        {t('back')}
      </Link>
      <FormError>{error && problemWords(error)}</FormError>
      <Filters filter={filter} onChange={setFilter} />
      {row && row.dead > 0 && (
        <Button
          className="self-start"
          icon={<RotateCcw aria-hidden className="size-4" />}
          busy={replay.isPending}
          onClick={() => replay.mutate(null)}
        >
          {t('replayAll')}
        </Button>
      )}
      <DeliveryList
        destinationId={destinationId}
        filter={filter}
        onReplay={(eventId) => replay.mutate(eventId)}
      />
    </Page>
  )
}

function Filters({ filter, onChange }: { filter: LogFilter; onChange: (next: LogFilter) => void }) {
  const { t } = useTranslation('webhooks')
  return (
    <div className="grid gap-3 desk:grid-cols-2">
      <Field label={t('filterState')}>
        <Select
          value={filter.state ?? ''}
          onChange={({ currentTarget: { value } }) =>
            onChange({ ...filter, state: deliveryStates.find((it) => it === value) })
          }
        >
          <option value="">{t('anyState')}</option>
          {deliveryStates.map((it) => (
            <option key={it} value={it}>
              {t(`delivery.${it}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('filterType')}>
        <Select
          value={filter.type ?? ''}
          onChange={({ currentTarget: { value } }) =>
            onChange({ ...filter, type: webhookTypes.find((it) => it === value) as WebhookType | undefined })
          }
        >
          <option value="">{t('anyType')}</option>
          {webhookTypes.map((it) => (
            <option key={it} value={it}>
              {it}
            </option>
          ))}
        </Select>
      </Field>
    </div>
  )
}

type ListProps = { destinationId: string; filter: LogFilter; onReplay: (eventId: string) => void }

function DeliveryList({ destinationId, filter, onReplay }: ListProps) {
  const { t } = useTranslation('webhooks')
  const list = useInfiniteQuery(deliveriesQuery(destinationId, filter))
  const rows = list.data?.pages.flatMap((page) => page.rows)
  const isFiltered = Boolean(filter.state || filter.type)
  return (
    <>
      <FormError>{list.error && problemWords(list.error)}</FormError>
      {!rows && !list.error && <Skeleton />}
      {rows?.length === 0 && (
        <EmptyState icon={<ScrollText />} title={t('logEmpty')}>
          {isFiltered ? t('logEmptyFiltered') : t('logEmptyLead')}
        </EmptyState>
      )}
      {rows && rows.length > 0 && (
        <Rows label={t('deliveries')}>
          {rows.map((it) => (
            <DeliveryItem
              key={it.eventId}
              row={it}
              destinationId={destinationId}
              onReplay={() => onReplay(it.eventId)}
            />
          ))}
        </Rows>
      )}
      {list.hasNextPage && (
        <Button className="self-center" busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </>
  )
}
