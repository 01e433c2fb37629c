/** My own whereabouts, and going away and coming back. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { absenceRoutes } from '../../staff/absence-contract.ts'
import { call } from '../api.ts'
import { useMe } from '../me.ts'
import { queries } from '../queries.ts'
import { absencesQuery, presenceQuery } from '../queries-teams.ts'
import { toast } from '../ui/toasts.ts'
import { useWhereabouts } from '../whereabouts.ts'
import { problemWords } from '../words/problem.ts'

const refresh = () =>
  Promise.all(['absences', 'presence'].map((key) => queries.invalidateQueries({ queryKey: [key] })))
const complain = (error: unknown) => {
  toast(problemWords(error), { tone: 'bad' })
  void refresh()
}

export function useAway() {
  const { t } = useTranslation('teams')
  const { agent } = useMe()
  const { data: absences } = useQuery({ ...absencesQuery, refetchInterval: false })
  const mine = absences?.filter((it) => it.agentId === agent.agentId) ?? []
  const row = useWhereabouts({ live: false }).get(agent.agentId)
  const now = new Date()
  const running = mine.find((it) => new Date(it.startsAt) <= now && new Date(it.endsAt) > now) ?? null
  const isAway = row?.where === 'away'

  const switchAway = useMutation({
    mutationFn: (away: boolean) => call(absenceRoutes.goAway, { body: { away } }),
    // Whoever asks is here.
    onMutate: (away) =>
      queries.setQueryData(presenceQuery.queryKey, (was) =>
        was?.map((it) =>
          it.agentId === agent.agentId && it.where !== 'out'
            ? { ...it, where: away ? ('away' as const) : ('here' as const) }
            : it,
        ),
      ),
    onSuccess: (_, away) => toast(t(away ? 'me.wentAway' : 'me.cameBack')),
    onError: complain,
    onSettled: refresh,
  })
  const endAbsence = useMutation({
    mutationFn: (absenceId: string) => call(absenceRoutes.end, { params: { id: absenceId } }),
    onSuccess: () => toast(t('absence.ended')),
    onError: complain,
    onSettled: refresh,
  })
  // Of the last one that is over; an absence that runs still gives back.
  const over = mine.filter((it) => new Date(it.endsAt) <= now && it.returned > 0).at(-1) ?? null
  return { isAway, running, over, switchAway, endAbsence }
}
