import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Controller, useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { staffRoutes } from '../../staff/staff-contract.ts'
import { AskBeforeLeaving } from '../AskBeforeLeaving.tsx'
import { call } from '../api.ts'
import { resolverOf } from '../forms.ts'
import { useMe, useWhyNot } from '../me.ts'
import { meQuery, queries } from '../queries.ts'
import { isTimeZone, timeZones } from '../time-zones.ts'
import { Button } from '../ui/Button.tsx'
import { Field } from '../ui/Field.tsx'
import { FormError } from '../ui/FormError.tsx'
import { Part } from '../ui/Page.tsx'
import { Select } from '../ui/Select.tsx'
import { Suggest } from '../ui/Suggest.tsx'
import { TextInput } from '../ui/TextInput.tsx'
import { toast } from '../ui/toasts.ts'
import { problemWords } from '../words/problem.ts'

const Body = staffRoutes.changeWorkspace.body!
const Checked = Body.refine((it) => isTimeZone(it.timeZone), { path: ['timeZone'] })
const usual = [30, 60, 120, 240, 480, 960, 2400]
const workDay = 480

/** Fields to write in for who may change them; for others what stands in them. */
export function WorkspacePart() {
  const { t } = useTranslation('settings')
  const mayNot = useWhyNot('workspace.change')
  const { workspace } = useMe()
  const nameOf = useTargetWords()
  if (!mayNot) return <WorkspaceForm />
  return (
    <Part title={t('me.promise')} lead={mayNot}>
      <dl className="grid gap-4 desk:grid-cols-3">
        <Fact name={t('me.brand')}>{workspace.brand}</Fact>
        <Fact name={t('me.timeZone')}>{workspace.timeZone}</Fact>
        <Fact name={t('me.target')}>{nameOf(workspace.answerWithinMinutes)}</Fact>
      </dl>
    </Part>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="min-w-0">
    <dt className="text-sm text-faint">{name}</dt>
    <dd className="wrap-anywhere" dir="auto">
      {children}
    </dd>
  </div>
)

function useTargetWords(): (minutes: number) => string {
  const { t } = useTranslation('settings')
  return (minutes) => {
    if (minutes % workDay === 0) return t('me.targetDays', { count: minutes / workDay })
    if (minutes % 60 === 0) return t('me.targetHours', { count: minutes / 60 })
    return t('me.targetMinutes', { count: minutes })
  }
}

function WorkspaceForm() {
  const { t } = useTranslation('settings')
  const { t: common } = useTranslation()
  const { workspace } = useMe()
  const nameOf = useTargetWords()
  const form = useForm({
    resolver: resolverOf(Checked, (field) =>
      field === 'timeZone' ? t('me.zoneUnknown') : t(field === 'name' ? 'me.nameMissing' : 'me.brandMissing'),
    ),
    values: {
      name: workspace.name,
      brand: workspace.brand,
      timeZone: workspace.timeZone,
      answerWithinMinutes: workspace.answerWithinMinutes,
    },
  })
  const save = useMutation({
    mutationFn: (body: z.output<typeof Body>) => call(staffRoutes.changeWorkspace, { body }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: meQuery.queryKey })
      toast(common('saved'))
    },
  })
  const { errors, isDirty } = form.formState
  const targets = [...new Set([...usual, workspace.answerWithinMinutes])].sort((a, b) => a - b)
  return (
    <Part title={t('me.promise')}>
      <AskBeforeLeaving when={isDirty && !save.isPending} />
      <form noValidate className="flex flex-col gap-4" onSubmit={form.handleSubmit((it) => save.mutate(it))}>
        <div className="grid gap-4 desk:grid-cols-2">
          <Field label={t('me.name')} hint={t('me.nameHint')} error={errors.name?.message}>
            <TextInput dir="auto" maxLength={100} {...form.register('name')} />
          </Field>
          <Field label={t('me.brand')} error={errors.brand?.message}>
            <TextInput {...form.register('brand')} />
          </Field>
          <Field label={t('me.timeZone')} error={errors.timeZone?.message}>
            <Controller
              control={form.control}
              name="timeZone"
              render={({ field }) => (
                <Suggest items={timeZones} value={field.value} onChange={field.onChange} />
              )}
            />
          </Field>
        </div>
        <Field label={t('me.target')} hint={t('me.targetHint')}>
          <Select {...form.register('answerWithinMinutes', { valueAsNumber: true })}>
            {targets.map((it) => (
              <option key={it} value={it}>
                {nameOf(it)}
              </option>
            ))}
          </Select>
        </Field>
        <FormError>{save.error && problemWords(save.error)}</FormError>
        <Button
          type="submit"
          tone="primary"
          whyNot={isDirty ? null : t('me.unchanged')}
          busy={save.isPending}
          className="self-start"
        >
          {common('save')}
        </Button>
      </form>
    </Part>
  )
}
