import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type WatchRow, watchRoutes } from '../../match/watch-contract.ts'
import { call } from '../api.ts'
import { queries, watchesQuery } from '../queries.ts'
import { toast } from '../ui/toasts.ts'
import { problemWords } from '../words/problem.ts'

const complain = (error: unknown) => toast(problemWords(error), { tone: 'bad' })
const refresh = () => queries.invalidateQueries({ queryKey: watchesQuery.queryKey })

/** Removes a watch at once; undo adds it again with the same terms. */
export function useRemoveWatch() {
  const { t } = useTranslation('settings')
  const restore = useMutation({
    mutationFn: ({ name, terms }: WatchRow) => call(watchRoutes.add, { body: { name, terms } }),
    onSuccess: (watch) => toast(t('watches.restored', { name: watch.name })),
    onError: complain,
    onSettled: refresh,
  })
  return useMutation({
    mutationFn: (watch: WatchRow) => call(watchRoutes.remove, { params: { id: watch.watchId } }),
    onMutate: (watch) =>
      queries.setQueryData(watchesQuery.queryKey, (was) => was?.filter((it) => it.watchId !== watch.watchId)),
    onSuccess: (_done, watch) =>
      toast(t('watches.removed', { name: watch.name }), { undo: () => restore.mutate(watch) }),
    onError: complain,
    onSettled: refresh,
  })
}
