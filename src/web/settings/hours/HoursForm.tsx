import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Hours } from '../../../staff/hours.ts'
import { hoursRoutes } from '../../../staff/hours-contract.ts'
import { AskBeforeLeaving } from '../../AskBeforeLeaving.tsx'
import { call } from '../../api.ts'
import { useWhyNot } from '../../me.ts'
import { queries } from '../../queries.ts'
import { isTimeZone, timeZones } from '../../time-zones.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Field } from '../../ui/Field.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { useNow } from '../../ui/now.ts'
import { Part } from '../../ui/Page.tsx'
import { Suggest } from '../../ui/Suggest.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'
import { BlocksEditor } from './BlocksEditor.tsx'
import { DuePreview } from './DuePreview.tsx'
import { HolidaysEditor } from './HolidaysEditor.tsx'
import { blocksOf, draftOf, type HoursDraft, sameHours } from './hours-draft.ts'
import { dateIn } from './preview.ts'
import { WeekPicture } from './WeekPicture.tsx'

type Props = {
  teamId: string | null
  hours: Hours
  withinMinutes: number
  /** Whether something is written here that is not saved. */
  onChanged: (isChanged: boolean) => void
}

/** Hours to write in; the picture and the preview follow each key, saving is one press. */
export function HoursForm({ teamId, hours, withinMinutes, onChanged }: Props) {
  const { t } = useTranslation('teams')
  const { t: common } = useTranslation()
  const mayNotHouse = useWhyNot('workspace.change')
  const mayNotTeam = useWhyNot('teams.change', { teamId })
  const mayNot = teamId ? mayNotTeam : mayNotHouse
  // Null until something is changed, so that a colleague's change shows while nothing of ours is written.
  const [draft, setDraft] = useState<HoursDraft | null>(null)
  const now = useNow(60_000)
  const kept = useMemo(() => draftOf(hours), [hours])
  const shown = draft ?? kept
  const { blocks, problem } = useMemo(() => blocksOf(shown.rows), [shown.rows])
  const isZone = isTimeZone(shown.timeZone)
  const meant = useMemo<Hours>(
    () => ({ timeZone: isZone ? shown.timeZone : hours.timeZone, blocks, holidays: shown.holidays }),
    [isZone, shown.timeZone, shown.holidays, blocks, hours.timeZone],
  )
  const change = (more: Partial<HoursDraft>) => setDraft({ ...shown, ...more })
  const save = useMutation({
    mutationFn: () =>
      teamId
        ? call(hoursRoutes.changeOfTeam, { params: { id: teamId }, body: meant })
        : call(hoursRoutes.change, { body: meant }),
    onSuccess: async () => {
      await Promise.all(['hours', 'me'].map((key) => queries.invalidateQueries({ queryKey: [key] })))
      setDraft(null)
      toast(t('hoursPage.saved'))
    },
  })
  const unchanged = !problem && isZone && sameHours(meant, hours)
  const isChanged = draft !== null && !unchanged
  useEffect(() => onChanged(isChanged), [isChanged, onChanged])
  const whyNot =
    mayNot ?? (problem || !isZone ? t('hoursPage.mend') : unchanged ? t('hoursPage.unchanged') : null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!whyNot && !save.isPending) save.mutate()
  }
  const ofTarget = withinMinutes % 60 === 0 ? 'hoursPage.targetHours' : 'hoursPage.targetMinutes'
  const target = t(ofTarget, { count: withinMinutes % 60 === 0 ? withinMinutes / 60 : withinMinutes })
  return (
    <form noValidate className="flex flex-col gap-5" onSubmit={submit}>
      <AskBeforeLeaving when={isChanged && !save.isPending} />
      <Part title={t('hoursPage.week')}>
        {blocks.length === 0 && (
          <Banner tone="warn" className="rounded-md">
            {t('hoursPage.none')}
          </Banner>
        )}
        <WeekPicture blocks={blocks} />
        <BlocksEditor
          rows={shown.rows}
          problem={problem}
          whyNot={mayNot}
          onChange={(rows) => change({ rows })}
        />
        <Field label={t('hoursPage.zone')} error={isZone ? null : t('hoursPage.zoneUnknown')}>
          <Suggest
            items={timeZones}
            value={shown.timeZone}
            readOnly={mayNot !== null}
            className="desk:max-w-xs"
            onChange={(timeZone) => change({ timeZone })}
          />
        </Field>
      </Part>
      <Part title={t('hoursPage.holidays')} lead={t('hoursPage.holidaysLead')}>
        <HolidaysEditor
          holidays={shown.holidays}
          today={dateIn(new Date(now), meant.timeZone)}
          whyNot={mayNot}
          onChange={(holidays) => change({ holidays })}
        />
      </Part>
      <Part title={t('hoursPage.preview')} lead={t('hoursPage.previewLead', { target })}>
        <DuePreview hours={meant} withinMinutes={withinMinutes} />
      </Part>
      <FormError>{save.error && problemWords(save.error)}</FormError>
      <div className="sticky bottom-0 -mx-4 flex flex-wrap items-center gap-3 border-t border-line bg-surface px-4 py-3 desk:-mx-8 desk:px-8">
        <Button type="submit" tone="primary" whyNot={whyNot} busy={save.isPending}>
          {common('save')}
        </Button>
        {isChanged && <Button onClick={() => setDraft(null)}>{common('cancel')}</Button>}
        <p className="min-w-48 flex-1 text-sm text-pretty text-faint">{t('hoursPage.stays')}</p>
      </div>
    </form>
  )
}
