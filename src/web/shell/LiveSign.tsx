import { useTranslation } from 'react-i18next'
import { useLiveState } from '../live.ts'
import { cx } from '../ui/cx.ts'
import { Tooltip } from '../ui/Tooltip.tsx'

/** Whether the screen hears the house right now: a small sign, calm while it is lost and found again. */
export function LiveSign() {
  const { t } = useTranslation()
  const state = useLiveState()
  const short = state === 'reconnecting' ? t('live.connecting') : t(`live.${state}`)
  return (
    <Tooltip text={state === 'reconnecting' ? t('live.reconnecting') : null} side="right">
      <div role="status" className="flex h-7 items-center gap-1.5 text-xs text-faint">
        <span
          aria-hidden
          className={cx(
            'size-2 rounded-full border',
            state === 'live' ? 'border-good bg-good' : 'animate-breathe border-warn',
          )}
        />
        {short}
      </div>
    </Tooltip>
  )
}
