import type { ReactNode } from 'react'
import { cx } from './cx.ts'

export type Tone = 'neutral' | 'accent' | 'good' | 'warn' | 'bad'
const tones = {
  neutral: 'border-line-strong bg-sunken text-soft',
  accent: 'border-accent-line bg-accent-soft text-accent-ink',
  good: 'border-good-line bg-good-soft text-good',
  warn: 'border-warn-line bg-warn-soft text-warn',
  bad: 'border-bad-line bg-bad-soft text-bad',
}

/** A word about the state of something; its colour only repeats what the word says. */
export const Badge = ({
  tone = 'neutral',
  icon,
  children,
}: {
  tone?: Tone
  icon?: ReactNode
  children: ReactNode
}) => (
  <span
    className={cx(
      'inline-flex h-5 max-w-full shrink-0 items-center gap-1 rounded border px-1.5 text-xs font-medium whitespace-nowrap [&_svg]:size-3 [&_svg]:shrink-0',
      tones[tone],
    )}
  >
    {icon}
    <span className="truncate">{children}</span>
  </span>
)
