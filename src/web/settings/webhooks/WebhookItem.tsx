import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Ellipsis, KeyRound, Pause, Pencil, Play, Send, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type WebhookRow, webhookRoutes } from '../../../staff/webhook-contract.ts'
import { call } from '../../api.ts'
import { queries } from '../../queries.ts'
import { webhooksQuery } from '../../queries-webhooks.ts'
import { Badge, type Tone } from '../../ui/Badge.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { Menu, MenuItem, MenuLine } from '../../ui/Menu.tsx'
import { RelativeTime, useRelative } from '../../ui/RelativeTime.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'

const tones = { on: 'good', paused: 'warn', disabled: 'bad' } satisfies Record<WebhookRow['state'], Tone>

type Props = { row: WebhookRow; onEdit: () => void; onRenew: () => void; onRemove: () => void }

/** One destination: whether it is on, how the last attempt went, and what waits for it. */
export function WebhookItem({ row, onEdit, onRenew, onRemove }: Props) {
  const { t } = useTranslation('webhooks')
  const { name, state, destinationId } = row
  return (
    <li className="flex items-start gap-3 bg-surface px-4 py-3">
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <h2 className="max-w-full truncate font-semibold" dir="auto" title={name}>
            {name}
          </h2>
          <Badge tone={tones[state]}>{t(`state.${state}`)}</Badge>
          {row.ownNetwork && <Badge>{t('ownNetworkSign')}</Badge>}
        </div>
        <p className="truncate text-soft" title={row.url}>
          {row.url}
        </p>
        {row.stateReason && state !== 'on' && (
          <p className="text-pretty text-soft">{t(`why.${row.stateReason}`)}</p>
        )}
        {row.overflowingSince && <p className="text-pretty text-bad">{t('overflowing')}</p>}
        <Facts row={row} />
      </div>
      <div className="flex shrink-0 items-center">
        <Link
          to="/settings/webhooks/$destinationId"
          params={{ destinationId }}
          aria-label={t('openLogOf', { name })}
          className="touch inline-flex h-8 items-center rounded-md px-2 font-medium text-accent-ink hover:bg-pressed"
        >
          {t('openLog')}
        </Link>
        <Acts row={row} onEdit={onEdit} onRenew={onRenew} onRemove={onRemove} />
      </div>
    </li>
  )
}

function Facts({ row }: { row: WebhookRow }) {
  const { t } = useTranslation('webhooks')
  const { last, types } = row
  return (
    <p className="mt-1 flex flex-wrap gap-x-3 text-sm text-faint">
      <span>{types ? t('types', { count: types.length }) : t('everything')}</span>
      <span className={last?.error ? 'text-bad' : undefined}>
        {!last && t('neverSent')}
        {last && !last.error && t('lastTaken', { status: last.status ?? '' })}
        {last?.error && t('lastFailed', { why: t(`error.${last.error}`, { status: last.status ?? '' }) })}{' '}
        {last && <RelativeTime at={last.at} ago />}
      </span>
      {row.waiting > 0 && <span>{t('waiting', { count: row.waiting })}</span>}
      {row.dead > 0 && <span className="text-bad">{t('deadCount', { count: row.dead })}</span>}
      {row.oldSecretUntil && <OldSecret until={row.oldSecretUntil} />}
    </p>
  )
}

function OldSecret({ until }: { until: string }) {
  const { t } = useTranslation('webhooks')
  return <span>{t('oldUntil', { when: useRelative(until).replace(/^in /, '') })}</span>
}

function Acts({ row, onEdit, onRenew, onRemove }: Props) {
  const { t } = useTranslation('webhooks')
  const { t: common } = useTranslation()
  const { name, destinationId } = row
  const params = { id: destinationId }
  const onError = (error: Error) => toast(problemWords(error), { tone: 'bad' })
  const reload = () => queries.invalidateQueries({ queryKey: webhooksQuery.queryKey })
  const ping = useMutation({
    mutationFn: () => call(webhookRoutes.ping, { params, body: {} }),
    onSuccess: () => {
      toast(t('pinged'))
      setTimeout(reload, 1_000)
    },
    onError,
  })
  const turn = useMutation({
    mutationFn: (state: 'on' | 'paused') => call(webhookRoutes.turn, { params, body: { state } }),
    onSuccess: (next) => {
      queries.setQueryData(webhooksQuery.queryKey, (was) =>
        was?.map((it) => (it.destinationId === destinationId ? next : it)),
      )
      toast(t(next.state === 'on' ? 'turnedOn' : 'paused', { name }))
    },
    onError,
  })
  const icon = 'size-4 shrink-0'
  return (
    <Menu
      trigger={
        <IconButton label={t('actsOf', { name })} icon={<Ellipsis aria-hidden className="size-4" />} />
      }
    >
      <MenuItem icon={<Send aria-hidden className={icon} />} onClick={() => ping.mutate()}>
        {t('ping')}
      </MenuItem>
      {row.state === 'on' ? (
        <MenuItem icon={<Pause aria-hidden className={icon} />} onClick={() => turn.mutate('paused')}>
          {t('pause')}
        </MenuItem>
      ) : (
        <MenuItem icon={<Play aria-hidden className={icon} />} onClick={() => turn.mutate('on')}>
          {t('turnOn')}
        </MenuItem>
      )}
      <MenuItem icon={<Pencil aria-hidden className={icon} />} onClick={onEdit}>
        {common('edit')}
      </MenuItem>
      <MenuItem icon={<KeyRound aria-hidden className={icon} />} onClick={onRenew}>
        {t('renew')}
      </MenuItem>
      <MenuLine />
      <MenuItem icon={<Trash2 aria-hidden className={icon} />} danger onClick={onRemove}>
        {t('remove')}
      </MenuItem>
    </Menu>
  )
}
