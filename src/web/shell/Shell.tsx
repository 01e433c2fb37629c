import { Outlet } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { startLive } from '../live.ts'
import { Layer } from '../ui/Layer.tsx'
import { Toasts } from '../ui/Toasts.tsx'
import { Arrivals } from './Arrivals.tsx'
import { Banners } from './Banners.tsx'
import { KeyboardHelp } from './KeyboardHelp.tsx'
import { Rail } from './Rail.tsx'
import { usePlaceKeys } from './use-place-keys.ts'

/** The house round every screen: places, banners, what just arrived, and help. */
export function Shell() {
  const { t } = useTranslation()
  const [help, setHelp] = useState(false)
  useEffect(startLive, [])
  usePlaceKeys(() => setHelp(true))
  return (
    <div className="grid h-dvh grid-rows-[auto_minmax(0,1fr)_auto] desk:grid-cols-[5.25rem_minmax(0,1fr)] desk:grid-rows-[auto_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-accent px-3 py-2 font-medium text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t('skip')}
      </a>
      <Rail onHelp={() => setHelp(true)} />
      <div className="row-start-1 desk:col-start-2">
        <Banners />
      </div>
      <main
        id="content"
        tabIndex={-1}
        className="row-start-2 min-h-0 min-w-0 overflow-hidden bg-surface outline-none desk:col-start-2"
      >
        <Layer>
          <Outlet />
        </Layer>
      </main>
      <Arrivals />
      <Toasts />
      <KeyboardHelp open={help} onOpenChange={setHelp} />
    </div>
  )
}
