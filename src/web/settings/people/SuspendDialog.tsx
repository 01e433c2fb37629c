import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type ColleagueRow, colleagueRoutes } from '../../../staff/colleague-contract.ts'
import { call } from '../../api.ts'
import { queries } from '../../queries.ts'
import { agentsQuery } from '../../queries-people.ts'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'

/** Asked first, because their cases move on at once. */
export function SuspendDialog({ colleague, onClose }: { colleague: ColleagueRow; onClose: () => void }) {
  const { t } = useTranslation('colleagues')
  const { agentId, name } = colleague
  const suspend = useMutation({
    mutationFn: () => call(colleagueRoutes.suspend, { params: { id: agentId } }),
    onSuccess: async ({ casesReturned }) => {
      await queries.invalidateQueries({ queryKey: agentsQuery.queryKey })
      toast(t('suspendDone', { name, count: casesReturned }))
      onClose()
    },
  })
  return (
    <ConfirmDialog
      title={t('suspendTitle', { name })}
      lead={t('suspendLead')}
      submit={t('suspend')}
      busy={suspend.isPending}
      trouble={suspend.error && problemWords(suspend.error)}
      onConfirm={() => suspend.mutate()}
      onClose={onClose}
    />
  )
}
