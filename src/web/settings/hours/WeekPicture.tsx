import { useTranslation } from 'react-i18next'
import { type Block, timeOf } from '../../../staff/hours.ts'

const days = [1, 2, 3, 4, 5, 6, 7]
const marks = [0, 6, 12, 18, 24]

/** The blocks of a week as one sees them: a line a day, midnight to midnight. Told in words to those who listen. */
export function WeekPicture({ blocks }: { blocks: readonly Block[] }) {
  const { t } = useTranslation('teams')
  const names = t('hoursPage.shortDays', { returnObjects: true })
  const long = t('hoursPage.days', { returnObjects: true })
  const ofDay = (day: number) => blocks.filter((it) => it.day === day)
  const told = days
    .map((day) => {
      const times = ofDay(day).map((it) => `${timeOf(it.from)}–${timeOf(it.to)}`)
      return `${long[day - 1]} ${times.join(', ') || t('hoursPage.never')}`
    })
    .join('; ')
  return (
    <div
      role="img"
      aria-label={`${t('hoursPage.weekLabel')}: ${told}`}
      className="grid grid-cols-[2.5rem_1fr] gap-y-1"
    >
      {days.map((day) => (
        <Day key={day} name={names[day - 1] ?? ''} blocks={ofDay(day)} />
      ))}
      <span />
      <span className="flex justify-between text-xs text-faint tabular-nums">
        {marks.map((hour) => (
          <span key={hour}>{hour}</span>
        ))}
      </span>
    </div>
  )
}

const Day = ({ name, blocks }: { name: string; blocks: Block[] }) => (
  <>
    <span className="text-sm leading-5 text-soft">{name}</span>
    <svg
      aria-hidden
      viewBox="0 0 1440 20"
      preserveAspectRatio="none"
      className="h-5 w-full overflow-hidden rounded-sm bg-sunken"
    >
      {blocks.map((it) => (
        <rect key={it.from} x={it.from} y="0" width={it.to - it.from} height="20" className="fill-accent" />
      ))}
      {[360, 720, 1_080].map((x) => (
        <line
          key={x}
          x1={x}
          x2={x}
          y1="0"
          y2="20"
          vectorEffect="non-scaling-stroke"
          className="stroke-line-strong"
          strokeWidth="1"
        />
      ))}
    </svg>
  </>
)
