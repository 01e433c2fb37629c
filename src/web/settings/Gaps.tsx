import { useTranslation } from 'react-i18next'
import type { SourceRow } from '../../listen/source-contract.ts'
import { RelativeTime, useRelative } from '../ui/RelativeTime.tsx'

const causes = ['outdated-cursor', 'host-changed', 'clamped', 'desynchronized', 'decided'] as const
type Gap = SourceRow['gaps'][number]

/** What was missed, why, and whether it was filled since. */
export const Gaps = ({ gaps }: { gaps: Gap[] }) => (
  <ul className="flex flex-col gap-1.5">
    {gaps.map((it) => (
      <One key={it.noticedAt + it.cause} gap={it} />
    ))}
  </ul>
)

function One({ gap }: { gap: Gap }) {
  const { t } = useTranslation('settings')
  const filled = useRelative(gap.filledAt ?? gap.noticedAt, { ago: true })
  const cause = causes.find((it) => it === gap.cause)
  return (
    <li className="flex gap-3">
      <RelativeTime at={gap.noticedAt} focusable className="w-14 shrink-0 text-faint tabular-nums" />
      <span className="min-w-0">
        {cause ? t(`sources.gap.${cause}`) : t('sources.gap.other', { cause: gap.cause })}{' '}
        <span className="text-faint">
          {gap.filledAt ? t('sources.gapFilled', { when: filled }) : t('sources.gapOpen')}
        </span>
      </span>
    </li>
  )
}
