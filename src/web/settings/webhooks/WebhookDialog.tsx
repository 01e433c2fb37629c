import { useMutation } from '@tanstack/react-query'
import { Controller, useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { type WebhookRow, webhookRoutes } from '../../../staff/webhook-contract.ts'
import { call } from '../../api.ts'
import { resolverOf } from '../../forms.ts'
import { queries } from '../../queries.ts'
import { webhooksQuery } from '../../queries-webhooks.ts'
import { Checkbox } from '../../ui/Checkbox.tsx'
import { Field } from '../../ui/Field.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { TextInput } from '../../ui/TextInput.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'
import { EventPicker } from './EventPicker.tsx'

const Body = webhookRoutes.add.body!
type Body = z.output<typeof Body>
type Props = {
  row: WebhookRow | null
  onClose: () => void
  onMade: (made: { name: string; secret: string }) => void
}

/** Adds a destination, whose secret is shown next, or changes one. */
export function WebhookDialog({ row, onClose, onMade }: Props) {
  const { t } = useTranslation('webhooks')
  const { t: common } = useTranslation()
  const words = { name: t('nameMissing'), url: t('urlWrong'), types: t('chosenMissing') }
  const form = useForm<z.input<typeof Body>, unknown, Body>({
    resolver: resolverOf(Body, (field) => words[field as keyof typeof words] ?? ''),
    defaultValues: {
      name: row?.name ?? '',
      url: row?.url ?? '',
      types: row ? row.types : null,
      ownNetwork: row?.ownNetwork ?? false,
    },
  })
  const save = useMutation({
    mutationFn: (body: Body) =>
      row
        ? call(webhookRoutes.change, { params: { id: row.destinationId }, body }).then(() => null)
        : call(webhookRoutes.add, { body }),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: webhooksQuery.queryKey, exact: true })
      toast(row ? t('saved') : t('addedIt'))
      onClose()
      if (made?.secret) onMade({ name: made.name, secret: made.secret })
    },
  })
  const { errors } = form.formState
  return (
    <FormDialog
      title={row ? t('editTitle', { name: row.name }) : t('addTitle')}
      size="md"
      submit={row ? common('save') : t('add')}
      busy={save.isPending}
      onSubmit={form.handleSubmit((it) => save.mutate(it))}
      onClose={onClose}
    >
      <Field label={t('name')} error={errors.name?.message}>
        <TextInput maxLength={100} {...form.register('name')} />
      </Field>
      <Field label={t('url')} hint={t('urlHint')} error={errors.url?.message}>
        <TextInput
          inputMode="url"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="https://"
          maxLength={2000}
          {...form.register('url', { setValueAs: (said: string) => said.trim() })}
        />
      </Field>
      <Checkbox label={t('ownNetwork')} hint={t('ownNetworkHint')} {...form.register('ownNetwork')} />
      <Controller
        control={form.control}
        name="types"
        render={({ field }) => (
          <EventPicker value={field.value} onChange={field.onChange} error={errors.types?.message} />
        )}
      />
      <FormError>{save.error && problemWords(save.error)}</FormError>
    </FormDialog>
  )
}
