import { useQuery } from '@tanstack/react-query'
import { ChevronDown, RotateCcw } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AttemptRow, DeliveryRow } from '../../../staff/webhook-contract.ts'
import { attemptsQuery } from '../../queries-webhooks.ts'
import { Badge, type Tone } from '../../ui/Badge.tsx'
import { cx } from '../../ui/cx.ts'
import { FormError } from '../../ui/FormError.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { problemWords } from '../../words/problem.ts'

const tones = { waiting: 'accent', delivered: 'good', dead: 'bad' } satisfies Record<
  DeliveryRow['state'],
  Tone
>

type Props = { row: DeliveryRow; destinationId: string; onReplay: () => void }

/** One event on its way there, or not; behind a press what was sent and what came back. */
export function DeliveryItem({ row, destinationId, onReplay }: Props) {
  const { t } = useTranslation('webhooks')
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  return (
    <li className="bg-surface px-4 py-2.5">
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <h2 className="min-w-0 font-medium break-all">
              <code>{row.type}</code>
            </h2>
            <Badge tone={tones[row.state]}>{t(`delivery.${row.state}`)}</Badge>
          </div>
          <Facts row={row} />
        </div>
        {row.state === 'dead' && (
          <IconButton
            label={t('replayNamed', { type: row.type })}
            icon={<RotateCcw aria-hidden className="size-4" />}
            onClick={onReplay}
          />
        )}
        <IconButton
          label={t('detailsOf', { type: row.type })}
          icon={
            <ChevronDown aria-hidden className={cx('size-4 transition-transform', isOpen && 'rotate-180')} />
          }
          aria-expanded={isOpen}
          aria-controls={isOpen ? id : undefined}
          onClick={() => setOpen(!isOpen)}
        />
      </div>
      {isOpen && (
        <div id={id}>
          <Details key={`${row.tries} ${row.state}`} destinationId={destinationId} eventId={row.eventId} />
        </div>
      )}
    </li>
  )
}

function Facts({ row }: { row: DeliveryRow }) {
  const { t } = useTranslation('webhooks')
  return (
    <p className="mt-0.5 flex flex-wrap gap-x-3 text-sm text-faint">
      <RelativeTime at={row.at} ago />
      {row.lastError && (
        <span className="text-bad">{t(`error.${row.lastError}`, { status: row.lastStatus ?? '' })}</span>
      )}
      {!row.lastError && row.lastStatus && <span>{t('answered', { status: row.lastStatus })}</span>}
      {row.durationMs !== null && <span className="tabular-nums">{t('took', { ms: row.durationMs })}</span>}
      {row.tries > 1 && <span>{t('tries', { count: row.tries })}</span>}
      {row.state === 'waiting' && row.tries > 0 && row.nextAt && (
        <span>
          {t('next')} <RelativeTime at={row.nextAt} />
        </span>
      )}
    </p>
  )
}

function Details({ destinationId, eventId }: { destinationId: string; eventId: string }) {
  const { t } = useTranslation('webhooks')
  const { data, error } = useQuery(attemptsQuery(destinationId, eventId))
  if (error) return <FormError>{problemWords(error)}</FormError>
  if (!data) return <Skeleton />
  return (
    <div className="mt-2 flex flex-col gap-3 border-t border-line pt-3 text-sm">
      <p className="break-all text-soft">
        {t('webhookId')} <code>{eventId}</code>
      </p>
      <div>
        <h3 className="font-medium">{t('body')}</h3>
        <pre className="mt-1 rounded-md bg-sunken p-3 break-all whitespace-pre-wrap">
          <code>{JSON.stringify(data.body, null, 2)}</code>
        </pre>
      </div>
      <div>
        <h3 className="font-medium">{t('attempts')}</h3>
        {data.attempts.length === 0 && <p className="text-soft">{t('noAttempts')}</p>}
        <ol className="flex flex-col gap-2">
          {data.attempts.map((it) => (
            <Attempt key={it.at} it={it} />
          ))}
        </ol>
      </div>
    </div>
  )
}

function Attempt({ it }: { it: AttemptRow }) {
  const { t } = useTranslation('webhooks')
  return (
    <li>
      <p className="flex flex-wrap gap-x-3">
        <RelativeTime at={it.at} ago />
        <span className={it.error ? 'text-bad' : 'text-good'}>
          {it.error
            ? t(`error.${it.error}`, { status: it.status ?? '' })
            : t('answered', { status: it.status ?? '' })}
        </span>
        <span className="text-faint tabular-nums">{t('took', { ms: it.durationMs })}</span>
      </p>
      {it.answer ? (
        <pre className="mt-1 rounded-md bg-sunken p-2 break-all whitespace-pre-wrap" dir="auto">
          {it.answer}
        </pre>
      ) : (
        <p className="text-faint">{it.status === null ? t('noAnswer') : t('emptyAnswer')}</p>
      )}
    </li>
  )
}
