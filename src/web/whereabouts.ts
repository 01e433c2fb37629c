/** Where a colleague is, in words: beside names, in menus and lists. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { WhereaboutsRow } from '../cases/presence-contract.ts'
import { presenceQuery } from './queries-teams.ts'

/** Asked for while something shows it; `live: false` only once, for what stands on every screen. */
export function useWhereabouts({ live = true } = {}): Map<string, WhereaboutsRow> {
  const { data } = useQuery({ ...presenceQuery, ...(!live && { refetchInterval: false, staleTime: 60_000 }) })
  return new Map(data?.map((it) => [it.agentId, it]))
}

/** By their own choice or out of office: nobody can give them a case. */
export const isElsewhere = (it: Pick<WhereaboutsRow, 'where'> | undefined): boolean =>
  it?.where === 'away' || it?.where === 'out'

/** As the inbox writes its times. */
export const dayTime = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
})

export function useWhereWords(): (it: Pick<WhereaboutsRow, 'where' | 'outUntil'>) => string {
  const { t } = useTranslation('teams')
  return ({ where, outUntil }) =>
    where === 'out' && outUntil
      ? t('where.outUntil', { when: dayTime.format(new Date(outUntil)) })
      : t(`where.${where}`)
}

/** "3 of 12", "3 open". */
export function useLoadWords(): (it: Pick<WhereaboutsRow, 'openCases' | 'capacity'>) => string {
  const { t } = useTranslation('teams')
  return ({ openCases: count, capacity }) =>
    capacity === null ? t('load.has', { count }) : t('load.hasOf', { count, most: capacity })
}
