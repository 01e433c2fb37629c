import { useQuery } from '@tanstack/react-query'
import { Clock, Pencil, ShieldCheck, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { TeamRow } from '../../../staff/team-contract.ts'
import { useMe, useWhyNot } from '../../me.ts'
import { channelsQuery } from '../../queries.ts'
import { Badge } from '../../ui/Badge.tsx'
import { IconButton } from '../../ui/IconButton.tsx'

type Props = { team: TeamRow; onEdit: () => void; onRemove: () => void }

/** One team: its people, its channels, and how much is open. */
export function TeamItem({ team, onEdit, onRemove }: Props) {
  const { t } = useTranslation('teams')
  const { colleagues } = useMe()
  const { data: channels } = useQuery(channelsQuery)
  const whyNot = useWhyNot('teams.change', team)
  const { name } = team
  const members = colleagues.filter((it) => team.memberIds.includes(it.agentId)).map((it) => it.name)
  const handles = channels
    ?.filter((it) => team.channelIds.includes(it.channelId))
    .map((it) => `@${it.handle}`)
  return (
    <li className="flex items-start gap-3 bg-surface px-4 py-3">
      <div className="min-w-0 flex-1">
        <h2 className="font-semibold wrap-anywhere" dir="auto">
          {name}
        </h2>
        <p className="text-sm wrap-anywhere text-soft" dir="auto">
          {members.length > 0 ? members.join(', ') : t('noMembers')}
        </p>
        {handles && handles.length > 0 && (
          <p className="text-sm wrap-anywhere text-faint">{handles.join(', ')}</p>
        )}
        <div className="mt-1.5 flex flex-wrap items-center gap-1">
          <Badge>{team.openCases > 0 ? t('cases', { count: team.openCases }) : t('noCases')}</Badge>
          {team.needsApproval && (
            <Badge tone="accent" icon={<ShieldCheck aria-hidden />}>
              {t('approvalMark')}
            </Badge>
          )}
          {team.ownHours && <Badge icon={<Clock aria-hidden />}>{t('ownHours')}</Badge>}
        </div>
      </div>
      <div className="flex">
        <IconButton
          label={t('edit', { name })}
          whyNot={whyNot}
          icon={<Pencil aria-hidden className="size-4" />}
          onClick={onEdit}
        />
        <IconButton
          label={t('remove', { name })}
          whyNot={whyNot}
          icon={<Trash2 aria-hidden className="size-4" />}
          onClick={onRemove}
        />
      </div>
    </li>
  )
}
