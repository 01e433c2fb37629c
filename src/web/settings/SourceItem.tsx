import { useQuery } from '@tanstack/react-query'
import { CircleStop, Radio, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { SourceRow } from '../../listen/source-contract.ts'
import { channelsQuery } from '../queries.ts'
import { Badge } from '../ui/Badge.tsx'
import { More } from '../ui/More.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Decision } from './Decision.tsx'
import { Gaps } from './Gaps.tsx'

const signs = {
  running: { tone: 'good', icon: <Radio aria-hidden /> },
  stopped: { tone: 'neutral', icon: <CircleStop aria-hidden /> },
  'needs-decision': { tone: 'bad', icon: <TriangleAlert aria-hidden /> },
} as const

/** One source: its state, when it was last heard, what it missed, and what could not be read. */
export function SourceItem({ source, whyNot }: { source: SourceRow; whyNot: string | null }) {
  const { t } = useTranslation('settings')
  const sign = signs[source.state]
  return (
    <li className="flex flex-col gap-3 bg-surface px-4 py-3">
      <div className="flex flex-wrap items-start gap-2">
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold">{t(`sources.kind.${source.kind}`)}</h2>
          <Place source={source} />
        </div>
        <Badge tone={sign.tone} icon={sign.icon}>
          {t(`sources.state.${source.state}`)}
        </Badge>
      </div>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-2 desk:grid-cols-4">
        <Fact name={t('sources.lastHeard')}>
          {source.lastHeardAt ? <RelativeTime at={source.lastHeardAt} focusable ago /> : t('sources.never')}
        </Fact>
        <Fact name={t('sources.lastSaid')}>
          {source.lastSaidAt ? <RelativeTime at={source.lastSaidAt} focusable ago /> : t('sources.never')}
        </Fact>
        <Fact name={t('sources.missed')}>
          {source.gaps.length === 0 ? t('sources.noGaps') : t('sources.gaps', { count: source.gaps.length })}
        </Fact>
        <Fact name={t('sources.deadLetters')}>
          {source.deadLetters === 0
            ? t('sources.noDeadLetters')
            : t('sources.deadLetterCount', { count: source.deadLetters })}
        </Fact>
      </dl>
      {source.deadLetters > 0 && <p className="text-sm text-faint">{t('sources.deadLettersHint')}</p>}
      {source.state === 'needs-decision' && <Decision source={source} whyNot={whyNot} />}
      {source.gaps.length > 0 && (
        <More title={t('sources.gapsTitle')}>
          <Gaps gaps={source.gaps} />
        </More>
      )}
    </li>
  )
}

/** An address people know: an account's source is named by its handle, the rehearsal has none. */
function Place({ source }: { source: SourceRow }) {
  const { t } = useTranslation('settings')
  const { data: channels = [] } = useQuery(channelsQuery)
  const handle = channels.find((it) => it.channelId === source.address)?.handle
  const said = source.kind === 'rehearsal' ? t('sources.inMemory') : handle ? `@${handle}` : source.address
  return (
    <p className="truncate text-soft" title={said}>
      {said}
    </p>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt className="text-xs text-faint">{name}</dt>
    <dd className="tabular-nums">{children}</dd>
  </div>
)
