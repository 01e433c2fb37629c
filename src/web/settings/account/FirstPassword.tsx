import { useMutation } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { firstPasswordRoutes } from '../../../staff/first-password-contract.ts'
import { call } from '../../api.ts'
import { PasswordStrength } from '../../door/PasswordStrength.tsx'
import { resolverOf } from '../../forms.ts'
import { queries } from '../../queries.ts'
import { accountQuery, type OwnAccount } from '../../queries-account.ts'
import { Button } from '../../ui/Button.tsx'
import { Field } from '../../ui/Field.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { PasswordInput } from '../../ui/PasswordInput.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'

type Props = {
  account: Pick<OwnAccount, 'name' | 'email'>
  submit?: string
  /** Asks who it is first, where that can be said. */
  confirmed?: <T>(act: () => Promise<T>) => Promise<T>
  onDone: () => void
  onCancel: () => void
}

/** A password where there is none: no old one is asked for. */
export function FirstPassword({ account, submit, confirmed = (act) => act(), onDone, onCancel }: Props) {
  const { t } = useTranslation('account')
  const { t: common } = useTranslation()
  const form = useForm({
    resolver: resolverOf(firstPasswordRoutes.set.body!, () => t('password.nextHint')),
    defaultValues: { password: '' },
  })
  const set = useMutation({
    mutationFn: (body: { password: string }) => confirmed(() => call(firstPasswordRoutes.set, { body })),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: accountQuery.queryKey })
      toast(t('password.wasSet'))
      onDone()
    },
  })
  return (
    <form
      noValidate
      className="flex max-w-md flex-col gap-4"
      onSubmit={form.handleSubmit((it) => set.mutate(it))}
    >
      {/* For password managers, which keep a password under an address. */}
      <input type="text" readOnly hidden autoComplete="username" value={account.email} />
      <Field
        label={t('password.next')}
        hint={
          <>
            {t('password.nextHint')}
            <PasswordStrength password={form.watch('password')} names={[account.name, account.email]} />
          </>
        }
        error={form.formState.errors.password?.message}
      >
        <PasswordInput autoFocus autoComplete="new-password" {...form.register('password')} />
      </Field>
      <FormError>{set.error && problemWords(set.error)}</FormError>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" tone="primary" busy={set.isPending}>
          {submit ?? t('password.set')}
        </Button>
        <Button onClick={onCancel}>{common('cancel')}</Button>
      </div>
    </form>
  )
}
