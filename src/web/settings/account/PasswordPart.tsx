import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { ownAccountRoutes } from '../../../staff/own-account-contract.ts'
import { call, isProblem } from '../../api.ts'
import { PasswordStrength } from '../../door/PasswordStrength.tsx'
import { resolverOf } from '../../forms.ts'
import { queries } from '../../queries.ts'
import { type OwnAccount, sessionsQuery } from '../../queries-account.ts'
import { Button } from '../../ui/Button.tsx'
import { Checkbox } from '../../ui/Checkbox.tsx'
import { Field } from '../../ui/Field.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { Part } from '../../ui/Page.tsx'
import { PasswordInput } from '../../ui/PasswordInput.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'
import { useConfirmed } from './confirm-first.tsx'
import { FirstPassword } from './FirstPassword.tsx'

export function PasswordPart({ account }: { account: OwnAccount }) {
  const { t } = useTranslation('account')
  const [isOpen, setOpen] = useState(false)
  const confirmed = useConfirmed()
  if (!account.hasPassword)
    return (
      <Part title={t('password.title')} lead={t('password.noneYet')}>
        {isOpen ? (
          <FirstPassword
            account={account}
            confirmed={confirmed}
            onDone={() => setOpen(false)}
            onCancel={() => setOpen(false)}
          />
        ) : (
          <Button className="self-start" onClick={() => setOpen(true)}>
            {t('password.set')}
          </Button>
        )}
      </Part>
    )
  return (
    <Part title={t('password.title')} lead={t('password.lead')}>
      {isOpen ? (
        <ChangePassword account={account} onClose={() => setOpen(false)} />
      ) : (
        <Button className="self-start" onClick={() => setOpen(true)}>
          {t('password.change')}
        </Button>
      )}
    </Part>
  )
}

const Body = ownAccountRoutes.changePassword.body!
type Body = z.output<typeof Body>

function ChangePassword({ account, onClose }: { account: OwnAccount; onClose: () => void }) {
  const { t } = useTranslation('account')
  const { t: common } = useTranslation()
  const form = useForm<z.input<typeof Body>, unknown, Body>({
    resolver: resolverOf(Body, (field) =>
      field === 'current' ? t('password.currentMissing') : t('password.nextHint'),
    ),
    defaultValues: { current: '', next: '', endKeys: true },
  })
  const change = useMutation({
    mutationFn: (body: Body) => call(ownAccountRoutes.changePassword, { body }),
    onSuccess: ({ keysEnded }) => {
      void queries.invalidateQueries({ queryKey: sessionsQuery.queryKey })
      void queries.invalidateQueries({ queryKey: ['keys'] })
      toast(keysEnded > 0 ? t('password.doneWithKeys', { count: keysEnded }) : t('password.done'))
      onClose()
    },
    onError: (error) =>
      isProblem(error, 'wrong-password') && form.setFocus('current', { shouldSelect: true }),
  })
  const { errors } = form.formState
  const isWrong = isProblem(change.error, 'wrong-password')
  const next = form.watch('next')
  return (
    <form
      noValidate
      className="flex max-w-md flex-col gap-4"
      onSubmit={form.handleSubmit((it) => change.mutate(it))}
    >
      {/* For password managers, which keep a password under an address. */}
      <input type="text" readOnly hidden autoComplete="username" value={account.email} />
      <Field
        label={t('password.current')}
        error={errors.current?.message ?? (isWrong ? problemWords(change.error) : null)}
      >
        <PasswordInput autoFocus autoComplete="current-password" {...form.register('current')} />
      </Field>
      <Field
        label={t('password.next')}
        hint={
          <>
            {t('password.nextHint')}
            <PasswordStrength password={next} names={[account.name, account.email]} />
          </>
        }
        error={errors.next?.message}
      >
        <PasswordInput autoComplete="new-password" {...form.register('next')} />
      </Field>
      <Checkbox
        label={t('password.endKeys')}
        hint={t('password.endKeysHint')}
        {...form.register('endKeys')}
      />
      <FormError>{change.error && !isWrong && problemWords(change.error)}</FormError>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" tone="primary" busy={change.isPending}>
          {t('password.change')}
        </Button>
        <Button onClick={onClose}>{common('cancel')}</Button>
      </div>
    </form>
  )
}
