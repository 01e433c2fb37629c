import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type SsoProvider, ssoRoutes } from '../../../staff/sso-contract.ts'
import { call } from '../../api.ts'
import { queries } from '../../queries.ts'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { toast } from '../../ui/toasts.ts'
import { useConfirmed, wordsUnlessTurnedAway } from '../account/confirm-first.tsx'

export function RemoveProviderDialog({ it, onClose }: { it: SsoProvider; onClose: () => void }) {
  const { t } = useTranslation('signOn')
  const { t: common } = useTranslation()
  const { name, providerId } = it
  const confirmed = useConfirmed()
  const remove = useMutation({
    mutationFn: () => confirmed(() => call(ssoRoutes.remove, { params: { id: providerId } })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['sso'] })
      toast(t('removed', { name }))
      onClose()
    },
  })
  return (
    <ConfirmDialog
      title={t('removeTitle', { name })}
      lead={t('removeLead')}
      submit={common('remove')}
      busy={remove.isPending}
      trouble={wordsUnlessTurnedAway(remove.error)}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  )
}
