/** A line of a case's history, in words. A type this page does not know is shown by its name rather than hidden. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { CaseView } from '../../cases/case-views.ts'
import { meQuery } from '../queries.ts'
import { endingKey } from './names.ts'

type CaseEvent = CaseView['events'][number]

export function useEventWords({ type, detail, byAgentId }: CaseEvent): string {
  const { t } = useTranslation('inbox')
  const { data: me } = useQuery(meQuery)
  const nameOfAgent = (id: unknown) => me?.colleagues.find((it) => it.agentId === id)?.name ?? null
  const by = nameOfAgent(byAgentId)
  const signed = (words: string) => (by ? `${words} ${t('event.by', { name: by })}` : words)

  if (type === 'assigned') {
    const to = nameOfAgent(detail.to)
    if (!to) return signed(t('event.unassigned'))
    return detail.to === byAgentId
      ? t('event.assigned', { name: to })
      : signed(t('event.handed-over', { name: to }))
  }
  if (type === 'returned') {
    const name = nameOfAgent(detail.from) ?? '?'
    const to = nameOfAgent(detail.to)
    const why = detail.why === 'suspended' ? 'suspended' : 'away'
    return signed(to ? t('event.returned-to', { name, to }) : t(`event.returned-${why}`, { name }))
  }
  if (type === 'closed') {
    const ending = endingKey(detail)
    return signed(t('event.closed', { outcome: ending ? t(ending) : '' }))
  }
  if (type === 'team-changed') {
    const team = me?.teams.find((it) => it.teamId === detail.to)
    return signed(team ? t('event.team-given', { team: team.name }) : t('event.team-none'))
  }
  if (type === 'approval-returned' && typeof detail.reason === 'string')
    return signed(t('event.approval-returned-why', { reason: detail.reason }))
  if (type === 'approval-withdrawn' && (detail.reason === 'restored' || detail.reason === 'imported'))
    return signed(t(`event.approval-withdrawn-${detail.reason}`))
  if (type === 'imported' && typeof detail.from === 'string' && typeof detail.id === 'string')
    return signed(t('event.imported', { from: detail.from, id: detail.id }))
  if (type === 'reopened') return byAgentId ? signed(t('event.reopened')) : t('event.reopened-by-customer')
  const known = [
    'post-deleted',
    'post-edited',
    'muted',
    'unmuted',
    'urgency-rose',
    'kind-known',
    'reply-undone',
    'reply-refused',
    'reply-again',
    'reply-given-up',
    'file-removed',
    'approval-asked',
    'approval-given',
    'approval-returned',
    'approval-withdrawn',
  ] as const
  const found = known.find((it) => it === type)
  return signed(found ? t(`event.${found}`) : t('event.other', { type }))
}
