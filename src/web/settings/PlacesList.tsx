import { Link } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../me.ts'
import { settingsGroups, settingsPlaces, whyNotPlace } from './places.ts'

/** Every page of the settings that is for me, in groups. */
export function PlacesList() {
  const { t } = useTranslation('settings')
  const { agent } = useMe()
  const open = settingsPlaces.filter((it) => !whyNotPlace(it, agent))
  return (
    <nav aria-label={t('places.label')} className="flex flex-col gap-5">
      {settingsGroups.map((group) => {
        const places = open.filter((it) => it.group === group)
        if (places.length === 0) return null
        return (
          <div key={group}>
            <p aria-hidden className="px-2.5 pb-1 text-sm text-faint">
              {t(`places.groups.${group}`)}
            </p>
            <ul className="divide-y divide-line overflow-hidden rounded-lg border border-line desk:divide-y-0 desk:rounded-none desk:border-0">
              {places.map(({ to, name }) => (
                <li key={to}>
                  <Link
                    to={to}
                    className="touch flex items-center justify-between gap-2 px-3.5 py-1.5 font-medium text-ink -outline-offset-2 hover:bg-pressed desk:rounded-md desk:px-2.5 desk:text-soft desk:hover:text-ink"
                    activeProps={{ className: 'bg-accent-soft !text-accent-ink', 'aria-current': 'page' }}
                  >
                    {t(`places.${name}`)}
                    <ChevronRight aria-hidden className="size-4 text-faint desk:hidden" />
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        )
      })}
    </nav>
  )
}
