import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import type { CallResult } from '../../base/contract.ts'
import { invitationRoutes } from '../../staff/invitation-contract.ts'
import { staffRoutes } from '../../staff/staff-contract.ts'
import { call, isProblem } from '../api.ts'
import { resolverOf } from '../forms.ts'
import { joinToken } from '../link-token.ts'
import { queries } from '../queries.ts'
import { invitationQuery } from '../queries-people.ts'
import { useRoleName } from '../settings/people/role-name.ts'
import { Button } from '../ui/Button.tsx'
import { Field } from '../ui/Field.tsx'
import { FormError } from '../ui/FormError.tsx'
import { PasswordInput } from '../ui/PasswordInput.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { TextInput } from '../ui/TextInput.tsx'
import { problemWords } from '../words/problem.ts'
import { DoorFrame } from './DoorFrame.tsx'
import { PasswordStrength } from './PasswordStrength.tsx'

type Invited = CallResult<typeof invitationRoutes.look>
type Given = { token: string; invited: Invited }

/** A fresh page: whatever was read before is of another workspace, or of nobody. */
const goHome = () => window.location.assign('/')

/** The link of an invitation. */
export function Join() {
  const { t } = useTranslation('colleagues')
  if (!joinToken)
    return (
      <DoorFrame title={t('join.noTokenTitle')} lead={t('join.noToken')}>
        <ToSignIn />
      </DoorFrame>
    )
  return <Opened token={joinToken} />
}

function Opened({ token }: { token: string }) {
  const { t } = useTranslation('colleagues')
  const { data: invited, error } = useQuery(invitationQuery(token))
  const nameOf = useRoleName()
  if (error) {
    const isVoid = isProblem(error, 'invitation-void', 'bad-input')
    const words = isProblem(error, 'bad-input') ? t('join.noToken') : problemWords(error)
    return (
      <DoorFrame title={isVoid ? t('join.voidTitle') : t('join.looking')} lead={words}>
        <ToSignIn />
      </DoorFrame>
    )
  }
  if (!invited)
    return (
      <DoorFrame title={t('join.looking')}>
        <p role="status" className="flex animate-late items-center gap-2 text-soft">
          <Spinner /> {t('join.looking')}
        </p>
      </DoorFrame>
    )
  const lead = t('join.lead', { role: nameOf(invited), email: invited.email })
  return (
    <DoorFrame
      title={t('join.title', { workspace: invited.workspace })}
      lead={<span className="wrap-anywhere">{lead}</span>}
    >
      {invited.signedInAs ? (
        <AsWhoIsHere token={token} invited={invited} />
      ) : (
        <AsSomebodyNew token={token} invited={invited} />
      )}
    </DoorFrame>
  )
}

/** Who joined with it already comes in as everybody does; a fresh page, so that the secret stays in no memory. */
function ToSignIn() {
  const { t } = useTranslation('colleagues')
  return (
    <a href="/sign-in" className="self-start text-accent-ink underline">
      {t('reset.back')}
    </a>
  )
}

function AsSomebodyNew({ token, invited }: Given) {
  const { t } = useTranslation('colleagues')
  const form = useForm({
    resolver: resolverOf(invitationRoutes.join.body!, (field) =>
      field === 'name' ? t('join.nameMissing') : t('join.passwordShort'),
    ),
    defaultValues: { token, name: '', password: '' },
  })
  const join = useMutation({
    mutationFn: (body: { token: string; name: string; password: string }) =>
      call(invitationRoutes.join, { body }),
    onSuccess: goHome,
  })
  const { errors } = form.formState
  const [name, password] = form.watch(['name', 'password'])
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={form.handleSubmit((body) => join.mutate(body))}
    >
      {/* For password managers: which account this password is of. */}
      <input type="email" autoComplete="username" value={invited.email} readOnly hidden />
      <Field label={t('join.name')} hint={t('join.nameHint')} error={errors.name?.message}>
        <TextInput autoFocus autoComplete="name" {...form.register('name')} />
      </Field>
      <Field
        label={t('join.password')}
        hint={
          <>
            {t('join.passwordHint')}
            <PasswordStrength password={password} names={[name, invited.email, invited.workspace]} />
          </>
        }
        error={errors.password?.message}
      >
        <PasswordInput autoComplete="new-password" {...form.register('password')} />
      </Field>
      <FormError>{join.error && problemWords(join.error)}</FormError>
      <Button type="submit" tone="primary" size="lg" busy={join.isPending}>
        {t('join.submit')}
      </Button>
      <Link to="/sign-in" search={{ back: '/join' }} className="self-start text-accent-ink underline">
        {isProblem(join.error, 'address-has-account') ? t('join.signInFirst') : t('join.haveAccount')}
      </Link>
    </form>
  )
}

function AsWhoIsHere({ token, invited }: Given) {
  const { t } = useTranslation('colleagues')
  const { name, email } = invited.signedInAs!
  const isThem = email.toLowerCase() === invited.email
  const accept = useMutation({
    mutationFn: () => call(invitationRoutes.accept, { body: { token } }),
    onSuccess: goHome,
  })
  const signOut = useMutation({
    mutationFn: () => call(staffRoutes.signOut, {}),
    onSuccess: () => queries.resetQueries({ queryKey: invitationQuery(token).queryKey }),
  })
  const error = accept.error ?? signOut.error
  return (
    <div className="flex flex-col gap-4">
      <p className="text-pretty wrap-anywhere">
        {isThem
          ? t('join.asYou', { name, email })
          : t('join.another', { name, email, invited: invited.email })}
      </p>
      <FormError>{error && problemWords(error)}</FormError>
      {isThem ? (
        <Button tone="primary" size="lg" busy={accept.isPending} onClick={() => accept.mutate()}>
          <span className="truncate">{t('join.accept', { name })}</span>
        </Button>
      ) : (
        <Button size="lg" busy={signOut.isPending} onClick={() => signOut.mutate()}>
          {t('join.signOut')}
        </Button>
      )}
    </div>
  )
}
