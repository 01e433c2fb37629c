import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'

/** What few people need, behind one press; opened by itself when something in it needs attention. */
export const More = ({ title, open, children }: { title: string; open?: boolean; children: ReactNode }) => (
  <details open={open || undefined} className="group">
    <summary className="touch inline-flex list-none items-center gap-1 rounded-md font-medium text-soft hover:text-ink">
      <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
      {title}
    </summary>
    <div className="flex flex-col gap-4 pt-3">{children}</div>
  </details>
)
