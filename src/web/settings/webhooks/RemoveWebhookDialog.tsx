import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type WebhookRow, webhookRoutes } from '../../../staff/webhook-contract.ts'
import { call } from '../../api.ts'
import { queries } from '../../queries.ts'
import { webhooksQuery } from '../../queries-webhooks.ts'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'

export function RemoveWebhookDialog({ row, onClose }: { row: WebhookRow; onClose: () => void }) {
  const { t } = useTranslation('webhooks')
  const remove = useMutation({
    mutationFn: () => call(webhookRoutes.remove, { params: { id: row.destinationId } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: webhooksQuery.queryKey, exact: true })
      toast(t('removed', { name: row.name }))
      onClose()
    },
  })
  return (
    <ConfirmDialog
      title={t('removeTitle', { name: row.name })}
      lead={t('removeLead')}
      submit={t('remove')}
      busy={remove.isPending}
      trouble={remove.error && problemWords(remove.error)}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  )
}
