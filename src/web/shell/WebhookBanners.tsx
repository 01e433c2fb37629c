import { useQuery } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { whyNot } from '../../staff/permissions.ts'
import type { WebhookRow } from '../../staff/webhook-contract.ts'
import { useMe } from '../me.ts'
import { webhooksQuery } from '../queries-webhooks.ts'
import { Banner } from '../ui/Banner.tsx'

/** Webhooks that ended by themselves or have too much waiting, for those who can mend them. */
export function WebhookBanners() {
  const { t } = useTranslation('webhooks')
  const { agent } = useMe()
  const { pathname } = useLocation()
  const isTheirs = !whyNot(agent, 'webhooks.change') && !pathname.startsWith('/settings/webhooks')
  // Told by the live stream when one stops; here nobody waits for counts.
  const { data: rows = [] } = useQuery({ ...webhooksQuery, enabled: isTheirs, refetchInterval: false })
  const inTrouble = (isTheirs ? rows : []).flatMap((row) => {
    const words = wordsOf(row)
    return words ? [{ ...row, words }] : []
  })
  return inTrouble.map(({ destinationId, name, words }) => (
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
      {t(words, { name })}
    </Banner>
  ))
}

/** The worse one first: what is lost is said before what waits. */
type Words = 'bannerGone' | 'bannerOverflowing' | 'bannerPaused'
function wordsOf({ stateReason, overflowingSince }: WebhookRow): Words | null {
  if (stateReason === 'gone') return 'bannerGone'
  if (overflowingSince) return 'bannerOverflowing'
  return stateReason === 'failing' ? 'bannerPaused' : null
}
