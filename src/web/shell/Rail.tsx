import { Link } from '@tanstack/react-router'
import { AtSign, Inbox, Keyboard, Radio, ScanSearch, Settings, UserRoundSearch } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { WorkspaceSwitcher } from '../settings/people/WorkspaceSwitcher.tsx'
import { Layer } from '../ui/Layer.tsx'
import { Tooltip } from '../ui/Tooltip.tsx'
import { LiveSign } from './LiveSign.tsx'
import { MeMenu } from './MeMenu.tsx'

const places = [
  { to: '/inbox', name: 'inbox', icon: Inbox },
  { to: '/watches', name: 'watches', icon: ScanSearch },
  { to: '/channels', name: 'channels', icon: AtSign },
  { to: '/sources', name: 'sources', icon: Radio },
  { to: '/people', name: 'people', icon: UserRoundSearch },
  { to: '/settings', name: 'settings', icon: Settings },
] as const

const look =
  'group flex flex-1 flex-col items-center justify-center gap-1 rounded-lg py-1.5 text-[0.6875rem] font-medium tracking-tight text-soft transition-colors hover:bg-pressed hover:text-ink desk:w-full desk:flex-none desk:py-2 desk:text-xs desk:tracking-normal'

/** The places: a rail on a desk, a bar under the thumb on a telephone. */
export function Rail({ onHelp }: { onHelp: () => void }) {
  const { t } = useTranslation()
  return (
    <header className="row-start-3 flex border-t border-line bg-ground pb-[env(safe-area-inset-bottom)] desk:row-span-2 desk:row-start-1 desk:flex-col desk:items-center desk:border-t-0 desk:border-r desk:px-1.5 desk:py-3">
      <img src="/mark.svg" alt={t('brand')} className="mb-3 hidden size-8 desk:block" />
      <WorkspaceSwitcher className={look} />
      <nav
        aria-label={t('places')}
        className="flex flex-5 gap-0.5 py-1 pl-1 desk:w-full desk:flex-1 desk:flex-col desk:p-0"
      >
        {places.map(({ to, name, icon: Icon }) => (
          <Link
            key={to}
            to={to}
            className={`touch ${look}`}
            activeProps={{ className: 'bg-accent-soft !text-accent-ink', 'aria-current': 'page' }}
          >
            <Icon aria-hidden className="size-5" strokeWidth={1.75} />
            {t(name)}
          </Link>
        ))}
      </nav>
      <div className="flex flex-1 items-stretch py-1 pr-1 desk:w-full desk:flex-none desk:flex-col desk:items-center desk:gap-1 desk:p-0">
        <div className="hidden w-full flex-col items-center gap-1 desk:flex">
          <LiveSign />
          <Tooltip text={t('help.open')} keys="?" side="right">
            <button type="button" aria-label={t('help.open')} onClick={onHelp} className={look}>
              <Keyboard aria-hidden className="size-5" strokeWidth={1.75} />
            </button>
          </Tooltip>
        </div>
        <Layer>
          <MeMenu look={`touch ${look}`} />
        </Layer>
      </div>
    </header>
  )
}
