import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type WebhookRow, webhookRoutes } from '../../../staff/webhook-contract.ts'
import { call } from '../../api.ts'
import { queries } from '../../queries.ts'
import { webhooksQuery } from '../../queries-webhooks.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'

export function RemoveWebhookDialog({ row, onClose }: { row: WebhookRow; onClose: () => void }) {
  const { t } = useTranslation('webhooks')
  const { t: common } = useTranslation()
  const remove = useMutation({
    mutationFn: () => call(webhookRoutes.remove, { params: { id: row.destinationId } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: webhooksQuery.queryKey, exact: true })
      toast(t('removed', { name: row.name }))
      onClose()
    },
  })
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('removeTitle', { name: row.name })}
      description={t('removeLead')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button tone="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
            {t('remove')}
          </Button>
        </>
      }
    >
      <FormError>{remove.error && problemWords(remove.error)}</FormError>
    </Dialog>
  )
}
