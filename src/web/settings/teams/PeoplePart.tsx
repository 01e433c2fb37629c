import { useMutation, useQuery } from '@tanstack/react-query'
import { CalendarOff } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type AbsenceRow, absenceRoutes } from '../../../staff/absence-contract.ts'
import { isFull } from '../../../staff/capacity.ts'
import { AbsenceDialog } from '../../absence/AbsenceDialog.tsx'
import { call } from '../../api.ts'
import { type Me, useMe, useWhyNot } from '../../me.ts'
import { queries } from '../../queries.ts'
import { absencesQuery } from '../../queries-teams.ts'
import { Badge } from '../../ui/Badge.tsx'
import { Button } from '../../ui/Button.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { Part } from '../../ui/Page.tsx'
import { TextInput } from '../../ui/TextInput.tsx'
import { toast } from '../../ui/toasts.ts'
import { WhereSign } from '../../WhereSign.tsx'
import { dayTime, useLoadWords, useWhereabouts, useWhereWords } from '../../whereabouts.ts'
import { problemWords } from '../../words/problem.ts'

type Colleague = Me['colleagues'][number]

/** Everybody who works here: where they are, how much they have, and how much they take. */
export function PeoplePart() {
  const { t } = useTranslation('teams')
  const { colleagues } = useMe()
  const { data: absences } = useQuery(absencesQuery)
  const [leaving, setLeaving] = useState<Colleague | null>(null)
  return (
    <Part title={t('load.title')} lead={t('load.lead')}>
      <ul className="divide-y divide-line">
        {colleagues
          .filter((it) => !it.suspendedAt)
          .map((it) => (
            <PersonLine
              key={it.agentId}
              it={it}
              absences={absences?.filter((one) => one.agentId === it.agentId) ?? []}
              onLeave={() => setLeaving(it)}
            />
          ))}
      </ul>
      {leaving && (
        <AbsenceDialog agentId={leaving.agentId} name={leaving.name} onClose={() => setLeaving(null)} />
      )}
    </Part>
  )
}

type LineProps = { it: Colleague; absences: AbsenceRow[]; onLeave: () => void }

function PersonLine({ it, absences, onLeave }: LineProps) {
  const { t } = useTranslation('teams')
  const { agent } = useMe()
  const row = useWhereabouts().get(it.agentId)
  const whereWords = useWhereWords()
  const loadWords = useLoadWords()
  const mayNotSpeak = useWhyNot('absences.others')
  const mayNotSet = useWhyNot('teams.change')
  const isMe = it.agentId === agent.agentId
  const ahead = absences.filter((one) => new Date(one.endsAt) > new Date())
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2">
      <div className="min-w-40 flex-1">
        <p className="font-medium wrap-anywhere" dir="auto">
          {it.name}
        </p>
        {row && (
          <p className="flex gap-x-1.5 text-sm text-soft">
            <span className="mt-0.75">
              <WhereSign where={row.where} />
            </span>
            <span className="min-w-0 wrap-anywhere">
              {whereWords(row)}
              {row.note && <span className="text-faint"> · {row.note}</span>}
            </span>
          </p>
        )}
        {ahead.map((one) => (
          <Ahead key={one.absenceId} it={one} mayEnd={isMe || mayNotSpeak === null} />
        ))}
      </div>
      <div className="flex w-full items-center justify-between gap-3 desk:w-auto">
        {row && (
          <span className="flex items-center gap-1.5 text-sm text-soft tabular-nums">
            {loadWords(row)}
            {isFull(row) && <Badge tone="warn">{t('load.full')}</Badge>}
          </span>
        )}
        {row && <Capacity it={it} capacity={row.capacity} whyNot={mayNotSet} />}
        <IconButton
          label={t('load.absence', { name: it.name })}
          whyNot={isMe ? null : mayNotSpeak}
          icon={<CalendarOff aria-hidden className="size-4" />}
          onClick={onLeave}
        />
      </div>
    </li>
  )
}

function Ahead({ it, mayEnd }: { it: AbsenceRow; mayEnd: boolean }) {
  const { t } = useTranslation('teams')
  const hasBegun = new Date(it.startsAt) <= new Date()
  const end = useMutation({
    mutationFn: () => call(absenceRoutes.end, { params: { id: it.absenceId } }),
    onSuccess: () => toast(t(hasBegun ? 'absence.ended' : 'load.calledOff')),
    onError: (error) => toast(problemWords(error), { tone: 'bad' }),
    onSettled: () =>
      Promise.all(['absences', 'presence'].map((key) => queries.invalidateQueries({ queryKey: [key] }))),
  })
  const from = dayTime.format(new Date(it.startsAt))
  const until = dayTime.format(new Date(it.endsAt))
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-sm text-faint">
      {!hasBegun && t('load.upcoming', { from, until })}
      {mayEnd && (
        <Button size="sm" tone="quiet" busy={end.isPending} onClick={() => end.mutate()}>
          {t(hasBegun ? 'load.endNow' : 'load.callOff')}
        </Button>
      )}
    </p>
  )
}

type CapacityProps = { it: Colleague; capacity: number | null; whyNot: string | null }

/** Saved when the field is left, or by Enter. */
function Capacity({ it, capacity, whyNot }: CapacityProps) {
  const { t } = useTranslation('teams')
  const kept = capacity === null ? '' : String(capacity)
  const [typed, setTyped] = useState(kept)
  useEffect(() => setTyped(kept), [kept])
  const save = useMutation({
    mutationFn: (next: number | null) =>
      call(absenceRoutes.setCapacity, { params: { id: it.agentId }, body: { capacity: next } }),
    onSuccess: () => toast(t('load.saved', { name: it.name })),
    onError: (error) => {
      setTyped(kept)
      toast(problemWords(error), { tone: 'bad' })
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['presence'] }),
  })
  const settle = () => {
    if (typed.trim() === kept) return
    const next = typed.trim() === '' ? null : Number(typed)
    if (next !== null && (!Number.isInteger(next) || next < 1 || next > 1_000)) {
      setTyped(kept)
      toast(t('load.wrong'), { tone: 'bad' })
    } else save.mutate(next)
  }
  return (
    <span className="flex items-center gap-1.5 text-sm text-faint">
      {t('load.capacityShort')}
      <TextInput
        inputMode="numeric"
        aria-label={t('load.capacity', { name: it.name })}
        value={typed}
        readOnly={whyNot !== null}
        title={whyNot ?? undefined}
        maxLength={4}
        className="!w-16 text-center tabular-nums"
        onChange={(event) => setTyped(event.target.value)}
        onBlur={settle}
        onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
      />
    </span>
  )
}
