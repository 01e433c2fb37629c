import { useQuery } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { whyNot } from '../../staff/permissions.ts'
import { useMe } from '../me.ts'
import { webhooksQuery } from '../queries-webhooks.ts'
import { Banner } from '../ui/Banner.tsx'

/** Webhooks that ended by themselves, for those who can mend them. */
export function WebhookBanners() {
  const { t } = useTranslation('webhooks')
  const { agent } = useMe()
  const { pathname } = useLocation()
  const isTheirs = !whyNot(agent, 'webhooks.change') && !pathname.startsWith('/settings/webhooks')
  // Told by the live stream when one stops; here nobody waits for counts.
  const { data: rows = [] } = useQuery({ ...webhooksQuery, enabled: isTheirs, refetchInterval: false })
  const ended = isTheirs ? rows.filter((it) => it.stateReason === 'failing' || it.stateReason === 'gone') : []
  return ended.map(({ destinationId, name, stateReason }) => (
    <Banner
      key={destinationId}
      tone="warn"
      className="border-x-0 border-t-0"
      action={
        <Link
          to="/settings/webhooks"
          className="touch inline-flex items-center font-medium underline underline-offset-2"
        >
          {t('look')}
        </Link>
      }
    >
      {t(stateReason === 'gone' ? 'bannerGone' : 'bannerPaused', { name })}
    </Banner>
  ))
}
