import { useTranslation } from 'react-i18next'
import { cx } from './cx.ts'
import { VisuallyHidden } from './VisuallyHidden.tsx'

/** Stands for what is still loading, and only after 300 ms: what comes sooner should not blink. */
export function Skeleton({ rows = 6, className }: { rows?: number; className?: string }) {
  const { t } = useTranslation()
  return (
    <div role="status" className={cx('animate-late p-4', className)}>
      <VisuallyHidden>{t('loading')}</VisuallyHidden>
      <div aria-hidden className="flex animate-breathe flex-col gap-4">
        {Array.from({ length: rows }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows without names
          <div key={row} className="flex gap-3">
            <div className="size-7 shrink-0 rounded-full bg-sunken" />
            <div className="flex flex-1 flex-col gap-2 pt-1">
              <div className="h-3 w-2/5 rounded bg-sunken" />
              <div className="h-3 w-full rounded bg-sunken" />
            </div>
          </div>
        ))}
      </div>
    </div>
  )
}
