import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type ColleagueRow, colleagueRoutes } from '../../../staff/colleague-contract.ts'
import { call } from '../../api.ts'
import { queries } from '../../queries.ts'
import { agentsQuery } from '../../queries-people.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'

/** Asked first, because their cases move on at once. */
export function SuspendDialog({ colleague, onClose }: { colleague: ColleagueRow; onClose: () => void }) {
  const { t } = useTranslation('colleagues')
  const { t: common } = useTranslation()
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
    <Dialog
      open
      onOpenChange={onClose}
      title={t('suspendTitle', { name })}
      description={t('suspendLead')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button tone="danger" busy={suspend.isPending} onClick={() => suspend.mutate()}>
            {t('suspend')}
          </Button>
        </>
      }
    >
      <FormError>{suspend.error && problemWords(suspend.error)}</FormError>
    </Dialog>
  )
}
