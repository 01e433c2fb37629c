import { useMutation } from '@tanstack/react-query'
import { Controller, useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import type { WatchTerms } from '../../match/watch.ts'
import { type WatchRow, watchRoutes } from '../../match/watch-contract.ts'
import { call } from '../api.ts'
import { queries, watchesQuery } from '../queries.ts'
import { ChipsInput } from '../ui/ChipsInput.tsx'
import { Field } from '../ui/Field.tsx'
import { FormDialog } from '../ui/FormDialog.tsx'
import { FormError } from '../ui/FormError.tsx'
import { TextInput } from '../ui/TextInput.tsx'
import { toast } from '../ui/toasts.ts'
import { problemWords } from '../words/problem.ts'

type Props = { watch: WatchRow | null; onClose: () => void }
type Values = { name: string; terms: WatchTerms }
const blank: WatchTerms = { words: [], handles: [], hashtags: [], domains: [], exclusions: [] }

const bare = (word: string) => word.replace(/^[@#]+/, '')
const domain = (word: string) =>
  word
    .replace(/^https?:\/\//i, '')
    .replace(/\/.*$/, '')
    .toLowerCase()
const kinds = [
  { name: 'words', hint: 'wordsHint', tidy: undefined, example: 'acme' },
  { name: 'handles', hint: 'handlesHint', tidy: bare, example: 'acme.example' },
  { name: 'hashtags', hint: undefined, tidy: bare, example: 'acmefail' },
  { name: 'domains', hint: 'domainsHint', tidy: domain, example: 'acme.example' },
  { name: 'exclusions', hint: 'exclusionsHint', tidy: undefined, example: '' },
] as const

/** Adds or changes a watch. */
export function WatchDialog({ watch, onClose }: Props) {
  const { t } = useTranslation('settings')
  const { t: common } = useTranslation()
  const form = useForm<Values>({
    defaultValues: { name: watch?.name ?? '', terms: { ...blank, ...watch?.terms } },
  })
  const save = useMutation({
    mutationFn: (body: Values) =>
      watch
        ? call(watchRoutes.change, { params: { id: watch.watchId }, body })
        : call(watchRoutes.add, { body }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: watchesQuery.queryKey })
      toast(watch ? t('watches.saved') : t('watches.added'))
      onClose()
    },
  })
  const { errors } = form.formState
  const hears = (terms: WatchTerms) =>
    [terms.words, terms.handles, terms.hashtags, terms.domains].some((it) => it.length > 0)
  return (
    <FormDialog
      title={watch ? t('watches.editTitle', { name: watch.name }) : t('watches.addTitle')}
      size="md"
      submit={common('save')}
      busy={save.isPending}
      onSubmit={form.handleSubmit((it) => save.mutate(it))}
      onClose={onClose}
    >
      <Field label={t('watches.name')} error={errors.name && t('watches.nameMissing')}>
        <TextInput maxLength={100} {...form.register('name', { validate: (said) => said.trim() !== '' })} />
      </Field>
      {kinds.map((kind) => (
        <Controller
          key={kind.name}
          control={form.control}
          name={`terms.${kind.name}`}
          rules={
            kind.name === 'words'
              ? { validate: (_said, all) => hears(all.terms) || t('watches.atLeastOne') }
              : {}
          }
          render={({ field, fieldState }) => (
            <Field
              label={t(`watches.${kind.name}`)}
              optional={kind.name !== 'words'}
              hint={kind.hint && t(`watches.${kind.hint}`)}
              error={fieldState.error?.message}
            >
              <ChipsInput
                name={t(`watches.${kind.name}`)}
                value={field.value}
                onChange={field.onChange}
                placeholder={kind.example}
                {...(kind.tidy && { tidy: kind.tidy })}
              />
            </Field>
          )}
        />
      ))}
      <FormError>{save.error && problemWords(save.error)}</FormError>
    </FormDialog>
  )
}
