import { Ellipsis } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { whyNotTouch } from '../../../staff/colleague.ts'
import type { ColleagueRow } from '../../../staff/colleague-contract.ts'
import { useMe } from '../../me.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { Badge } from '../../ui/Badge.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { Menu, MenuItem } from '../../ui/Menu.tsx'
import { useRelative } from '../../ui/RelativeTime.tsx'
import { i18n } from '../../words/words.ts'
import type { Help } from './HelpDialog.tsx'
import { useRoleName } from './role-name.ts'

type Props = {
  colleague: ColleagueRow
  byMail: boolean
  onChange: () => void
  onHelp: (help: Help | 'name') => void
  onSuspend: () => void
  onBringBack: () => void
}

/** One person: who they are, what they may do, whose cases they see. */
export function ColleagueItem({ colleague, byMail, onChange, onHelp, onSuspend, onBringBack }: Props) {
  const { t } = useTranslation('colleagues')
  const { agent } = useMe()
  const { name, email, suspendedAt, lastSeenAt, secondFactor } = colleague
  const isMe = colleague.agentId === agent.agentId
  const beyond = whyNotTouch(agent, colleague)
  const whyNot = beyond && i18n.t(beyond, { ns: 'problems' })
  const notMyself = isMe ? i18n.t('not-yourself', { ns: 'problems' }) : null
  return (
    <li className="flex items-start gap-3 bg-surface px-4 py-3 desk:items-center desk:py-1.5">
      <Avatar name={name} />
      <div className="min-w-0 flex-1 desk:grid desk:grid-cols-[minmax(0,5fr)_minmax(0,5fr)_minmax(0,4fr)] desk:items-center desk:gap-3">
        <div className="min-w-0">
          <h3 className="font-semibold wrap-anywhere desk:truncate" dir="auto" title={name}>
            {isMe ? t('you', { name }) : name}
          </h3>
          <p className="truncate text-sm text-soft" title={email}>
            {email}
          </p>
        </div>
        <div className="mt-1.5 flex flex-wrap items-center gap-1.5 desk:mt-0">
          <RoleBadge {...colleague} />
          {suspendedAt && <Badge tone="bad">{t('suspended')}</Badge>}
          {!secondFactor && !suspendedAt && <Badge tone="warn">{t('noSecondFactor')}</Badge>}
        </div>
        <p className="mt-1 text-sm text-pretty text-faint wrap-anywhere desk:mt-0">
          {lastSeenAt ? <LastSeen at={lastSeenAt} /> : t('neverSeen')}
          <TeamWords {...colleague} />
        </p>
      </div>
      <Menu
        trigger={
          <IconButton label={t('actions', { name })} icon={<Ellipsis aria-hidden className="size-4" />} />
        }
      >
        <MenuItem onClick={onChange} whyNot={whyNot}>
          {t('change')}
        </MenuItem>
        <MenuItem onClick={() => onHelp('name')} whyNot={whyNot}>
          {t('help.name.open')}
        </MenuItem>
        <MenuItem onClick={() => onHelp('link')} whyNot={whyNot ?? notMyself}>
          {t(byMail ? 'help.link.open' : 'help.link.show')}
        </MenuItem>
        <MenuItem
          onClick={() => onHelp('codes')}
          whyNot={whyNot ?? notMyself ?? (secondFactor ? null : t('help.codes.none'))}
        >
          {t('help.codes.open')}
        </MenuItem>
        <MenuItem onClick={() => onHelp('sessions')} whyNot={whyNot ?? notMyself}>
          {t('help.sessions.open')}
        </MenuItem>
        {suspendedAt ? (
          <MenuItem onClick={onBringBack} whyNot={whyNot}>
            {t('bringBack')}
          </MenuItem>
        ) : (
          <MenuItem danger onClick={onSuspend} whyNot={whyNot ?? notMyself}>
            {t('suspend')}
          </MenuItem>
        )}
      </Menu>
    </li>
  )
}

function RoleBadge(colleague: Pick<ColleagueRow, 'role' | 'roleName'>) {
  const nameOf = useRoleName()
  const tone = colleague.role === 'admin' ? 'accent' : 'neutral'
  return (
    <Badge tone={tone}>
      <span className="max-w-48 truncate">{nameOf(colleague)}</span>
    </Badge>
  )
}

function LastSeen({ at }: { at: string }) {
  const { t } = useTranslation('colleagues')
  return t('lastSeen', { when: useRelative(at, { ago: true }) })
}

function TeamWords({ sees, teamIds }: Pick<ColleagueRow, 'sees' | 'teamIds'>) {
  const { t } = useTranslation('colleagues')
  const { teams } = useMe()
  const names = teams.filter((it) => teamIds.includes(it.teamId)).map((it) => it.name)
  if (sees === 'workspace' && names.length === 0) return null
  const said = sees === 'teams' ? [...names, t('noTeam')] : names
  return ` · ${t(sees === 'teams' ? 'teamsOnly' : 'teams', { teams: said.join(', ') })}`
}
