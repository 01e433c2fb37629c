import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { MayNot } from '../MayNot.tsx'
import { useMe } from '../me.ts'
import { i18n } from '../words/words.ts'
import { PlacesList } from './PlacesList.tsx'
import { placeAt, whyNotPlace } from './places.ts'

/** The list of pages beside the page; on a telephone one of the two. */
export function SettingsFrame() {
  const { t } = useTranslation('settings')
  const { agent } = useMe()
  const { pathname } = useLocation()
  const place = placeAt(pathname)
  const mayNot = place ? whyNotPlace(place, agent) : null
  return (
    <div className="flex h-full min-h-0 flex-col desk:flex-row">
      <div className="relative hidden w-52 shrink-0 overflow-y-auto border-r border-line px-3 py-6 desk:block">
        <PlacesList />
      </div>
      {/* A page under a page has a way back of its own. */}
      {place?.to === pathname && (
        <nav aria-label={t('places.label')} className="shrink-0 border-b border-line px-2 desk:hidden">
          <Link
            to="/settings"
            className="touch inline-flex items-center gap-1.5 rounded-md px-2 font-medium text-accent-ink"
          >
            <ArrowLeft aria-hidden className="size-4" />
            {t('places.label')}
          </Link>
        </nav>
      )}
      <div className="min-h-0 min-w-0 flex-1">
        {place && mayNot ? (
          <MayNot
            title={t(`places.${place.name}`)}
            reason={i18n.t(mayNot, { ns: 'problems' })}
            back={{ to: '/settings', name: t('places.toList') }}
          />
        ) : (
          <Outlet />
        )}
      </div>
    </div>
  )
}
