import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type WebhookRow, webhookRoutes } from '../../../staff/webhook-contract.ts'
import { call } from '../../api.ts'
import { queries } from '../../queries.ts'
import { webhooksQuery } from '../../queries-webhooks.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { problemWords } from '../../words/problem.ts'

type Props = {
  row: WebhookRow
  onClose: () => void
  onMade: (made: { name: string; secret: string }) => void
}

export function RenewSecretDialog({ row, onClose, onMade }: Props) {
  const { t } = useTranslation('webhooks')
  const { t: common } = useTranslation()
  const renew = useMutation({
    mutationFn: () => call(webhookRoutes.renewSecret, { params: { id: row.destinationId }, body: {} }),
    onSuccess: async ({ name, secret }) => {
      await queries.invalidateQueries({ queryKey: webhooksQuery.queryKey, exact: true })
      if (secret) onMade({ name, secret })
      else onClose()
    },
  })
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('renewTitle', { name: row.name })}
      description={t('renewLead')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button tone="primary" busy={renew.isPending} onClick={() => renew.mutate()}>
            {t('renewSubmit')}
          </Button>
        </>
      }
    >
      <FormError>{renew.error && problemWords(renew.error)}</FormError>
    </Dialog>
  )
}
