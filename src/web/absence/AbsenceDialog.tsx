import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { absenceRoutes } from '../../staff/absence-contract.ts'
import { call } from '../api.ts'
import { useMe } from '../me.ts'
import { queries } from '../queries.ts'
import { Field } from '../ui/Field.tsx'
import { FormDialog } from '../ui/FormDialog.tsx'
import { FormError } from '../ui/FormError.tsx'
import { Select } from '../ui/Select.tsx'
import { TextInput } from '../ui/TextInput.tsx'
import { toast } from '../ui/toasts.ts'
import { isElsewhere, useWhereabouts, useWhereWords } from '../whereabouts.ts'
import { problemWords } from '../words/problem.ts'

type Props = { agentId: string; name: string; onClose: () => void }

/** From when until when somebody is out of office, and who has their work meanwhile. */
export function AbsenceDialog({ agentId, name, onClose }: Props) {
  const { t } = useTranslation('teams')
  const { agent, colleagues } = useMe()
  const [wish, setWish] = useState(() => ({ ...fromNow(), note: '', deputyId: '' }))
  const [tried, setTried] = useState(false)
  const isMe = agentId === agent.agentId
  const [startsAt, endsAt] = [new Date(wish.from), new Date(wish.until)]
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
    onSuccess: async () => {
      await Promise.all(['absences', 'presence'].map((key) => queries.invalidateQueries({ queryKey: [key] })))
      toast(t('absence.saved'))
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

/** In this browser's time, which is the person's own: from now to tomorrow morning at nine. */
function fromNow(): { from: string; until: string } {
  const now = new Date()
  const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 9)
  return { from: wallOf(now), until: wallOf(tomorrow) }
}

function wallOf(at: Date): string {
  const two = (n: number) => String(n).padStart(2, '0')
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`
}
