import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { absenceRoutes } from '../../staff/absence-contract.ts'
import { call } from '../api.ts'
import { useMe } from '../me.ts'
import { queries } from '../queries.ts'
import { ownTimeZone } from '../time-zones.ts'
import { Button } from '../ui/Button.tsx'
import { Field } from '../ui/Field.tsx'
import { FormDialog } from '../ui/FormDialog.tsx'
import { FormError } from '../ui/FormError.tsx'
import { Select } from '../ui/Select.tsx'
import { TextInput } from '../ui/TextInput.tsx'
import { toast } from '../ui/toasts.ts'
import { isElsewhere, useWhereabouts, useWhereWords } from '../whereabouts.ts'
import { problemWords } from '../words/problem.ts'
import { spanOf, spans } from './spans.ts'
import { undoAbsence } from './undo-absence.ts'

type Props = { agentId: string; name: string; onClose: () => void }

/** From when until when somebody is out of office, and who has their work meanwhile. */
export function AbsenceDialog({ agentId, name, onClose }: Props) {
  const { t } = useTranslation('teams')
  const { agent, colleagues } = useMe()
  const [wish, setWish] = useState(() => ({ ...spanOf('today', new Date()), note: '', deputyId: '' }))
  const [tried, setTried] = useState(false)
  const isMe = agentId === agent.agentId
  const [startsAt, endsAt] = [new Date(wish.from), new Date(wish.until)]
  const waiting = useWhereabouts({ live: false }).get(agentId)?.waitingCases ?? 0
  const isNow = startsAt <= new Date()
  const isWrong = !(endsAt > startsAt && endsAt > new Date())
  const save = useMutation({
    mutationFn: () =>
      call(absenceRoutes.note, {
        body: {
          agentId,
          startsAt: startsAt.toISOString(),
          endsAt: endsAt.toISOString(),
          note: wish.note,
          deputyId: wish.deputyId || null,
        },
      }),
    onSuccess: async ({ absenceId }) => {
      await Promise.all(['absences', 'presence'].map((key) => queries.invalidateQueries({ queryKey: [key] })))
      const goesBack = isNow && waiting > 0
      const undo = () =>
        void undoAbsence({ absenceId, agentId }).then(
          async (missed) => {
            await queries.invalidateQueries()
            toast(missed ? t('absence.undoneBut', { count: missed }) : t('absence.undone'))
          },
          (error) => toast(problemWords(error), { tone: 'bad' }),
        )
      // Taking a colleague's cases back for them would be handing them over.
      toast(
        goesBack ? t('absence.wentBack', { count: waiting }) : t('absence.saved'),
        isNow && isMe ? { undo } : {},
      )
      onClose()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!isWrong && !save.isPending) save.mutate()
  }
  const set = (change: Partial<typeof wish>) => setWish({ ...wish, ...change })
  return (
    <FormDialog
      title={isMe ? t('absence.title') : t('absence.titleOf', { name })}
      lead={t(isMe ? 'absence.lead' : 'absence.leadOf')}
      submit={t('absence.submit')}
      busy={save.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <div className="flex flex-wrap gap-2">
        {spans.map((span) => (
          <Button key={span} size="sm" onClick={() => set(spanOf(span, new Date()))}>
            {t(`absence.spans.${span}`)}
          </Button>
        ))}
      </div>
      <div className="grid gap-4">
        <Field label={t('absence.from')}>
          <TextInput
            type="datetime-local"
            value={wish.from}
            onChange={(event) => set({ from: event.target.value })}
          />
        </Field>
        <Field label={t('absence.until')} error={tried && isWrong ? t('absence.wrong') : null}>
          <TextInput
            type="datetime-local"
            value={wish.until}
            onChange={(event) => set({ until: event.target.value })}
          />
        </Field>
      </div>
      <Field label={t('absence.note')} hint={t('absence.noteHint')} optional>
        <TextInput
          maxLength={200}
          value={wish.note}
          onChange={(event) => set({ note: event.target.value })}
        />
      </Field>
      <Field label={t('absence.deputy')} hint={t('absence.deputyHint')}>
        <Select value={wish.deputyId} onChange={(event) => set({ deputyId: event.target.value })}>
          <option value="">{t('absence.nobody')}</option>
          {colleagues
            .filter((it) => it.agentId !== agentId && !it.suspendedAt && it.answers)
            .map((it) => (
              <DeputyOption key={it.agentId} {...it} from={wish.from} />
            ))}
        </Select>
      </Field>
      <div role="status" className="flex flex-col gap-1 text-sm text-pretty text-soft">
        <p>{t('absence.zone', { zone: ownTimeZone })}</p>
        {isNow && <p>{t(wish.deputyId ? 'absence.toDeputyNow' : 'absence.backNow', { count: waiting })}</p>}
        <p>{t('absence.approvals')}</p>
      </div>
      <FormError>{save.error && problemWords(save.error)}</FormError>
    </FormDialog>
  )
}

/** Who is out of office themselves when it begins could take nothing over. */
function DeputyOption({ agentId, name, from }: { agentId: string; name: string; from: string }) {
  const row = useWhereabouts().get(agentId)
  const whereWords = useWhereWords()
  const isOut = Boolean(row?.outUntil && new Date(row.outUntil) > new Date(from))
  return (
    <option value={agentId} disabled={isOut}>
      {row && isElsewhere(row) ? `${name}, ${whereWords(row)}` : name}
    </option>
  )
}
