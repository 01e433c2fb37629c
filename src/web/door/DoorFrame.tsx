import type { ReactNode } from 'react'
import { cx } from '../ui/cx.ts'
import { Layer } from '../ui/Layer.tsx'
import { useTitle } from '../ui/use-title.ts'

type Props = { title: string; lead?: ReactNode; wide?: boolean; children?: ReactNode }

/** The frame of everything before signing in. */
export function DoorFrame({ title, lead, wide = false, children }: Props) {
  useTitle(title)
  return (
    <main className="relative flex h-full flex-col items-center overflow-y-auto px-4 py-8">
      <div
        className={cx(
          'w-full shrink-0 rounded-xl border border-line bg-surface p-6 shadow-raised desk:my-auto desk:p-8',
          wide ? 'max-w-2xl' : 'max-w-sm',
        )}
      >
        <img src="/mark.svg" alt="Evenhand" className="mb-5 size-9" />
        <h1 className="text-2xl font-semibold tracking-tight text-balance">{title}</h1>
        {lead && <p className="mt-1 text-pretty text-soft">{lead}</p>}
        {children && (
          <div className="mt-6">
            <Layer>{children}</Layer>
          </div>
        )}
      </div>
    </main>
  )
}
