import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { apiKeyRoutes } from '../../../staff/api-key-contract.ts'
import { type Permission, permissions, whyNot } from '../../../staff/permissions.ts'
import { call } from '../../api.ts'
import { useMe } from '../../me.ts'
import { usePermissionWords } from '../../permission-words.ts'
import { queries } from '../../queries.ts'
import { Checkbox } from '../../ui/Checkbox.tsx'
import { Field } from '../../ui/Field.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { Select } from '../../ui/Select.tsx'
import { TextInput } from '../../ui/TextInput.tsx'
import { problemWords } from '../../words/problem.ts'
import { NewKey } from './NewKey.tsx'

type Values = { name: string; days: string; may: Permission[] }
const spans = ['7', '30', '90', '180', '365'] as const

/** Makes a key, then shows it: the only time that it is seen. */
export function MakeKeyDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('keys')
  const wordsOf = usePermissionWords()
  const { agent } = useMe()
  // A second press, or a press whose answer was lost, makes no second key.
  const [wish] = useState(() => crypto.randomUUID())
  const form = useForm<Values>({ defaultValues: { name: '', days: '90', may: ['cases.read'] } })
  const make = useMutation({
    mutationFn: ({ name, days, may }: Values) =>
      call(apiKeyRoutes.make, { body: { name, may, days: Number(days) }, wish }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['keys'] }),
  })
  if (make.data) return <NewKey made={make.data} onClose={onClose} />
  const { errors } = form.formState
  return (
    <FormDialog
      title={t('makeTitle')}
      lead={t('makeLead')}
      size="md"
      submit={t('makeSubmit')}
      busy={make.isPending}
      onSubmit={form.handleSubmit((it) => make.mutate(it))}
      onClose={onClose}
    >
      <Field label={t('name')} hint={t('nameHint')} error={errors.name && t('nameMissing')}>
        <TextInput maxLength={100} {...form.register('name', { validate: (said) => said.trim() !== '' })} />
      </Field>
      <Field label={t('days')}>
        <Select {...form.register('days')}>
          {spans.map((it) => (
            <option key={it} value={it}>
              {t('daysOf', { count: Number(it) })}
            </option>
          ))}
        </Select>
      </Field>
      <fieldset>
        <legend className="font-medium">{t('mayDo')}</legend>
        <p className="text-sm text-faint">{t('mayHint')}</p>
        <div className="mt-1 grid gap-x-4 desk:grid-cols-2">
          {permissions
            .filter((it) => !whyNot(agent, it))
            .map((it) => (
              <Checkbox
                key={it}
                value={it}
                label={wordsOf(it).name}
                {...form.register('may', { validate: (chosen) => chosen.length > 0 })}
              />
            ))}
        </div>
        <p aria-live="polite" className="text-sm text-bad empty:hidden">
          {errors.may && t('mayMissing')}
        </p>
      </fieldset>
      <FormError>{make.error && problemWords(make.error)}</FormError>
    </FormDialog>
  )
}
