import { useMutation } from '@tanstack/react-query'
import { Controller, useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { whyNot as whyNotMay } from '../../staff/permissions.ts'
import { staffRoutes } from '../../staff/staff-contract.ts'
import { call } from '../api.ts'
import { resolverOf } from '../forms.ts'
import { useMe } from '../me.ts'
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

export function WorkspacePart() {
  const { t } = useTranslation('settings')
  const { t: common } = useTranslation()
  const { agent, workspace } = useMe()
  const form = useForm({
    resolver: resolverOf(Checked, (field) =>
      field === 'timeZone' ? t('me.zoneUnknown') : t('me.brandMissing'),
    ),
    values: {
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
  const nameOf = (minutes: number) => {
    if (minutes % workDay === 0) return t('me.targetDays', { count: minutes / workDay })
    if (minutes % 60 === 0) return t('me.targetHours', { count: minutes / 60 })
    return t('me.targetMinutes', { count: minutes })
  }
  const whyNot = whyNotMay(agent, 'workspace.change') ? t('adminOnly') : isDirty ? null : t('me.unchanged')
  return (
    <Part title={t('me.workspace')}>
      <form noValidate className="flex flex-col gap-4" onSubmit={form.handleSubmit((it) => save.mutate(it))}>
        <div className="grid gap-4 desk:grid-cols-2">
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
        <Button type="submit" tone="primary" whyNot={whyNot} busy={save.isPending} className="self-start">
          {common('save')}
        </Button>
      </form>
    </Part>
  )
}
