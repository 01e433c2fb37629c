import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type SsoProvider, ssoRoutes } from '../../../staff/sso-contract.ts'
import { call } from '../../api.ts'
import { queries } from '../../queries.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'

export function RemoveProviderDialog({ it, onClose }: { it: SsoProvider; onClose: () => void }) {
  const { t } = useTranslation('signOn')
  const { t: common } = useTranslation()
  const { name, providerId } = it
  const remove = useMutation({
    mutationFn: () => call(ssoRoutes.remove, { params: { id: providerId } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['sso'] })
      toast(t('removed', { name }))
      onClose()
    },
  })
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('removeTitle', { name })}
      description={t('removeLead')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button tone="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
            {common('remove')}
          </Button>
        </>
      }
    >
      <FormError>{remove.error && problemWords(remove.error)}</FormError>
    </Dialog>
  )
}
