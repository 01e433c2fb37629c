import { CircleAlert, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './Button.tsx'
import { IconButton } from './IconButton.tsx'
import { dismissToast, type Toast, useToasts } from './toasts.ts'

/**
 * Where toasts are shown and spoken: over the end of the list on a desk, never wider than it; on a telephone the newest
 * one, above what is written in. Their time stands still while a pointer or the focus is on them.
 */
export function Toasts() {
  const toasts = useToasts()
  const { t } = useTranslation()
  const [held, setHeld] = useState(false)
  return (
    <section
      aria-label={t('justDone')}
      aria-live="polite"
      className="pointer-events-none fixed inset-x-3 bottom-[calc(4.5rem+var(--toasts-floor,0px)+env(safe-area-inset-bottom))] z-50 flex flex-col items-center gap-2 desk:inset-x-auto desk:bottom-4 desk:left-24 desk:max-w-78 desk:items-start"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {toasts.map((it) => (
        <One key={it.id} toast={it} held={held} />
      ))}
    </section>
  )
}

function One({ toast, held }: { toast: Toast; held: boolean }) {
  const { t } = useTranslation()
  const close = () => dismissToast(toast.id)
  useEffect(() => {
    if (held) return
    const timer = setTimeout(() => dismissToast(toast.id), toast.forMs)
    return () => clearTimeout(timer)
  }, [held, toast.id, toast.forMs])
  return (
    <div className="pointer-events-auto flex max-w-md animate-rise not-last:max-desk:hidden items-center gap-2 rounded-lg border border-line-strong bg-raised py-1.5 pr-1.5 pl-3 text-ink shadow-raised">
      {toast.tone === 'bad' && <CircleAlert aria-hidden className="size-4 shrink-0 text-bad" />}
      <span className="min-w-0 flex-1 py-1">{toast.text}</span>
      {toast.undo && (
        <Button
          size="sm"
          onClick={() => {
            toast.undo?.()
            close()
          }}
        >
          {t('undo')}
        </Button>
      )}
      <IconButton
        size="sm"
        label={t('dismiss')}
        icon={<X aria-hidden className="size-4" />}
        onClick={close}
      />
    </div>
  )
}
