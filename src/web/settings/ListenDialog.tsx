import { useMutation } from '@tanstack/react-query'
import { Controller, useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { sourceRoutes } from '../../listen/source-contract.ts'
import { call } from '../api.ts'
import { resolverOf } from '../forms.ts'
import { useMe } from '../me.ts'
import { queries } from '../queries.ts'
import { ChipsInput } from '../ui/ChipsInput.tsx'
import { Field } from '../ui/Field.tsx'
import { FormDialog } from '../ui/FormDialog.tsx'
import { FormError } from '../ui/FormError.tsx'
import { More } from '../ui/More.tsx'
import { TextInput } from '../ui/TextInput.tsx'
import { problemWords } from '../words/problem.ts'

type Props = { open: boolean; onOpenChange: (open: boolean) => void; onDone: () => void }

/** The public stream, and the words to hear in it. */
export function ListenDialog({ open, onOpenChange, onDone }: Props) {
  const { t } = useTranslation('settings')
  const me = useMe()
  const form = useForm({
    resolver: resolverOf(sourceRoutes.listenToBluesky.body!, (field) =>
      field === 'address' ? t('listen.addressWrong') : t('listen.wordsMissing'),
    ),
    values: { words: [me.workspace.brand] } as { words: string[]; address?: string },
  })
  const listen = useMutation({
    mutationFn: (body: { words: string[]; address?: string | undefined }) =>
      call(sourceRoutes.listenToBluesky, { body }),
    onSuccess: async () => {
      await queries.invalidateQueries()
      onOpenChange(false)
      onDone()
    },
  })
  const { errors } = form.formState
  return (
    <FormDialog
      open={open}
      title={t('listen.title')}
      lead={t('listen.lead')}
      submit={t('listen.submit')}
      busy={listen.isPending}
      onSubmit={form.handleSubmit((it) => listen.mutate(it))}
      onClose={() => onOpenChange(false)}
    >
      <Field label={t('listen.words')} hint={t('listen.wordsHint')} error={errors.words?.message}>
        <Controller
          control={form.control}
          name="words"
          render={({ field }) => (
            <ChipsInput name={t('listen.words')} value={field.value} onChange={field.onChange} max={50} />
          )}
        />
      </Field>
      <p className="text-soft">{t('listen.note')}</p>
      <More title={t('listen.other')} open={errors.address !== undefined}>
        <Field label={t('listen.address')} hint={t('listen.addressHint')} error={errors.address?.message}>
          <TextInput
            type="url"
            placeholder="wss://"
            {...form.register('address', {
              setValueAs: (said: string | undefined) => said?.trim() || undefined,
            })}
          />
        </Field>
      </More>
      <FormError>{listen.error && problemWords(listen.error)}</FormError>
    </FormDialog>
  )
}
