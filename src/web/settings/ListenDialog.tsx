import { useMutation } from '@tanstack/react-query'
import { useId } from 'react'
import { Controller, useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { sourceRoutes } from '../../listen/source-contract.ts'
import { call } from '../api.ts'
import { resolverOf } from '../forms.ts'
import { useMe } from '../me.ts'
import { queries } from '../queries.ts'
import { Button } from '../ui/Button.tsx'
import { ChipsInput } from '../ui/ChipsInput.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Field } from '../ui/Field.tsx'
import { FormError } from '../ui/FormError.tsx'
import { More } from '../ui/More.tsx'
import { TextInput } from '../ui/TextInput.tsx'
import { problemWords } from '../words/problem.ts'

type Props = { open: boolean; onOpenChange: (open: boolean) => void; onDone: () => void }

/** The public stream, and the words to hear in it. */
export function ListenDialog({ open, onOpenChange, onDone }: Props) {
  const { t } = useTranslation('settings')
  const { t: common } = useTranslation()
  const formId = useId()
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
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('listen.title')}
      description={t('listen.lead')}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{common('cancel')}</Button>
          <Button type="submit" form={formId} tone="primary" busy={listen.isPending}>
            {t('listen.submit')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={form.handleSubmit((it) => listen.mutate(it))}
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
      </form>
    </Dialog>
  )
}
