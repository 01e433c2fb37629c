import { Tabs as Base } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

export type TabItem = { value: string; label: string; count?: number | undefined }
type Props = {
  label: string
  value: string
  onChange: (value: string) => void
  tabs: TabItem[]
  children?: ReactNode
  className?: string
}

/** The panel is given as children and belongs to the chosen tab. */
export function Tabs({ label, value, onChange, tabs, children, className }: Props) {
  return (
    <Base.Root
      value={value}
      onValueChange={(next) => onChange(String(next))}
      className={cx('flex min-h-0 flex-col', className)}
    >
      <Base.List
        aria-label={label}
        className="relative flex shrink-0 gap-1 overflow-x-auto border-b border-line px-2"
        activateOnFocus={false}
      >
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className="touch relative flex h-9 shrink-0 items-center gap-1.5 rounded-md px-2.5 font-medium text-soft -outline-offset-2 hover:text-ink data-active:text-ink data-active:after:absolute data-active:after:inset-x-2 data-active:after:bottom-0 data-active:after:h-0.5 data-active:after:rounded data-active:after:bg-accent-ink"
          >
            {tab.label}
            {tab.count !== undefined && (
              <span className="font-normal text-faint tabular-nums">
                {tab.count > 999 ? '999+' : tab.count}
              </span>
            )}
          </Base.Tab>
        ))}
      </Base.List>
      <Base.Panel value={value} tabIndex={-1} className="min-h-0 flex-1 outline-none">
        {children}
      </Base.Panel>
    </Base.Root>
  )
}
