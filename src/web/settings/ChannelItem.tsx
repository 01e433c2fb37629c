import { CirclePause, Ellipsis, KeyRound, Radio, Unplug } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChannelRow } from '../../connectors/channel-contract.ts'
import { isPausedReason } from '../shell/paused.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Badge } from '../ui/Badge.tsx'
import { Button } from '../ui/Button.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Menu, MenuItem } from '../ui/Menu.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { DisconnectDialog } from './DisconnectDialog.tsx'
import { RenewDialog } from './RenewDialog.tsx'

type Props = { channel: ChannelRow; whyNot: string | null }

/** One account: as whom, where, and whether replies go out. */
export function ChannelItem({ channel, whyNot }: Props) {
  const { t } = useTranslation('settings')
  const [asked, setAsked] = useState<'renew' | 'disconnect' | null>(null)
  const { handle, network } = channel
  const written = network === 'rehearsal'
  return (
    <li className="flex items-start gap-3 bg-surface px-4 py-3">
      <Avatar name={channel.displayName ?? handle} size="lg" ours />
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <h2 className="truncate font-semibold" dir="auto">
            {channel.displayName || `@${handle}`}
          </h2>
          <StateBadge state={channel.state} />
        </div>
        <p className="truncate text-soft">
          @{handle} · {t(`channels.on.${network}`)}
          {!written && ` · ${hostOf(channel.serviceUrl)}`}
        </p>
        {written && <p className="text-sm text-faint">{t('channels.inRehearsal')}</p>}
        {channel.state === 'paused' && (
          <>
            <WhyPaused channel={channel} />
            <Button tone="primary" whyNot={whyNot} onClick={() => setAsked('renew')} className="mt-2">
              {t('channels.renewShort')}
            </Button>
          </>
        )}
      </div>
      <Menu trigger={<IconButton label={`@${handle}`} icon={<Ellipsis aria-hidden className="size-4" />} />}>
        <MenuItem
          whyNot={whyNot ?? (written ? t('channels.inRehearsal') : null)}
          icon={<KeyRound aria-hidden className="size-4" />}
          onClick={() => setAsked('renew')}
        >
          {t('channels.renew')}
        </MenuItem>
        <MenuItem
          danger
          whyNot={whyNot}
          icon={<Unplug aria-hidden className="size-4" />}
          onClick={() => setAsked('disconnect')}
        >
          {t('channels.disconnect')}
        </MenuItem>
      </Menu>
      {asked === 'renew' && <RenewDialog channel={channel} onClose={() => setAsked(null)} />}
      {asked === 'disconnect' && <DisconnectDialog channel={channel} onClose={() => setAsked(null)} />}
    </li>
  )
}

function StateBadge({ state }: { state: ChannelRow['state'] }) {
  const { t } = useTranslation('settings')
  const isOpen = state === 'open'
  return (
    <Badge
      tone={isOpen ? 'good' : 'warn'}
      icon={isOpen ? <Radio aria-hidden /> : <CirclePause aria-hidden />}
    >
      {t(`channels.${state}`)}
    </Badge>
  )
}

function WhyPaused({ channel }: { channel: ChannelRow }) {
  const { t } = useTranslation()
  const reason = isPausedReason(channel.pausedReason) ? channel.pausedReason : 'other'
  return (
    <p className="text-warn">
      {t('banner.paused', { handle: channel.handle, reason: t(`paused.${reason}`) })}{' '}
      {channel.pausedAt && <RelativeTime ago at={channel.pausedAt} className="text-faint" />}
    </p>
  )
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url
}
