import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type ChannelRow, channelRoutes } from '../../connectors/channel-contract.ts'
import { call } from '../api.ts'
import { queries } from '../queries.ts'
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx'
import { toast } from '../ui/toasts.ts'
import { problemWords } from '../words/problem.ts'

/** Asked first, because the secret is destroyed and cannot come back by undo. */
export function DisconnectDialog({ channel, onClose }: { channel: ChannelRow; onClose: () => void }) {
  const { t } = useTranslation('settings')
  const { handle } = channel
  const remove = useMutation({
    mutationFn: () => call(channelRoutes.remove, { params: { id: channel.channelId } }),
    onSuccess: async () => {
      await queries.invalidateQueries()
      toast(t('channels.disconnected', { handle }))
      onClose()
    },
  })
  return (
    <ConfirmDialog
      title={t('channels.disconnectTitle', { handle })}
      lead={t('channels.disconnectLead')}
      submit={t('channels.disconnect')}
      busy={remove.isPending}
      trouble={remove.error && problemWords(remove.error)}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  )
}
