import { useMutation } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { ownAccountRoutes } from '../../../staff/own-account-contract.ts'
import { call } from '../../api.ts'
import { resolverOf } from '../../forms.ts'
import { useMe } from '../../me.ts'
import { meQuery, queries } from '../../queries.ts'
import { accountQuery, type OwnAccount } from '../../queries-account.ts'
import { Button } from '../../ui/Button.tsx'
import { Field } from '../../ui/Field.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { Part } from '../../ui/Page.tsx'
import { TextInput } from '../../ui/TextInput.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'
import { useRoleName } from '../people/role-name.ts'

export function YouPart({ account }: { account: OwnAccount }) {
  const { t } = useTranslation('account')
  const { t: common } = useTranslation()
  const { agent } = useMe()
  const roleNameOf = useRoleName()
  const form = useForm({
    resolver: resolverOf(ownAccountRoutes.changeName.body!, () => t('you.nameMissing')),
    values: { name: account.name },
  })
  const save = useMutation({
    mutationFn: (body: { name: string }) => call(ownAccountRoutes.changeName, { body }),
    onSuccess: async () => {
      await Promise.all(
        [meQuery, accountQuery].map(({ queryKey }) => queries.invalidateQueries({ queryKey, exact: true })),
      )
      toast(common('saved'))
    },
  })
  const { errors, isDirty } = form.formState
  return (
    <Part title={t('you.title')}>
      <form noValidate className="flex flex-col gap-4" onSubmit={form.handleSubmit((it) => save.mutate(it))}>
        <div className="grid gap-4 desk:grid-cols-2">
          <Field label={t('you.name')} hint={t('you.nameHint')} error={errors.name?.message}>
            <TextInput dir="auto" autoComplete="name" maxLength={100} {...form.register('name')} />
          </Field>
          <div className="min-w-0">
            <p className="font-medium">{t('you.email')}</p>
            <p className="mt-2 text-soft wrap-anywhere">{account.email}</p>
            <p className="mt-3 font-medium">{t('you.role')}</p>
            <p className="mt-1 text-soft wrap-anywhere">{roleNameOf(agent)}</p>
          </div>
        </div>
        <FormError>{save.error && problemWords(save.error)}</FormError>
        <Button
          type="submit"
          tone="primary"
          whyNot={isDirty ? null : t('you.unchanged')}
          busy={save.isPending}
          className="self-start"
        >
          {common('save')}
        </Button>
      </form>
    </Part>
  )
}
