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

export const PaneHeader = ({ children, className }: { children: ReactNode; className?: string }) => (
  <header className={cx('flex min-h-12 shrink-0 items-center gap-2 border-b border-line px-4', className)}>
    {children}
  </header>
)

type BodyProps = {
  children: ReactNode
  className?: string /** Names the place when it scrolls without anything in it to focus. */
  label?: string
}

export const PaneBody = ({ children, className, label }: BodyProps) => (
  <div
    {...(label && { tabIndex: 0, role: 'region', 'aria-label': label })}
    className={cx('min-h-0 flex-1 overflow-y-auto overscroll-contain -outline-offset-2', className)}
  >
    {children}
  </div>
)
