import { useNavigate } from '@tanstack/react-router'
import { CalendarOff, CircleUserRound, History, LogOut, Moon, Sun } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AbsenceDialog } from '../absence/AbsenceDialog.tsx'
import { ReturnedDialog } from '../absence/ReturnedDialog.tsx'
import { useAway } from '../absence/use-away.ts'
import { useMe } from '../me.ts'
import { useGoToWorkspace } from '../settings/people/go-to-workspace.ts'
import { useSignOut } from '../sign-out.ts'
import { setTheme, type Theme, useTheme } from '../theme.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Menu, MenuChoice, MenuChoices, MenuGroup, MenuItem, MenuLine } from '../ui/Menu.tsx'
import { WhereSign } from '../WhereSign.tsx'

/** Me: who and where I am, going away and coming back, reachable from everywhere. `look` is how a place in the rail looks. */
export function MeMenu({ look }: { look: string }) {
  const { t } = useTranslation('teams')
  const { agent } = useMe()
  const { isAway, running, over } = useAway()
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
        <Whereabouts onOpen={setOpen} />
        <MenuLine />
        <MyTheme />
        <MenuLine />
        <WaysOut />
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

/** Under my name and the brand that I answer for. */
function Whereabouts({ onOpen }: { onOpen: (what: 'absence' | 'returned') => void }) {
  const { t } = useTranslation('teams')
  const { agent, workspace } = useMe()
  const { isAway, running, over, switchAway } = useAway()
  const go = useNavigate()
  return (
    <MenuGroup
      label={
        <>
          <span dir="auto" className="block max-w-64 truncate text-base font-semibold text-ink">
            {agent.name}
          </span>
          <span dir="auto" className="block max-w-64 truncate">
            {workspace.name}
          </span>
          <span dir="auto" className="block max-w-64 truncate">
            {t('me.repliesAs', { brand: workspace.brand })}
          </span>
        </>
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
      <MenuItem icon={<CalendarOff aria-hidden className="size-4" />} onClick={() => onOpen('absence')}>
        {t('me.absence')}
      </MenuItem>
      {(running ?? over) && (
        <MenuItem icon={<History aria-hidden className="size-4" />} onClick={() => onOpen('returned')}>
          {t('me.returned')}
        </MenuItem>
      )}
      <MenuItem
        icon={<CircleUserRound aria-hidden className="size-4" />}
        onClick={() => go({ to: '/settings/account' })}
      >
        {t('me.account')}
      </MenuItem>
    </MenuGroup>
  )
}

function MyTheme() {
  const { t } = useTranslation()
  const theme = useTheme()
  return (
    <MenuGroup label={t('theme.label')}>
      <MenuChoices label={t('theme.label')} value={theme} onChange={(next) => setTheme(next as Theme)}>
        {(['system', 'light', 'dark'] as const).map((it) => (
          <MenuChoice key={it} value={it}>
            {t(`theme.${it}`)}
          </MenuChoice>
        ))}
      </MenuChoices>
    </MenuGroup>
  )
}

/** To another workspace, or out. */
function WaysOut() {
  const { t } = useTranslation('colleagues')
  const { t: account } = useTranslation('account')
  const { workspace, workspaces } = useMe()
  const go = useGoToWorkspace()
  const signOut = useSignOut()
  return (
    <>
      {workspaces.length > 1 && (
        <>
          <MenuGroup label={t('workspaces.title')}>
            <MenuChoices label={t('workspaces.list')} value={workspace.workspaceId} onChange={go.mutate}>
              {workspaces.map((it) => (
                <MenuChoice key={it.workspaceId} value={it.workspaceId}>
                  <span className="block max-w-56 truncate" dir="auto">
                    {it.name}
                  </span>
                </MenuChoice>
              ))}
            </MenuChoices>
          </MenuGroup>
          <MenuLine />
        </>
      )}
      <MenuItem icon={<LogOut aria-hidden className="size-4" />} onClick={() => signOut.mutate()}>
        {account('you.signOut')}
      </MenuItem>
    </>
  )
}
