import { cx } from './cx.ts'

const sizes = { sm: 'size-5 text-[0.625rem]', md: 'size-7 text-xs', lg: 'size-9 text-sm' }
type Props = { name: string | null; size?: keyof typeof sizes; ours?: boolean; className?: string }

/** Initials, never a picture from outside: nobody learns that we looked, and no face changes who is served first. */
export const Avatar = ({ name, size = 'md', ours = false, className }: Props) => (
  <span
    aria-hidden
    className={cx(
      'inline-flex shrink-0 items-center justify-center rounded-full font-semibold select-none',
      ours ? 'bg-accent-soft text-accent-ink' : 'bg-pressed text-soft',
      sizes[size],
      className,
    )}
  >
    {initialsOf(name)}
  </span>
)

export function initialsOf(name: string | null): string {
  const words = (name ?? '')
    .replace(/^@/, '')
    .split(/[\s._-]+/u)
    .filter((it) => /[\p{L}\p{N}]/u.test(it))
  const letters = words.slice(0, 2).map((it) => Array.from(it).find((c) => /[\p{L}\p{N}]/u.test(c))!)
  return letters.join('').toLocaleUpperCase() || '?'
}
