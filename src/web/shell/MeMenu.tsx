import { CalendarOff, History, Moon, Sun } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AbsenceDialog } from '../absence/AbsenceDialog.tsx'
import { ReturnedDialog } from '../absence/ReturnedDialog.tsx'
import { useAway } from '../absence/use-away.ts'
import { useMe } from '../me.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Menu, MenuItem } from '../ui/Menu.tsx'
import { WhereSign } from '../WhereSign.tsx'

/** Me: going away and coming back, reachable from everywhere. `look` is how a place in the rail looks. */
export function MeMenu({ look }: { look: string }) {
  const { t } = useTranslation('teams')
  const { agent } = useMe()
  const { isAway, running, over, switchAway } = useAway()
  const [open, setOpen] = useState<'absence' | 'returned' | null>(null)
  const where = running ? 'out' : isAway ? 'away' : 'here'
  return (
    <>
      <Menu
        side="top"
        trigger={
          <button type="button" aria-label={t('me.menu', { where: t(`where.${where}`) })} className={look}>
            <span className="relative">
              <Avatar name={agent.name} size="sm" ours />
              <span className="absolute -right-2.5 -bottom-1.5 rounded-full bg-ground">
                <WhereSign where={where} />
              </span>
            </span>
            <span aria-hidden>{where === 'here' ? t('me.short') : t(`where.${where}`).split(' ')[0]}</span>
          </button>
        }
      >
        {isAway ? (
          <MenuItem icon={<Sun aria-hidden className="size-4" />} onClick={() => switchAway.mutate(false)}>
            {t('me.back')}
          </MenuItem>
        ) : (
          <MenuItem icon={<Moon aria-hidden className="size-4" />} onClick={() => switchAway.mutate(true)}>
            {t('me.away')}
            <span className="block max-w-60 text-sm text-faint">{t('me.awayHint')}</span>
          </MenuItem>
        )}
        <MenuItem icon={<CalendarOff aria-hidden className="size-4" />} onClick={() => setOpen('absence')}>
          {t('me.absence')}
        </MenuItem>
        {(running ?? over) && (
          <MenuItem icon={<History aria-hidden className="size-4" />} onClick={() => setOpen('returned')}>
            {t('me.returned')}
          </MenuItem>
        )}
      </Menu>
      {open === 'absence' && (
        <AbsenceDialog agentId={agent.agentId} name={agent.name} onClose={() => setOpen(null)} />
      )}
      {open === 'returned' && (running ?? over) && (
        <ReturnedDialog absenceId={(running ?? over)!.absenceId} onClose={() => setOpen(null)} />
      )}
    </>
  )
}
