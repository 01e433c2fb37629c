import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ChannelRow, channelRoutes } from '../../connectors/channel-contract.ts'
import { call } from '../api.ts'
import { queries } from '../queries.ts'
import { Field } from '../ui/Field.tsx'
import { FormDialog } from '../ui/FormDialog.tsx'
import { PasswordInput } from '../ui/PasswordInput.tsx'
import { toast } from '../ui/toasts.ts'
import { connectProblem } from './connect-problem.ts'

/** A new app password for an account; what waits goes out with it. */
export function RenewDialog({ channel, onClose }: { channel: ChannelRow; onClose: () => void }) {
  const { t } = useTranslation('settings')
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
    <FormDialog
      title={t('channels.renewTitle', { handle })}
      lead={t('channels.renewLead')}
      submit={t('channels.renewSubmit')}
      busy={renew.isPending}
      whyNot={appPassword ? null : t('connect.passwordMissing')}
      onSubmit={(event) => {
        event.preventDefault()
        if (appPassword) renew.mutate()
      }}
      onClose={onClose}
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
    </FormDialog>
  )
}
