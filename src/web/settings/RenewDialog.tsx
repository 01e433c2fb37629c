import { useMutation } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ChannelRow, channelRoutes } from '../../connectors/channel-contract.ts'
import { call } from '../api.ts'
import { queries } from '../queries.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Field } from '../ui/Field.tsx'
import { PasswordInput } from '../ui/PasswordInput.tsx'
import { toast } from '../ui/toasts.ts'
import { connectProblem } from './connect-problem.ts'

/** A new app password for an account; what waits goes out with it. */
export function RenewDialog({ channel, onClose }: { channel: ChannelRow; onClose: () => void }) {
  const { t } = useTranslation('settings')
  const { t: common } = useTranslation()
  const formId = useId()
  const [appPassword, setAppPassword] = useState('')
  const { handle } = channel
  const renew = useMutation({
    mutationFn: () =>
      call(channelRoutes.renewPassword, { params: { id: channel.channelId }, body: { appPassword } }),
    onSuccess: async () => {
      await queries.invalidateQueries()
      toast(t('channels.renewed', { handle }))
      onClose()
    },
  })
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('channels.renewTitle', { handle })}
      description={t('channels.renewLead')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button
            type="submit"
            form={formId}
            tone="primary"
            busy={renew.isPending}
            whyNot={appPassword ? null : t('connect.passwordMissing')}
          >
            {t('channels.renewSubmit')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (appPassword) renew.mutate()
        }}
      >
        <Field
          label={t('connect.password')}
          hint={t('connect.passwordHint')}
          error={renew.error && connectProblem(renew.error)}
        >
          <PasswordInput
            autoComplete="off"
            value={appPassword}
            onChange={(event) => setAppPassword(event.target.value)}
          />
        </Field>
      </form>
    </Dialog>
  )
}
