import { Link, Outlet } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { whyNot } from '../../staff/permissions.ts'
import { useMe } from '../me.ts'
import { settingsPlaces } from './places.ts'

/** The list of pages beside the page: on a telephone a row above it. */
export function SettingsFrame() {
  const { t } = useTranslation('settings')
  const { agent } = useMe()
  const open = settingsPlaces.filter(({ needs }) => needs === null || !whyNot(agent, needs))
  return (
    <div className="flex h-full min-h-0 flex-col desk:flex-row">
      {open.length > 1 && (
        <nav
          aria-label={t('places.label')}
          className="flex shrink-0 gap-1 overflow-x-auto border-b border-line px-2 py-2 desk:w-52 desk:flex-col desk:overflow-y-auto desk:border-r desk:border-b-0 desk:px-3 desk:py-8"
        >
          {open.map(({ to, name }) => (
            <Link
              key={to}
              to={to}
              activeOptions={{ exact: true }}
              className="touch shrink-0 rounded-md px-2.5 py-1.5 font-medium whitespace-nowrap text-soft hover:bg-pressed hover:text-ink"
              activeProps={{ className: 'bg-accent-soft !text-accent-ink', 'aria-current': 'page' }}
            >
              {t(`places.${name}`)}
            </Link>
          ))}
        </nav>
      )}
      <div className="min-h-0 min-w-0 flex-1">
        <Outlet />
      </div>
    </div>
  )
}
