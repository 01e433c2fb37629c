import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { cx } from './cx.ts'
import { Kbd } from './Kbd.tsx'
import { useLayer } from './Layer.tsx'

type Props = {
  trigger: ReactElement
  children: ReactNode
  align?: 'start' | 'center' | 'end'
  side?: 'top' | 'bottom' | 'right'
}

const row =
  'touch flex w-full cursor-default items-center gap-2.5 rounded-md px-2.5 py-1.5 outline-none select-none data-highlighted:bg-pressed'

/** `trigger` is a Button or IconButton; the children are MenuItem, MenuChoices, MenuGroup, MenuLine. */
export function Menu({ trigger, children, align = 'end', side = 'bottom' }: Props) {
  const layer = useLayer()
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal container={layer}>
        <Base.Positioner
          align={align}
          side={side}
          sideOffset={4}
          positionMethod="fixed"
          className="z-50 outline-none"
        >
          <Base.Popup className="relative max-h-(--available-height) min-w-52 animate-appear overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-raised outline-none">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

type ItemProps = {
  children: ReactNode
  onClick: () => void
  icon?: ReactNode
  keys?: string
  danger?: boolean
  /** Why this cannot be chosen now; shown under its name. */
  whyNot?: string | null
}

export function MenuItem({ children, onClick, icon, keys, danger = false, whyNot = null }: ItemProps) {
  return (
    <Base.Item
      disabled={whyNot !== null}
      onClick={onClick}
      className={cx(row, whyNot ? 'text-faint' : danger && 'text-bad')}
    >
      {icon}
      <span className="min-w-0 flex-1">
        {children}
        {whyNot && <span className="block text-sm text-faint">{whyNot}</span>}
      </span>
      {keys && <Kbd>{keys}</Kbd>}
    </Base.Item>
  )
}

/** One of several: wrap in MenuChoices. */
type ChoiceProps = { value: string; children: ReactNode; whyNot?: string | null }

export function MenuChoice({ value, children, whyNot = null }: ChoiceProps) {
  return (
    <Base.RadioItem
      value={value}
      disabled={whyNot !== null}
      closeOnClick
      className={cx(row, whyNot && 'text-faint')}
    >
      <span className="flex size-4 items-center">
        <Base.RadioItemIndicator>
          <Check aria-hidden className="size-4" />
        </Base.RadioItemIndicator>
      </span>
      <span className="min-w-0 flex-1">
        {children}
        {whyNot && <span className="block max-w-64 text-sm text-faint">{whyNot}</span>}
      </span>
    </Base.RadioItem>
  )
}

type ChoicesProps = { label: string; value: string; onChange: (value: string) => void; children: ReactNode }

export function MenuChoices({ label, value, onChange, children }: ChoicesProps) {
  return (
    <Base.RadioGroup value={value} onValueChange={(next) => onChange(String(next))} aria-label={label}>
      {children}
    </Base.RadioGroup>
  )
}

/** Items under a name. */
export const MenuGroup = ({ label, children }: { label: ReactNode; children: ReactNode }) => (
  <Base.Group>
    <Base.GroupLabel className="px-2.5 pt-1.5 pb-0.5 text-sm text-faint">{label}</Base.GroupLabel>
    {children}
  </Base.Group>
)

export const MenuLine = () => <Base.Separator className="-mx-1 my-1 h-px bg-line" />
