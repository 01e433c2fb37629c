import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import type { CallResult } from '../../base/contract.ts'
import { resetRoutes } from '../../staff/reset-contract.ts'
import { call, isProblem } from '../api.ts'
import { resolverOf } from '../forms.ts'
import { resetToken } from '../link-token.ts'
import { resetWayQuery } from '../queries-people.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Field } from '../ui/Field.tsx'
import { FormError } from '../ui/FormError.tsx'
import { PasswordInput } from '../ui/PasswordInput.tsx'
import { TextInput } from '../ui/TextInput.tsx'
import { problemWords } from '../words/problem.ts'
import { DoorFrame } from './DoorFrame.tsx'
import { PasswordStrength } from './PasswordStrength.tsx'
import { keepTypedAddress, typedAddress } from './typed-address.ts'

/** A forgotten password: with the link it is set anew, without it the link is asked for. */
export function Reset() {
  return resetToken ? <Use token={resetToken} /> : <Ask />
}

const toSignIn = 'self-start text-accent-ink underline'

function Ask() {
  const { t } = useTranslation('colleagues')
  const { t: door } = useTranslation('door')
  const { data: way } = useQuery(resetWayQuery)
  const form = useForm({
    resolver: resolverOf(resetRoutes.ask.body!, () => door('errors.email')),
    defaultValues: { email: typedAddress() },
  })
  const ask = useMutation({ mutationFn: (body: { email: string }) => call(resetRoutes.ask, { body }) })
  const back = (
    <Link to="/sign-in" onClick={() => keepTypedAddress(form.getValues('email'))} className={toSignIn}>
      {t('reset.back')}
    </Link>
  )
  if (way?.byMail === false)
    return (
      <DoorFrame title={t('reset.askTitle')} lead={t('reset.noMail')}>
        {back}
      </DoorFrame>
    )
  return (
    <DoorFrame title={t('reset.askTitle')} lead={t('reset.askLead')}>
      <form noValidate className="flex flex-col gap-4" onSubmit={form.handleSubmit((it) => ask.mutate(it))}>
        <Field label={door('signIn.email')} error={form.formState.errors.email?.message}>
          <TextInput type="email" autoComplete="username" autoFocus {...form.register('email')} />
        </Field>
        <FormError>{ask.error && problemWords(ask.error)}</FormError>
        <div role="status" className="empty:hidden">
          {ask.isSuccess && <Banner className="rounded-md">{t('reset.asked')}</Banner>}
        </div>
        <Button type="submit" tone="primary" size="lg" busy={ask.isPending}>
          {t('reset.askSubmit')}
        </Button>
        {back}
      </form>
    </DoorFrame>
  )
}

function Use({ token }: { token: string }) {
  const { t } = useTranslation('colleagues')
  const form = useForm({
    resolver: resolverOf(resetRoutes.use.body!, () => t('join.passwordShort')),
    defaultValues: { token, password: '' },
  })
  const use = useMutation({
    mutationFn: (body: { token: string; password: string }) => call(resetRoutes.use, { body }),
  })
  const isOver = isProblem(use.error, 'link-used', 'bad-input')
  if (use.isSuccess || isOver)
    return (
      <DoorFrame
        title={t(isOver ? 'reset.overTitle' : 'reset.useTitle')}
        lead={isOver ? null : t('reset.used')}
      >
        {use.data && <WhatEnded {...use.data.ended} />}
        {/* A fresh page each: the link's secret stays in no memory. */}
        <a href={isOver ? '/reset' : '/sign-in'} className={toSignIn}>
          {t(isOver ? 'reset.again' : 'reset.back')}
        </a>
        {isOver && (
          <a href="/sign-in" className={toSignIn}>
            {t('reset.back')}
          </a>
        )}
      </DoorFrame>
    )
  return (
    <DoorFrame title={t('reset.useTitle')} lead={t('reset.useLead')}>
      <form noValidate className="flex flex-col gap-4" onSubmit={form.handleSubmit((it) => use.mutate(it))}>
        <Field
          label={t('join.password')}
          hint={
            <>
              {t('join.passwordHint')}
              <PasswordStrength password={form.watch('password')} names={[]} />
            </>
          }
          error={form.formState.errors.password?.message}
        >
          <PasswordInput autoFocus autoComplete="new-password" {...form.register('password')} />
        </Field>
        <FormError>{use.error && problemWords(use.error)}</FormError>
        <Button type="submit" tone="primary" size="lg" busy={use.isPending}>
          {t('reset.useSubmit')}
        </Button>
      </form>
    </DoorFrame>
  )
}

type Ended = CallResult<typeof resetRoutes.use>['ended']

/** A link proves the mailbox and nothing else: what opened the account beside the password is made anew. */
function WhatEnded({ passkeys, keys, codes }: Ended) {
  const { t } = useTranslation('colleagues')
  if (passkeys === 0 && keys === 0 && !codes) return null
  return (
    <div className="flex flex-col gap-2 text-pretty">
      {passkeys > 0 && <p>{t('reset.endedPasskeys')}</p>}
      {keys > 0 && <p>{t('reset.endedKeys')}</p>}
      {codes && <p>{t('reset.endedCodes')}</p>}
    </div>
  )
}
