import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { apiKeyRoutes, type KeyRow } from '../../../staff/api-key-contract.ts'
import { call } from '../../api.ts'
import { queries } from '../../queries.ts'
import type { Whose } from '../../queries-keys.ts'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'

/** Asked first, because a key that ended never works again. */
export function EndKeyDialog({ row, whose, onClose }: { row: KeyRow; whose: Whose; onClose: () => void }) {
  const { t } = useTranslation('keys')
  const { name } = row
  const end = useMutation({
    mutationFn: () =>
      call(whose === 'own' ? apiKeyRoutes.end : apiKeyRoutes.endAny, { params: { id: row.keyId } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['keys'] })
      toast(t('ended', { name }))
      onClose()
    },
  })
  return (
    <ConfirmDialog
      title={t('endTitle', { name })}
      lead={t('endLead')}
      submit={t('endSubmit')}
      busy={end.isPending}
      trouble={end.error && problemWords(end.error)}
      onConfirm={() => end.mutate()}
      onClose={onClose}
    />
  )
}
