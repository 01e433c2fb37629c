import { useMutation } from '@tanstack/react-query'
import { Controller, useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { workspaceRoutes } from '../../../staff/workspace-switch-contract.ts'
import { call } from '../../api.ts'
import { resolverOf } from '../../forms.ts'
import { useMe } from '../../me.ts'
import { meQuery, queries } from '../../queries.ts'
import { isTimeZone, timeZones } from '../../time-zones.ts'
import { Field } from '../../ui/Field.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { Suggest } from '../../ui/Suggest.tsx'
import { TextInput } from '../../ui/TextInput.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'

const Body = workspaceRoutes.make.body!
const Checked = Body.refine((it) => isTimeZone(it.timeZone), { path: ['timeZone'] })

export function NewWorkspaceDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('colleagues')
  const { workspace } = useMe()
  const wrong = {
    name: t('workspaces.nameMissing'),
    brand: t('workspaces.brandMissing'),
    timeZone: t('workspaces.zoneUnknown'),
  }
  const form = useForm({
    resolver: resolverOf(Checked, (field) => wrong[field as keyof typeof wrong]),
    defaultValues: { name: '', brand: '', timeZone: workspace.timeZone },
  })
  const make = useMutation({
    mutationFn: (body: z.output<typeof Body>) => call(workspaceRoutes.make, { body }),
    onSuccess: async (_made, { name }) => {
      await queries.invalidateQueries({ queryKey: meQuery.queryKey })
      toast(t('workspaces.made', { name }))
      onClose()
    },
  })
  const { errors } = form.formState
  return (
    <FormDialog
      title={t('workspaces.makeTitle')}
      lead={t('workspaces.makeLead')}
      submit={t('workspaces.make')}
      busy={make.isPending}
      onSubmit={form.handleSubmit((it) => make.mutate(it))}
      onClose={onClose}
    >
      <Field label={t('workspaces.name')} hint={t('workspaces.nameHint')} error={errors.name?.message}>
        <TextInput {...form.register('name')} />
      </Field>
      <Field label={t('workspaces.brand')} error={errors.brand?.message}>
        <TextInput {...form.register('brand')} />
      </Field>
      <Field label={t('workspaces.timeZone')} error={errors.timeZone?.message}>
        <Controller
          control={form.control}
          name="timeZone"
          render={({ field }) => <Suggest items={timeZones} value={field.value} onChange={field.onChange} />}
        />
      </Field>
      <FormError>{make.error && problemWords(make.error)}</FormError>
    </FormDialog>
  )
}
