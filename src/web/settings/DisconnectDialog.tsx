import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type ChannelRow, channelRoutes } from '../../connectors/channel-contract.ts'
import { call } from '../api.ts'
import { queries } from '../queries.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { FormError } from '../ui/FormError.tsx'
import { toast } from '../ui/toasts.ts'
import { problemWords } from '../words/problem.ts'

/** Asked first, because the secret is destroyed and cannot come back by undo. */
export function DisconnectDialog({ channel, onClose }: { channel: ChannelRow; onClose: () => void }) {
  const { t } = useTranslation('settings')
  const { t: common } = useTranslation()
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
    <Dialog
      open
      onOpenChange={onClose}
      title={t('channels.disconnectTitle', { handle })}
      description={t('channels.disconnectLead')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button tone="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
            {t('channels.disconnect')}
          </Button>
        </>
      }
    >
      <FormError>{remove.error && problemWords(remove.error)}</FormError>
    </Dialog>
  )
}
