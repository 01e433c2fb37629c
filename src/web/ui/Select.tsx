import { ChevronDown } from 'lucide-react'
import type { ComponentProps } from 'react'
import { cx } from './cx.ts'
import { useField } from './Field.tsx'
import { inputLook } from './TextInput.tsx'

/** The browser's own list: it works with every hand, voice and telephone. Options are <option> children. */
export function Select({ className, children, ...rest }: ComponentProps<'select'>) {
  return (
    <span className="relative inline-flex w-full min-w-0 desk:max-w-xs">
      <select
        {...useField()}
        {...rest}
        className={cx(inputLook, 'h-9 appearance-none truncate pr-8', className)}
      >
        {children}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute inset-y-0 right-2.5 my-auto size-4 text-faint"
      />
    </span>
  )
}
