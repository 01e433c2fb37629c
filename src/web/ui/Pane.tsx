import type { ReactNode } from 'react'
import { cx } from './cx.ts'

/** A column that fills its height: a header that stays, and a body that scrolls. */
export const Pane = ({
  children,
  label,
  className,
}: {
  children: ReactNode
  label?: string
  className?: string
}) => (
  <section aria-label={label} className={cx('flex min-h-0 min-w-0 flex-col bg-surface', className)}>
    {children}
  </section>
)
