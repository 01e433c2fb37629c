import { CalendarPlus, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addHolidays, type Holiday, readHolidays } from '../../../staff/hours.ts'
import { Badge } from '../../ui/Badge.tsx'
import { Button } from '../../ui/Button.tsx'
import { cx } from '../../ui/cx.ts'
import { Field } from '../../ui/Field.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { More } from '../../ui/More.tsx'
import { useRelative } from '../../ui/RelativeTime.tsx'
import { TextArea } from '../../ui/TextArea.tsx'
import { TextInput } from '../../ui/TextInput.tsx'
import { toast } from '../../ui/toasts.ts'

type Props = {
  holidays: Holiday[]
  /** In the zone of the hours. */
  today: string
  onChange: (holidays: Holiday[]) => void
  whyNot: string | null
}

/** The days that are not counted: what comes first, what is over behind one press. */
export function HolidaysEditor({ holidays, today, onChange, whyNot }: Props) {
  const { t } = useTranslation('teams')
  const coming = holidays.filter((it) => it.date >= today)
  const past = holidays.filter((it) => it.date < today)
  const remove = (date: string) => onChange(holidays.filter((it) => it.date !== date))
  const list = (days: Holiday[], nextDate?: string) => (
    <ul className="divide-y divide-line rounded-lg border border-line">
      {days.map((it) => (
        <Day
          key={it.date}
          it={it}
          today={today}
          isNext={it.date === nextDate}
          whyNot={whyNot}
          onRemove={() => remove(it.date)}
        />
      ))}
    </ul>
  )
  return (
    <>
      {holidays.length === 0 && <p className="text-soft">{t('hoursPage.noHolidays')}</p>}
      {coming.length > 0 && list(coming, coming[0]?.date)}
      {past.length > 0 && <More title={t('hoursPage.past', { count: past.length })}>{list(past)}</More>}
      {whyNot === null && (
        <>
          <AddOne onAdd={(it) => onChange(addHolidays(holidays, [it]))} />
          <More title={t('hoursPage.paste')}>
            <Paste onTake={(days) => onChange(addHolidays(holidays, days))} />
          </More>
        </>
      )}
    </>
  )
}

type DayProps = { it: Holiday; today: string; isNext: boolean; whyNot: string | null; onRemove: () => void }

function Day({ it, today, isNext, whyNot, onRemove }: DayProps) {
  const { t } = useTranslation('teams')
  const away = useRelative(`${it.date}T00:00:00`)
  const name = it.name || t('hoursPage.unnamed')
  return (
    <li className={cx('flex items-center gap-3 px-3 py-1.5', isNext && 'bg-accent-soft')}>
      <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3">
        <span className="w-32 shrink-0 tabular-nums">{dateWords(it.date)}</span>
        <span dir="auto" className="min-w-24 flex-1 wrap-anywhere">
          {name}
        </span>
        {isNext && (
          <Badge tone="accent">
            {it.date === today ? t('hoursPage.today') : t('hoursPage.next', { when: away })}
          </Badge>
        )}
      </span>
      <IconButton
        label={t('hoursPage.removeHoliday', { name, date: it.date })}
        whyNot={whyNot}
        icon={<X aria-hidden className="size-4" />}
        onClick={onRemove}
      />
    </li>
  )
}

// As the inbox writes its days.
const long = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})
export const dateWords = (date: string) => long.format(new Date(`${date}T00:00:00Z`))

function AddOne({ onAdd }: { onAdd: (it: Holiday) => void }) {
  const { t } = useTranslation('teams')
  const [date, setDate] = useState('')
  const [name, setName] = useState('')
  const add = () => {
    if (!date) return
    onAdd({ date, name: name.trim() })
    setDate('')
    setName('')
  }
  return (
    <div className="flex flex-wrap items-end gap-3">
      <Field label={t('hoursPage.date')}>
        <TextInput
          type="date"
          value={date}
          onChange={(event) => setDate(event.target.value)}
          className="!w-40"
        />
      </Field>
      <div className="min-w-40 flex-1">
        <Field label={t('hoursPage.holidayName')}>
          <TextInput
            value={name}
            maxLength={100}
            onChange={(event) => setName(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return
              event.preventDefault()
              add()
            }}
          />
        </Field>
      </div>
      <Button
        className="mb-0.5"
        icon={<CalendarPlus aria-hidden className="size-4" />}
        whyNot={date ? null : t('hoursPage.dateMissing')}
        onClick={add}
      >
        {t('hoursPage.addHoliday')}
      </Button>
    </div>
  )
}

/** Lines that are no date stay in the field, so that nothing is lost without a word. */
function Paste({ onTake }: { onTake: (days: Holiday[]) => void }) {
  const { t } = useTranslation('teams')
  const [text, setText] = useState('')
  const [unread, setUnread] = useState(0)
  const take = () => {
    const read = readHolidays(text)
    onTake(read.holidays)
    setText(read.unread.join('\n'))
    setUnread(read.unread.length)
    if (read.holidays.length > 0) toast(t('hoursPage.pasted', { count: read.holidays.length }))
  }
  return (
    <div className="flex flex-col items-start gap-2 self-stretch">
      <div className="w-full">
        <Field
          label={t('hoursPage.pasteLabel')}
          hint={t('hoursPage.pasteHint')}
          error={unread > 0 ? t('hoursPage.unread', { count: unread }) : null}
        >
          <TextArea rows={4} value={text} onChange={(event) => setText(event.target.value)} />
        </Field>
      </div>
      <Button onClick={take}>{t('hoursPage.pasteSubmit')}</Button>
    </div>
  )
}
