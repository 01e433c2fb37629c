import { useQuery } from '@tanstack/react-query'
import { AtSign, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { whyNot as whyNotMay } from '../../staff/permissions.ts'
import { useMe } from '../me.ts'
import { channelsQuery } from '../queries.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { FormError } from '../ui/FormError.tsx'
import { Page, Rows } from '../ui/Page.tsx'
import { Skeleton } from '../ui/Skeleton.tsx'
import { problemWords } from '../words/problem.ts'
import { ChannelItem } from './ChannelItem.tsx'
import { ConnectDialog } from './ConnectDialog.tsx'

/** The brand's own accounts. */
export function Channels() {
  const { t } = useTranslation('settings')
  const me = useMe()
  const { data: channels, error } = useQuery(channelsQuery)
  const [connecting, setConnecting] = useState(false)
  const whyNot = whyNotMay(me.agent, 'channels.change') && t('adminOnly')
  const connect = (
    <Button
      tone="primary"
      whyNot={whyNot}
      icon={<Plus aria-hidden className="size-4" />}
      onClick={() => setConnecting(true)}
    >
      {t('channels.connect')}
    </Button>
  )
  return (
    <Page title={t('channels.title')} lead={t('channels.lead')} action={channels?.length ? connect : null}>
      <FormError>{error && problemWords(error)}</FormError>
      {!channels && !error && <Skeleton />}
      {channels?.length === 0 && (
        <EmptyState icon={<AtSign />} title={t('channels.emptyTitle')} action={connect}>
          {t('channels.empty')}
        </EmptyState>
      )}
      {channels && channels.length > 0 && (
        <Rows label={t('channels.list')}>
          {channels.map((it) => (
            <ChannelItem key={it.channelId} channel={it} whyNot={whyNot} />
          ))}
        </Rows>
      )}
      <ConnectDialog open={connecting} onOpenChange={setConnecting} />
    </Page>
  )
}
