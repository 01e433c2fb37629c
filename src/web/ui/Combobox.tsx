import { Combobox as Base } from '@base-ui/react/combobox'
import { Check, ChevronDown } from 'lucide-react'
import { useId } from 'react'
import { cx } from './cx.ts'
import { useField } from './Field.tsx'
import { inputLook } from './TextInput.tsx'

type Props = {
  items: string[]
  value: string
  onChange: (value: string) => void
  /** What is said when nothing fits what was typed. */
  empty: string
  openLabel: string
}

/** One of many, found by typing. */
export function Combobox({ items, value, onChange, empty, openLabel }: Props) {
  const field = useField()
  const own = useId()
  return (
    <Base.Root
      items={items}
      value={value}
      onValueChange={(next) => next && onChange(next)}
      id={field.id ?? own}
      limit={80}
      autoHighlight
    >
      <div className="relative">
        <Base.Input
          aria-describedby={field['aria-describedby']}
          aria-invalid={field['aria-invalid']}
          className={cx(inputLook, 'h-9 pr-10')}
        />
        <Base.Trigger
          aria-label={openLabel}
          className="absolute inset-y-0 right-0 flex w-9 items-center justify-center text-faint"
        >
          <ChevronDown aria-hidden className="size-4" />
        </Base.Trigger>
      </div>
      <Base.Portal>
        <Base.Positioner sideOffset={4} className="z-50 outline-none">
          <Base.Popup className="max-h-72 w-(--anchor-width) animate-appear overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-raised">
            <Base.Empty className="px-2.5 py-2 text-soft empty:hidden">{empty}</Base.Empty>
            <Base.List>
              {(item: string) => (
                <Base.Item
                  key={item}
                  value={item}
                  className="flex min-h-8 cursor-default items-center gap-2 rounded-md px-2.5 outline-none select-none data-highlighted:bg-pressed"
                >
                  <span className="min-w-0 flex-1 truncate">{item}</span>
                  <Base.ItemIndicator>
                    <Check aria-hidden className="size-4" />
                  </Base.ItemIndicator>
                </Base.Item>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
