import { Copy, Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../ui/IconButton.tsx'
import { TextInput } from '../../ui/TextInput.tsx'
import { toast } from '../../ui/toasts.ts'
import { copyDay, type Row, type RowsProblem, withBlock } from './hours-draft.ts'

type Props = {
  rows: Row[]
  onChange: (rows: Row[]) => void
  problem: RowsProblem | null
  whyNot: string | null
}
const days = [1, 2, 3, 4, 5, 6, 7]

/** The blocks of each day, as times to type. What is wrong is said under its day. */
export function BlocksEditor({ rows, onChange, problem, whyNot }: Props) {
  const { t } = useTranslation('teams')
  const names = t('hoursPage.days', { returnObjects: true })
  const set = (key: number, change: Partial<Row>) =>
    onChange(rows.map((it) => (it.key === key ? { ...it, ...change } : it)))
  return (
    <ul className="divide-y divide-line">
      {days.map((day) => {
        const name = names[day - 1] ?? ''
        const mine = rows.filter((it) => it.day === day)
        return (
          <li
            key={day}
            className="grid grid-cols-[1fr_auto] items-center gap-x-2 py-2 desk:grid-cols-[7rem_1fr_auto] desk:items-start"
          >
            <span className="flex items-center font-medium desk:h-9">{name}</span>
            <div className="col-span-2 row-start-2 flex min-w-0 flex-wrap items-center gap-x-4 gap-y-2 desk:col-span-1 desk:col-start-2 desk:row-start-1">
              {mine.length === 0 && <span className="text-faint desk:leading-9">{t('hoursPage.never')}</span>}
              {mine.map((row, at) => (
                <BlockRow
                  key={row.key}
                  row={row}
                  n={at + 1}
                  name={name}
                  whyNot={whyNot}
                  isWrong={problem?.day === day}
                  onChange={(change) => set(row.key, change)}
                  onRemove={() => onChange(rows.filter((it) => it.key !== row.key))}
                />
              ))}
              {problem?.day === day && (
                <p role="alert" className="w-full text-sm text-bad">
                  {t(`hoursPage.wrong.${problem.why}`)}
                </p>
              )}
            </div>
            <span className="flex items-center desk:h-9">
              <IconButton
                label={t('hoursPage.addBlock', { day: name })}
                whyNot={whyNot}
                icon={<Plus aria-hidden className="size-4" />}
                onClick={() => onChange(withBlock(rows, day))}
              />
              <IconButton
                label={t('hoursPage.copy', { day: name })}
                whyNot={whyNot}
                icon={<Copy aria-hidden className="size-4" />}
                className={mine.length === 0 ? 'invisible' : ''}
                onClick={() => {
                  onChange(copyDay(rows, day))
                  toast(t('hoursPage.copied', { day: name }))
                }}
              />
            </span>
          </li>
        )
      })}
    </ul>
  )
}

type RowProps = {
  row: Row
  n: number
  name: string
  whyNot: string | null
  isWrong: boolean
  onChange: (change: Partial<Row>) => void
  onRemove: () => void
}

function BlockRow({ row, n, name, whyNot, isWrong, onChange, onRemove }: RowProps) {
  const { t } = useTranslation('teams')
  const time = (which: 'from' | 'to') => (
    <TextInput
      value={row[which]}
      aria-label={t(`hoursPage.${which}`, { day: name, n })}
      aria-invalid={isWrong || undefined}
      inputMode="numeric"
      autoComplete="off"
      maxLength={5}
      readOnly={whyNot !== null}
      className="!w-18 text-center tabular-nums"
      onChange={(event) => onChange({ [which]: event.target.value })}
      onBlur={(event) => onChange({ [which]: tidy(event.target.value) })}
    />
  )
  return (
    <span className="flex items-center gap-1.5">
      {time('from')}
      <span className="text-sm text-faint">{t('hoursPage.until')}</span>
      {time('to')}
      <IconButton
        label={t('hoursPage.removeBlock', { day: name, n })}
        whyNot={whyNot}
        icon={<X aria-hidden className="size-4" />}
        onClick={onRemove}
      />
    </span>
  )
}

/** `9` and `930` mean what people mean by them. */
function tidy(typed: string): string {
  const [, hours, minutes = '00'] = /^(\d{1,2})[:.h]?(\d{2})?$/.exec(typed.trim()) ?? []
  return hours ? `${hours.padStart(2, '0')}:${minutes}` : typed
}
