import { useQuery } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ChannelRow } from '../../connectors/channel-contract.ts'
import type { SourceRow } from '../../listen/source-contract.ts'
import { useLiveState } from '../live.ts'
import { AlertBanner } from '../people/AlertBanner.tsx'
import { channelsQuery, sourcesQuery } from '../queries.ts'
import { Banner } from '../ui/Banner.tsx'
import { useRelative } from '../ui/RelativeTime.tsx'
import { AwayBanner } from './AwayBanner.tsx'
import { isPausedReason } from './paused.ts'
import { WebhookBanners } from './WebhookBanners.tsx'

/** What everyone at work should know: replies that wait, listening that stopped, what may have been missed. */
export function Banners() {
  const { t } = useTranslation()
  const { t: settings } = useTranslation('settings')
  const { pathname } = useLocation()
  const { data: channels = [] } = useQuery(channelsQuery)
  const { data: sources = [] } = useQuery(sourcesQuery)
  const live = useLiveState()
  // Where it can be dealt with, it is said once: on the page itself.
  const paused = pathname === '/channels' ? [] : channels.filter((it) => it.state === 'paused')
  const heard = pathname === '/sources' ? [] : sources
  const undecided = heard.filter((it) => it.state === 'needs-decision')
  const gapped = heard.filter((it) => it.gaps.some((gap) => isFresh(gap)))
  return (
    <section aria-label={t('notices')} className="flex max-h-[40dvh] flex-col overflow-y-auto *:shrink-0">
      {/* A desk has its sign in the rail. */}
      <div role="status" className="desk:hidden">
        {live === 'reconnecting' && (
          <p className="bg-sunken px-4 py-1 text-center text-sm text-soft">{t('live.reconnecting')}</p>
        )}
      </div>
      <AlertBanner />
      <AwayBanner />
      {paused.map((it) => (
        <PausedBanner key={it.channelId} channel={it} />
      ))}
      <WebhookBanners />
      {undecided.map((it) => (
        <Banner
          key={it.sourceId}
          tone="bad"
          className="border-x-0 border-t-0"
          action={<To to="/sources">{t('banner.decide')}</To>}
        >
          {t('banner.decision', { source: settings(`sources.kind.${it.kind}`) })}
        </Banner>
      ))}
      {gapped.map((it) => (
        <GapBanner key={it.sourceId} source={it} />
      ))}
    </section>
  )
}

function PausedBanner({ channel }: { channel: ChannelRow }) {
  const { t } = useTranslation()
  const reason = isPausedReason(channel.pausedReason) ? channel.pausedReason : 'other'
  return (
    <Banner
      tone="warn"
      className="border-x-0 border-t-0"
      action={<To to="/channels">{t('banner.renew')}</To>}
    >
      {t('banner.paused', { handle: channel.handle, reason: t(`paused.${reason}`) })}
    </Banner>
  )
}

function GapBanner({ source }: { source: SourceRow }) {
  const { t } = useTranslation()
  const { t: settings } = useTranslation('settings')
  const gap = source.gaps.find((it) => isFresh(it))!
  const when = useRelative(gap.noticedAt, { ago: true })
  return (
    <Banner tone="warn" className="border-x-0 border-t-0" action={<To to="/sources">{t('banner.look')}</To>}>
      {t('banner.gap', { source: settings(`sources.kind.${source.kind}`), when })}
    </Banner>
  )
}

const To = ({ to, children }: { to: '/channels' | '/sources'; children: string }) => (
  <Link to={to} className="touch inline-flex items-center font-medium underline underline-offset-2">
    {children}
  </Link>
)

/** A gap is news for a day; after that it is on the sources page only. */
const isFresh = (gap: SourceRow['gaps'][number]) =>
  gap.filledAt === null && Date.now() - Date.parse(gap.noticedAt) < 24 * 3_600_000
