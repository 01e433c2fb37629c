import { useQuery } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { whyNot } from '../../staff/permissions.ts'
import { useMe } from '../me.ts'
import { alertsQuery } from '../queries-audit.ts'
import { Banner } from '../ui/Banner.tsx'
import { useAlertWords } from './AlertItem.tsx'

/** For who may read the looks: that somebody looked at people in an unusual way, until someone has seen to it. */
export function AlertBanner() {
  const { t } = useTranslation('people')
  const { agent } = useMe()
  const { pathname } = useLocation()
  const words = useAlertWords()
  const may = !whyNot(agent, 'people.looks')
  const { data } = useQuery({ ...alertsQuery('open'), enabled: may })
  const [first, ...others] = data?.rows ?? []
  if (!may || !first || pathname === '/settings/looks') return null
  return (
    <Banner
      tone="warn"
      className="border-x-0 border-t-0"
      action={
        <Link
          to="/settings/looks"
          className="touch inline-flex items-center font-medium underline underline-offset-2"
        >
          {t('banner.see')}
        </Link>
      }
    >
      <span dir="auto" className="wrap-anywhere">
        {others.length > 0
          ? t('banner.many', { count: others.length + 1 })
          : t('banner.one', { what: words(first) })}
      </span>
    </Banner>
  )
}
