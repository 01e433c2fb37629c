import { useMutation } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { staffRoutes } from '../../staff/staff-contract.ts'
import { call } from '../api.ts'
import { resolverOf } from '../forms.ts'
import { isNotForHere, knowsPasskeys } from '../passkeys.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Field } from '../ui/Field.tsx'
import { FormError } from '../ui/FormError.tsx'
import { PasswordInput } from '../ui/PasswordInput.tsx'
import { TextInput } from '../ui/TextInput.tsx'
import { problemWords } from '../words/problem.ts'
import { i18n } from '../words/words.ts'
import { CodeStep } from './CodeStep.tsx'
import { DoorFrame } from './DoorFrame.tsx'
import { goIn } from './go-in.ts'
import { SingleSignOn } from './SingleSignOn.tsx'
import { keepTypedAddress, typedAddress } from './typed-address.ts'
import { usePasskeySignIn } from './use-passkey-sign-in.ts'

export function SignIn({ notice }: { notice: string | null }) {
  const { back } = useSearch({ strict: false })
  const [isHalf, setHalf] = useState(false)
  if (isHalf) return <CodeStep back={back} onStartAgain={() => setHalf(false)} />
  return <PasswordStep notice={notice} back={back} onHalf={() => setHalf(true)} />
}

type Props = { notice: string | null; back: string | undefined; onHalf: () => void }

function PasswordStep({ notice, back, onHalf }: Props) {
  const { t } = useTranslation('door')
  const { problem } = useSearch({ strict: false })
  const form = useForm({
    resolver: resolverOf(staffRoutes.signIn.body!, (field) =>
      field === 'email' ? t('errors.email') : t('errors.passwordMissing'),
    ),
    defaultValues: { email: typedAddress(), password: '' },
  })
  const signIn = useMutation({
    mutationFn: (body: { email: string; password: string }) => call(staffRoutes.signIn, { body }),
    onSuccess: ({ next }) => (next === 'code' ? onHalf() : goIn(back)),
    onError: () => form.setFocus('password', { shouldSelect: true }),
  })
  const { errors } = form.formState
  return (
    <DoorFrame title={t('signIn.title')}>
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={form.handleSubmit((it) => signIn.mutate(it))}
      >
        {notice && <Banner className="rounded-md">{notice}</Banner>}
        {problem && <Banner className="rounded-md">{i18n.t(problem, { ns: 'problems' })}</Banner>}
        <Field label={t('signIn.email')} error={errors.email?.message}>
          <TextInput type="email" autoComplete="username webauthn" autoFocus {...form.register('email')} />
        </Field>
        <Field label={t('signIn.password')} error={errors.password?.message}>
          <PasswordInput autoComplete="current-password" {...form.register('password')} />
        </Field>
        <FormError>{signIn.error && problemWords(signIn.error)}</FormError>
        <Button type="submit" tone="primary" size="lg" busy={signIn.isPending}>
          {t('signIn.submit')}
        </Button>
        <Link
          to="/reset"
          onClick={() => keepTypedAddress(form.getValues('email'))}
          className="self-start text-accent-ink underline"
        >
          {t('signIn.forgot')}
        </Link>
        {knowsPasskeys() && <PasskeyWay back={back} />}
        <SingleSignOn />
      </form>
    </DoorFrame>
  )
}

function PasskeyWay({ back }: { back: string | undefined }) {
  const { t } = useTranslation('account')
  const passkey = usePasskeySignIn(() => void goIn(back))
  const trouble = isNotForHere(passkey.error)
    ? t('door.passkeyNotHere')
    : passkey.data === false
      ? t('door.turnedAway')
      : passkey.error && problemWords(passkey.error)
  return (
    <>
      <div aria-hidden className="flex items-center gap-3 text-sm text-faint">
        <span className="h-px flex-1 bg-line" />
        {t('door.or')}
        <span className="h-px flex-1 bg-line" />
      </div>
      <Button
        size="lg"
        icon={<KeyRound aria-hidden className="size-4" />}
        busy={passkey.isPending}
        onClick={() => passkey.mutate()}
      >
        {t('door.passkey')}
      </Button>
      <FormError>{trouble}</FormError>
    </>
  )
}
