import { useQuery } from '@tanstack/react-query'
import { Plus, UsersRound } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TeamRow } from '../../../staff/team-contract.ts'
import { useWhyNot } from '../../me.ts'
import { teamsQuery } from '../../queries-teams.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { Page, Rows } from '../../ui/Page.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { problemWords } from '../../words/problem.ts'
import { ChannelsPart } from './ChannelsPart.tsx'
import { PeoplePart } from './PeoplePart.tsx'
import { RemoveTeamDialog } from './RemoveTeamDialog.tsx'
import { TeamDialog } from './TeamDialog.tsx'
import { TeamItem } from './TeamItem.tsx'

/** Who works together, on what, and how much. */
export function Teams() {
  const { t } = useTranslation('teams')
  const { data: teams, error } = useQuery(teamsQuery)
  const [editing, setEditing] = useState<TeamRow | 'new' | null>(null)
  const [removing, setRemoving] = useState<TeamRow | null>(null)
  const add = (
    <Button
      tone="primary"
      icon={<Plus aria-hidden className="size-4" />}
      whyNot={useWhyNot('teams.change')}
      onClick={() => setEditing('new')}
    >
      {t('add')}
    </Button>
  )
  return (
    <Page title={t('title')} lead={t('lead')} action={teams?.length ? add : null}>
      <FormError>{error && problemWords(error)}</FormError>
      {!teams && !error && <Skeleton />}
      {teams?.length === 0 && (
        <EmptyState icon={<UsersRound />} title={t('emptyTitle')} action={add}>
          {t('empty')}
        </EmptyState>
      )}
      {teams && teams.length > 0 && (
        <Rows label={t('list')}>
          {teams.map((it) => (
            <TeamItem
              key={it.teamId}
              team={it}
              onEdit={() => setEditing(it)}
              onRemove={() => setRemoving(it)}
            />
          ))}
        </Rows>
      )}
      {teams && teams.length > 0 && <ChannelsPart teams={teams} />}
      <PeoplePart />
      {editing && <TeamDialog team={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
      {removing && <RemoveTeamDialog team={removing} onClose={() => setRemoving(null)} />}
    </Page>
  )
}
