import type { ReactNode } from 'react'

type Props = {
  icon: ReactNode
  title: string
  heading?: 'h1' | 'h2'
  children?: ReactNode
  action?: ReactNode
}

/** Nothing here: says why, and teaches the next step. */
export const EmptyState = ({ icon, title, heading: Heading = 'h2', children, action }: Props) => (
  <div className="mx-auto flex max-w-sm flex-col items-center gap-2 px-6 py-12 text-center">
    <div
      aria-hidden
      className="mb-1 flex size-11 items-center justify-center rounded-full bg-sunken text-faint [&_svg]:size-5"
    >
      {icon}
    </div>
    <Heading className="text-lg font-semibold text-balance">{title}</Heading>
    {children && <p className="text-pretty text-soft">{children}</p>}
    {action && <div className="mt-2 flex flex-wrap justify-center gap-2">{action}</div>}
  </div>
)
