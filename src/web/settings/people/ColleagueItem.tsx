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
import { useRoleName } from './role-name.ts'

type Props = {
  colleague: ColleagueRow
  onChange: () => void
  onSuspend: () => void
  onBringBack: () => void
}

/** One person: who they are, what they may do, whose cases they see. */
export function ColleagueItem({ colleague, onChange, onSuspend, onBringBack }: Props) {
  const { t } = useTranslation('colleagues')
  const { agent } = useMe()
  const { name, email, suspendedAt, lastSeenAt, secondFactor } = colleague
  const isMe = colleague.agentId === agent.agentId
  const beyond = whyNotTouch(agent, colleague)
  const whyNot = beyond && i18n.t(beyond, { ns: 'problems' })
  const notMyself = isMe ? i18n.t('not-yourself', { ns: 'problems' }) : null
  return (
    <li className="flex items-start gap-3 bg-surface px-4 py-3">
      <Avatar name={name} size="lg" />
      <div className="min-w-0 flex-1">
        <h3 className="font-semibold wrap-anywhere" dir="auto">
          {isMe ? t('you', { name }) : name}
        </h3>
        <p className="truncate text-soft">{email}</p>
        <div className="mt-1.5 flex flex-wrap items-center gap-1.5">
          <RoleBadge {...colleague} />
          {suspendedAt && <Badge tone="bad">{t('suspended')}</Badge>}
          <Badge tone={secondFactor ? 'good' : 'neutral'}>
            {t(secondFactor ? 'secondFactor.on' : 'secondFactor.off')}
          </Badge>
        </div>
        <p className="mt-1 text-sm text-pretty text-faint wrap-anywhere">
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
