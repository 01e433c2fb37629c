import { useMutation } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { staffRoutes } from '../../staff/staff-contract.ts'
import { call } from '../api.ts'
import { resolverOf } from '../forms.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Field } from '../ui/Field.tsx'
import { FormError } from '../ui/FormError.tsx'
import { PasswordInput } from '../ui/PasswordInput.tsx'
import { TextInput } from '../ui/TextInput.tsx'
import { problemWords } from '../words/problem.ts'
import { DoorFrame } from './DoorFrame.tsx'
import { goIn } from './go-in.ts'

export function SignIn({ notice }: { notice: string | null }) {
  const { t } = useTranslation('door')
  const { back } = useSearch({ strict: false })
  const form = useForm({
    resolver: resolverOf(staffRoutes.signIn.body!, (field) =>
      field === 'email' ? t('errors.email') : t('errors.passwordMissing'),
    ),
    defaultValues: { email: '', password: '' },
  })
  const signIn = useMutation({
    mutationFn: (body: { email: string; password: string }) => call(staffRoutes.signIn, { body }),
    onSuccess: () => goIn(back),
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
        <Field label={t('signIn.email')} error={errors.email?.message}>
          <TextInput type="email" autoComplete="username" autoFocus {...form.register('email')} />
        </Field>
        <Field label={t('signIn.password')} error={errors.password?.message}>
          <PasswordInput autoComplete="current-password" {...form.register('password')} />
        </Field>
        <FormError>{signIn.error && problemWords(signIn.error)}</FormError>
        <Button type="submit" tone="primary" size="lg" busy={signIn.isPending}>
          {t('signIn.submit')}
        </Button>
      </form>
    </DoorFrame>
  )
}
