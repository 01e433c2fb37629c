import { useMutation } from '@tanstack/react-query'
import { Controller, useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { newcomerRoles, type SsoProvider, ssoRoutes } from '../../../staff/sso-contract.ts'
import { call } from '../../api.ts'
import { queries } from '../../queries.ts'
import { ChipsInput } from '../../ui/ChipsInput.tsx'
import { Field } from '../../ui/Field.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { PasswordInput } from '../../ui/PasswordInput.tsx'
import { Select } from '../../ui/Select.tsx'
import { TextInput } from '../../ui/TextInput.tsx'
import { toast } from '../../ui/toasts.ts'
import { useConfirmed, wordsUnlessTurnedAway } from '../account/confirm-first.tsx'
import { CallbackAddress } from './CallbackAddress.tsx'

type Values = {
  name: string
  issuer: string
  client: string
  clientSecret: string
  domains: string[]
  newcomerRole: string
}
const schema = ssoRoutes.add.body!.shape

/** Adds a provider, or changes one: then its secret may stay as it is. */
export function ProviderDialog({ was, onClose }: { was: SsoProvider | null; onClose: () => void }) {
  const { t } = useTranslation('signOn')
  const { t: colleagues } = useTranslation('colleagues')
  const form = useForm<Values>({
    defaultValues: was
      ? { ...was, clientSecret: '', newcomerRole: was.newcomerRole ?? '' }
      : { name: '', issuer: '', client: '', clientSecret: '', domains: [], newcomerRole: '' },
  })
  const confirmed = useConfirmed()
  const save = useMutation({
    mutationFn: (values: Values) => {
      const { name, issuer, client, domains, clientSecret } = values
      const newcomerRole = newcomerRoles.find((it) => it === values.newcomerRole) ?? null
      const body = { name, issuer, client, domains, newcomerRole } as const
      if (!was) return confirmed(() => call(ssoRoutes.add, { body: { ...body, clientSecret } }))
      const params = { id: was.providerId }
      const changed = { ...body, ...(clientSecret && { clientSecret }) }
      return confirmed(() => call(ssoRoutes.change, { params, body: changed }))
    },
    onSuccess: async ({ name }) => {
      await queries.invalidateQueries({ queryKey: ['sso'] })
      toast(t(was ? 'changed' : 'added', { name }))
      onClose()
    },
  })
  const { errors } = form.formState
  const isElsewhere = was !== null && form.watch('issuer') !== was.issuer
  const filled = (said: string) => said.trim() !== '' || t('missing')
  return (
    <FormDialog
      title={was ? t('changeTitle', { name: was.name }) : t('addTitle')}
      lead={t('formLead')}
      size="md"
      submit={t('save')}
      busy={save.isPending}
      onSubmit={form.handleSubmit((it) => save.mutate(it))}
      onClose={onClose}
    >
      <CallbackAddress value={was?.callbackUrl ?? `${location.origin}/api/sso/callback`} />
      <Field label={t('name')} hint={t('nameHint')} error={errors.name?.message}>
        <TextInput maxLength={60} {...form.register('name', { validate: filled })} />
      </Field>
      <Field label={t('issuer')} hint={t('issuerHint')} error={errors.issuer?.message}>
        <TextInput
          type="url"
          {...form.register('issuer', {
            validate: (said) => schema.issuer.safeParse(said).success || t('badIssuer'),
          })}
        />
      </Field>
      <Field label={t('client')} error={errors.client?.message}>
        <TextInput autoComplete="off" {...form.register('client', { validate: filled })} />
      </Field>
      <Field
        label={t('secret')}
        hint={was && t(isElsewhere ? 'secretElsewhere' : 'secretKept')}
        error={errors.clientSecret?.message}
      >
        <PasswordInput
          autoComplete="off"
          {...form.register('clientSecret', {
            validate: (said, { issuer }) => issuer === was?.issuer || filled(said),
          })}
        />
      </Field>
      <Field label={t('domains')} hint={t('domainsHint')} error={errors.domains?.message}>
        <Controller
          control={form.control}
          name="domains"
          rules={{ validate: (said) => schema.domains.safeParse(said).success || t('badDomain') }}
          render={({ field }) => (
            <ChipsInput
              name={t('domainsName')}
              value={field.value}
              onChange={field.onChange}
              tidy={(it) => it.toLowerCase().replaceAll(/^@|[,\s]/g, '')}
              max={50}
            />
          )}
        />
      </Field>
      <Field label={t('newcomer')}>
        <Select {...form.register('newcomerRole')}>
          <option value="">{t('newcomerNone')}</option>
          {newcomerRoles.map((role) => (
            <option key={role} value={role}>
              {t('newcomerAs', { role: colleagues(`roles.${role}`) })}
            </option>
          ))}
        </Select>
      </Field>
      <FormError>{wordsUnlessTurnedAway(save.error)}</FormError>
    </FormDialog>
  )
}
