import { type ComponentProps, type MouseEvent, type ReactNode, useId, useState } from 'react'
import { cx } from './cx.ts'
import { Spinner } from './Spinner.tsx'
import { Tooltip } from './Tooltip.tsx'
import { VisuallyHidden } from './VisuallyHidden.tsx'

export type ButtonProps = Omit<ComponentProps<'button'>, 'disabled'> & {
  tone?: 'plain' | 'primary' | 'danger' | 'quiet'
  size?: 'sm' | 'md' | 'lg'
  icon?: ReactNode
  /** Why this cannot be pressed now, in words. It stays reachable and says so by keyboard, pointer and touch. */
  whyNot?: string | null
  /** What is asked for is under way. */
  busy?: boolean
  /** The key that does the same, shown in the tooltip. */
  keys?: string
}

const tones = {
  plain: 'border-line-strong bg-surface text-ink shadow-control hover:bg-hover active:bg-pressed',
  primary: 'border-transparent bg-accent text-on-accent shadow-control hover:bg-accent-hover',
  danger: 'border-transparent bg-bad-fill text-on-accent shadow-control hover:brightness-110',
  quiet: 'border-transparent text-soft hover:bg-pressed hover:text-ink active:bg-pressed',
}
const off = 'border-line bg-sunken text-faint'
const sizes = { sm: 'h-7 px-2 text-sm', md: 'h-8 px-3', lg: 'h-10 px-4' }

export function Button({
  tone = 'plain', size = 'md', icon, whyNot = null, busy = false, keys, className, children, onClick,
  type = 'button', ...rest
}: ButtonProps) /* biome-ignore format: one list */ {
  const reasonId = useId()
  const [told, setTold] = useState(false)
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (!whyNot && !busy) return onClick?.(event)
    event.preventDefault()
    if (whyNot) setTold(true)
  }
  const button = (
    <button
      {...rest}
      type={type}
      onClick={press}
      aria-disabled={whyNot !== null || busy ? true : undefined}
      aria-busy={busy || undefined}
      aria-describedby={cx(rest['aria-describedby'], whyNot && reasonId) || undefined}
      className={cx(
        'touch inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap transition-colors select-none',
        sizes[size],
        whyNot ? off : tones[tone],
        className,
      )}
    >
      {busy ? <Spinner /> : icon}
      {children}
    </button>
  )
  // One shape whether or not it can be pressed: a button that changed its tree would lose the focus.
  return (
    <>
      <Tooltip
        text={whyNot ?? (keys ? children : null)}
        open={told}
        onOpenChange={setTold}
        {...(!whyNot && keys && { keys })}
      >
        {button}
      </Tooltip>
      {whyNot && <VisuallyHidden id={reasonId}>{whyNot}</VisuallyHidden>}
    </>
  )
}
