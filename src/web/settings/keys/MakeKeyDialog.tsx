import { useMutation } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { apiKeyRoutes } from '../../../staff/api-key-contract.ts'
import { type Permission, permissions, whyNot } from '../../../staff/permissions.ts'
import { call } from '../../api.ts'
import { useMe } from '../../me.ts'
import { usePermissionWords } from '../../permission-words.ts'
import { queries } from '../../queries.ts'
import { Button } from '../../ui/Button.tsx'
import { Checkbox } from '../../ui/Checkbox.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
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
  const { t: common } = useTranslation()
  const wordsOf = usePermissionWords()
  const formId = useId()
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
    <Dialog
      open
      onOpenChange={onClose}
      title={t('makeTitle')}
      description={t('makeLead')}
      size="md"
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="submit" form={formId} tone="primary" busy={make.isPending}>
            {t('makeSubmit')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={form.handleSubmit((it) => make.mutate(it))}
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
      </form>
    </Dialog>
  )
}
