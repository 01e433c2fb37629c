import { useMutation } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { channelRoutes } from '../../connectors/channel-contract.ts'
import { call } from '../api.ts'
import { resolverOf } from '../forms.ts'
import { queries } from '../queries.ts'
import { Checkbox } from '../ui/Checkbox.tsx'
import { Field } from '../ui/Field.tsx'
import { FormDialog } from '../ui/FormDialog.tsx'
import { FormError } from '../ui/FormError.tsx'
import { More } from '../ui/More.tsx'
import { PasswordInput } from '../ui/PasswordInput.tsx'
import { TextInput } from '../ui/TextInput.tsx'
import { toast } from '../ui/toasts.ts'
import { connectProblem } from './connect-problem.ts'

const Body = channelRoutes.connectBluesky.body!
type Props = { open: boolean; onOpenChange: (open: boolean) => void; onDone?: () => void }
const blank = { handle: '', appPassword: '', serviceUrl: 'https://bsky.social', ownStream: false }
const missing = {
  handle: 'handleMissing',
  appPassword: 'passwordMissing',
  serviceUrl: 'serverWrong',
} as const

/** Handle and app password, on any server. */
export function ConnectDialog({ open, onOpenChange, onDone }: Props) {
  const { t } = useTranslation('settings')
  const form = useForm({
    resolver: resolverOf(Body, (field) =>
      t(`connect.${missing[field as keyof typeof missing] ?? 'handleMissing'}`),
    ),
    defaultValues: blank,
  })
  const connect = useMutation({
    mutationFn: (body: z.output<typeof Body>) => call(channelRoutes.connectBluesky, { body }),
    onSuccess: async (channel) => {
      await queries.invalidateQueries()
      form.reset(blank)
      onOpenChange(false)
      toast(t('connect.done', { handle: channel.handle }))
      onDone?.()
    },
  })
  const { errors } = form.formState
  return (
    <FormDialog
      open={open}
      title={t('connect.title')}
      lead={t('connect.lead')}
      submit={t('connect.submit')}
      busy={connect.isPending}
      onSubmit={form.handleSubmit((it) => connect.mutate(it))}
      onClose={() => onOpenChange(false)}
    >
      <Field label={t('connect.handle')} hint={t('connect.handleHint')} error={errors.handle?.message}>
        <TextInput autoComplete="off" autoCapitalize="none" spellCheck={false} {...form.register('handle')} />
      </Field>
      <Field
        label={t('connect.password')}
        hint={t('connect.passwordHint')}
        error={errors.appPassword?.message}
      >
        <PasswordInput autoComplete="off" {...form.register('appPassword')} />
      </Field>
      <More title={t('connect.other')} open={errors.serviceUrl !== undefined}>
        <Field label={t('connect.server')} hint={t('connect.serverHint')} error={errors.serviceUrl?.message}>
          <TextInput type="url" {...form.register('serviceUrl')} />
        </Field>
        <Checkbox
          label={t('connect.ownStream')}
          hint={t('connect.ownStreamHint')}
          {...form.register('ownStream')}
        />
      </More>
      <FormError>{connect.error && connectProblem(connect.error)}</FormError>
    </FormDialog>
  )
}
