import { useMutation } from '@tanstack/react-query'
import { Controller, useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { staffRoutes } from '../../staff/staff-contract.ts'
import { call } from '../api.ts'
import { resolverOf } from '../forms.ts'
import { isTimeZone, ownTimeZone, timeZones } from '../time-zones.ts'
import { Button } from '../ui/Button.tsx'
import { Field } from '../ui/Field.tsx'
import { FormError } from '../ui/FormError.tsx'
import { PasswordInput } from '../ui/PasswordInput.tsx'
import { Suggest } from '../ui/Suggest.tsx'
import { TextInput } from '../ui/TextInput.tsx'
import { problemWords } from '../words/problem.ts'
import { DoorFrame } from './DoorFrame.tsx'
import { goIn } from './go-in.ts'
import { PasswordStrength } from './PasswordStrength.tsx'

const Body = staffRoutes.setUp.body!
type Body = z.output<typeof Body>
const Checked = Body.refine((it) => isTimeZone(it.timeZone), { path: ['timeZone'] })
const fields = ['brand', 'timeZone', 'name', 'email', 'password'] as const

/** The first visit: names the brand and makes the first admin. */
export function Setup({ token }: { token: string }) {
  const { t } = useTranslation('door')
  const form = useForm({
    resolver: resolverOf(Checked, (field) => t(`errors.${fields.find((it) => it === field) ?? 'brand'}`)),
    defaultValues: { token, brand: '', timeZone: ownTimeZone, name: '', email: '', password: '' },
  })
  const setUp = useMutation({
    mutationFn: (body: Body) => call(staffRoutes.setUp, { body }),
    onSuccess: () => goIn(),
  })
  const { errors } = form.formState
  const [password, name, email, brand] = form.watch(['password', 'name', 'email', 'brand'])
  return (
    <DoorFrame title={t('setup.title')} lead={t('setup.lead')} wide>
      <form noValidate className="flex flex-col gap-6" onSubmit={form.handleSubmit((it) => setUp.mutate(it))}>
        <fieldset className="grid gap-4 desk:grid-cols-2">
          <legend className="mb-3 text-lg font-semibold">{t('setup.brandPart')}</legend>
          <Field label={t('setup.brand')} hint={t('setup.brandHint')} error={errors.brand?.message}>
            <TextInput autoFocus autoComplete="organization" {...form.register('brand')} />
          </Field>
          <Field label={t('setup.timeZone')} hint={t('setup.timeZoneHint')} error={errors.timeZone?.message}>
            <Controller
              control={form.control}
              name="timeZone"
              render={({ field }) => (
                <Suggest items={timeZones} value={field.value} onChange={field.onChange} />
              )}
            />
          </Field>
        </fieldset>
        <fieldset className="grid gap-4 desk:grid-cols-2">
          <legend className="mb-3 text-lg font-semibold">{t('setup.youPart')}</legend>
          <Field label={t('setup.name')} hint={t('setup.nameHint')} error={errors.name?.message}>
            <TextInput autoComplete="name" {...form.register('name')} />
          </Field>
          <Field label={t('setup.email')} error={errors.email?.message}>
            <TextInput type="email" autoComplete="username" {...form.register('email')} />
          </Field>
          <div className="desk:col-span-2">
            <Field
              label={t('setup.password')}
              hint={
                <>
                  {t('setup.passwordHint')}
                  <PasswordStrength password={password} names={[name, email, brand]} />
                </>
              }
              error={errors.password?.message}
            >
              <PasswordInput autoComplete="new-password" {...form.register('password')} />
            </Field>
          </div>
        </fieldset>
        <FormError>{setUp.error && problemWords(setUp.error)}</FormError>
        <Button type="submit" tone="primary" size="lg" busy={setUp.isPending} className="desk:self-start">
          {t('setup.submit')}
        </Button>
      </form>
    </DoorFrame>
  )
}
