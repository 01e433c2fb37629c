import type { ComponentProps } from 'react'
import { cx } from './cx.ts'
import { useField } from './Field.tsx'

export const inputLook =
  'field-text touch w-full min-w-0 rounded-md border border-control bg-surface px-2.5 text-ink shadow-control transition-colors hover:border-soft aria-invalid:border-bad'

export function TextInput({ className, ...rest }: ComponentProps<'input'>) {
  return <input type="text" {...useField()} {...rest} className={cx(inputLook, 'h-9', className)} />
}
