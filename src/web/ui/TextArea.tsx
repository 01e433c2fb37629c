import type { ComponentProps } from 'react'
import { cx } from './cx.ts'
import { useField } from './Field.tsx'
import { inputLook } from './TextInput.tsx'

/** Grows with its words, up to a bound. */
export function TextArea({ className, rows = 3, ...rest }: ComponentProps<'textarea'>) {
  return (
    <textarea
      rows={rows}
      {...useField()}
      {...rest}
      className={cx(inputLook, 'field-sizing-content max-h-80 min-h-20 resize-none py-2', className)}
    />
  )
}
