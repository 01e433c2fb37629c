import { useTranslation } from 'react-i18next'
import { cx } from '../ui/cx.ts'
import { strengthOf } from './strength.ts'

const bars = { short: 1, weak: 2, fair: 3, strong: 4 }
const colours = { short: 'bg-control', weak: 'bg-warn', fair: 'bg-good', strong: 'bg-good' }

/** Four bars and a word; nothing before one begins to type. */
export function PasswordStrength({ password, names }: { password: string; names: string[] }) {
  const { t } = useTranslation('door')
  if (password === '') return null
  const strength = strengthOf(password, names)
  const words =
    strength.level === 'short'
      ? t('strength.short', { count: strength.missing })
      : t(`strength.${strength.level}`)
  return (
    <span className="mt-1 flex items-center gap-3">
      <span aria-hidden className="flex gap-1">
        {[1, 2, 3, 4].map((bar) => (
          <span
            key={bar}
            className={cx(
              'h-1 w-7 rounded-full',
              bar <= bars[strength.level] ? colours[strength.level] : 'bg-line',
            )}
          />
        ))}
      </span>
      <span className="text-soft">{words}</span>
    </span>
  )
}
