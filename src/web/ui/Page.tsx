import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import { useTitle } from './use-title.ts'

type Props = {
  title: string
  lead?: ReactNode
  action?: ReactNode
  /** For tables. */
  wide?: boolean
  children: ReactNode
}

/** A screen of one column: its name, one sentence about it, what one mostly does here, and the rest. */
export function Page({ title, lead, action, wide = false, children }: Props) {
  useTitle(title)
  return (
    <div className="relative h-full overflow-y-auto">
      <div
        className={cx(
          'mx-auto flex w-full flex-col gap-5 px-4 py-6 desk:px-8 desk:py-8',
          wide ? 'max-w-6xl' : 'max-w-3xl',
        )}
      >
        <header className="flex flex-wrap items-start justify-between gap-3">
          <div className="min-w-0 flex-1 basis-64">
            <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
            {lead && <p className="mt-0.5 text-pretty text-soft">{lead}</p>}
          </div>
          {action}
        </header>
        {children}
      </div>
    </div>
  )
}

/** Things of one kind, one under the other, in one frame. */
export const Rows = ({ children, label }: { children: ReactNode; label: string }) => (
  <ul aria-label={label} className="divide-y divide-line overflow-hidden rounded-lg border border-line">
    {children}
  </ul>
)

/** A named part of a page. */
export const Part = ({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) => (
  <section aria-label={title} className="rounded-lg border border-line p-4 desk:p-5">
    <h2 className="text-lg font-semibold">{title}</h2>
    {lead && <p className="text-soft">{lead}</p>}
    <div className="mt-4 flex flex-col gap-4">{children}</div>
  </section>
)
