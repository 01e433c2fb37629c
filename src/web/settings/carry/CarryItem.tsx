import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { CarryView } from '../../../portable/portable-contract.ts'
import { useMe } from '../../me.ts'
import { Badge, type Tone } from '../../ui/Badge.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'

const tones: Record<CarryView['state'], Tone> = {
  reading: 'accent',
  read: 'neutral',
  running: 'accent',
  done: 'good',
  failed: 'bad',
}

/** One export or import: what, by whom, how far. */
export function CarryItem({
  carry,
  children,
  below,
}: {
  carry: CarryView
  children?: ReactNode
  below?: ReactNode
}) {
  const { t } = useTranslation('data')
  const { colleagues } = useMe()
  const by = colleagues.find((it) => it.agentId === carry.byAgentId)?.name
  const isMoving = carry.state === 'running' && carry.total !== null && carry.total > 0
  return (
    <li className="flex flex-col gap-2 bg-surface px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-56">
          <p dir="auto" className="truncate font-medium" title={carry.fileName}>
            {carry.fileName}
          </p>
          <p className="text-sm text-soft">
            {carry.direction === 'in' && `${t(`kind.${carry.kind}`)} · `}
            {carry.bytes !== null && `${sizeOf(carry.bytes)} · `}
            <RelativeTime ago at={carry.askedAt} /> {by && t('by', { name: by })}
          </p>
        </div>
        <Badge tone={tones[carry.state]}>{t(`state.${carry.state}`)}</Badge>
        {children}
      </div>
      {isMoving && <Progress done={carry.done} total={carry.total!} />}
      {carry.problem && (
        <p role="alert" className="text-sm text-pretty text-bad wrap-anywhere">
          {carry.problem}
        </p>
      )}
      {below}
    </li>
  )
}

function Progress({ done, total }: { done: number; total: number }) {
  const { t } = useTranslation('data')
  return (
    <div className="flex items-center gap-3">
      <progress
        className="h-1.5 w-full accent-accent"
        aria-label={t('state.running')}
        value={done}
        max={total}
      />
      <span className="shrink-0 text-sm text-faint tabular-nums">{t('progress', { done, total })}</span>
    </div>
  )
}

export function sizeOf(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const
  const step = bytes < 1_000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3))
  return new Intl.NumberFormat(undefined, {
    style: 'unit',
    unit: units[step],
    unitDisplay: 'short',
    maximumFractionDigits: 1,
  }).format(bytes / 1_000 ** step)
}
