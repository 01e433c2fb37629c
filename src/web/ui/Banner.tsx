import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

const looks = {
  info: { icon: Info, look: 'border-accent-line bg-accent-soft text-ink', sign: 'text-accent-ink' },
  warn: { icon: TriangleAlert, look: 'border-warn-line bg-warn-soft text-ink', sign: 'text-warn' },
  bad: { icon: CircleAlert, look: 'border-bad-line bg-bad-soft text-ink', sign: 'text-bad' },
}
type Props = { tone?: keyof typeof looks; children: ReactNode; action?: ReactNode; className?: string }

/** Something to know while working; the words carry it, the colour only helps to find it. */
export function Banner({ tone = 'info', children, action, className }: Props) {
  const { icon: Icon, look, sign } = looks[tone]
  return (
    <div className={cx('flex items-center gap-2.5 border px-4 py-1.5', look, className)}>
      <Icon aria-hidden className={cx('size-4 shrink-0', sign)} />
      <div className="min-w-0 flex-1 text-pretty">{children}</div>
      {action}
    </div>
  )
}
