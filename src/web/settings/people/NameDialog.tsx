import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { colleagueAccountRoutes } from '../../../staff/colleague-account-contract.ts'
import type { ColleagueRow } from '../../../staff/colleague-contract.ts'
import { call } from '../../api.ts'
import { meQuery, queries } from '../../queries.ts'
import { agentsQuery } from '../../queries-people.ts'
import { Field } from '../../ui/Field.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { TextInput } from '../../ui/TextInput.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'

/** What everybody here calls them. */
export function NameDialog({ colleague, onClose }: { colleague: ColleagueRow; onClose: () => void }) {
  const { t } = useTranslation('colleagues')
  const { t: common } = useTranslation()
  const [name, setName] = useState(colleague.name)
  const save = useMutation({
    mutationFn: () =>
      call(colleagueAccountRoutes.correctName, { params: { id: colleague.agentId }, body: { name } }),
    onSuccess: async () => {
      await Promise.all(
        [agentsQuery, meQuery].map(({ queryKey }) => queries.invalidateQueries({ queryKey: [...queryKey] })),
      )
      toast(common('saved'))
      onClose()
    },
  })
  return (
    <FormDialog
      title={t('help.name.title', { name: colleague.name })}
      lead={t('help.name.text')}
      submit={common('save')}
      busy={save.isPending}
      whyNot={name.trim() ? null : t('help.name.missing')}
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim() && !save.isPending) save.mutate()
      }}
      onClose={onClose}
    >
      <Field label={t('help.name.label')}>
        <TextInput
          dir="auto"
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <FormError>{save.error && problemWords(save.error)}</FormError>
    </FormDialog>
  )
}
