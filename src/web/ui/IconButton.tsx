import type { ReactNode } from 'react'
import { Button, type ButtonProps } from './Button.tsx'
import { cx } from './cx.ts'
import { Tooltip } from './Tooltip.tsx'

type Props = Omit<ButtonProps, 'children' | 'icon'> & { label: string; icon: ReactNode }

/** A button that is only a sign; its name is its label, and its tooltip says so. */
export function IconButton({ label, icon, keys, size = 'md', tone = 'quiet', className, ...rest }: Props) {
  const square = { sm: 'w-7', md: 'w-8', lg: 'w-10' }[size]
  const button = (
    <Button {...rest} aria-label={label} tone={tone} size={size} className={cx('!px-0', square, className)}>
      {icon}
    </Button>
  )
  if (rest.whyNot) return button
  return (
    <Tooltip text={label} {...(keys && { keys })}>
      {button}
    </Tooltip>
  )
}
