import { Tooltip as Base } from '@base-ui/react/tooltip'
import type { ReactElement, ReactNode } from 'react'
import { Kbd } from './Kbd.tsx'

type Props = {
  /** What it says; with null it keeps its place in the tree and never opens. */
  text: ReactNode
  keys?: string
  side?: 'top' | 'bottom' | 'left' | 'right'
  /** Held open from outside, for hands that cannot hover. */
  open?: boolean
  onOpenChange?: (open: boolean) => void
  children: ReactElement
}

/** A hint by hover and by focus. Never the only place of a name: give the child its own aria-label. */
export function Tooltip({ text, keys, side = 'top', open, onOpenChange, children }: Props) {
  return (
    <Base.Root
      disabled={!text}
      {...(open !== undefined && { open })}
      onOpenChange={(next) => onOpenChange?.(next)}
    >
      {/* A reason asked for by a press must outlive that press. */}
      <Base.Trigger render={children} delay={400} closeOnClick={open === undefined} />
      <Base.Portal>
        <Base.Positioner side={side} sideOffset={6} className="z-50">
          <Base.Popup
            // What it says is the name or the description of its child already: heard twice it would be noise.
            aria-hidden
            className="flex max-w-72 animate-appear items-center gap-2 rounded-md bg-ink px-2 py-1 text-sm text-surface shadow-raised"
          >
            {text}
            {keys && <Kbd>{keys}</Kbd>}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
