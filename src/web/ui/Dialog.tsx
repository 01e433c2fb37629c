import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type ReactNode, type RefObject, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { cx } from './cx.ts'
import { IconButton } from './IconButton.tsx'
import { Layer } from './Layer.tsx'

type Props = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  description?: ReactNode
  /** Buttons, the most important last; under the content and always in sight. */
  footer?: ReactNode
  size?: 'sm' | 'md' | 'lg'
  /** What is focused first; otherwise the first thing that can be. */
  initialFocus?: RefObject<HTMLElement | null>
  /** There is nothing in it to press: the focus goes to the text, so that keys can scroll it. */
  toRead?: boolean
  children?: ReactNode
}

const widths = { sm: 'desk:max-w-md', md: 'desk:max-w-xl', lg: 'desk:max-w-3xl' }

/** In the middle of a desk, from the bottom edge of a telephone. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  footer,
  size = 'sm',
  initialFocus,
  toRead = false,
  children,
}: Props) {
  const { t } = useTranslation()
  const body = useRef<HTMLDivElement>(null)
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 animate-appear bg-veil" />
        <Base.Viewport className="fixed inset-0 z-40 flex items-end justify-center desk:items-center desk:p-6">
          <Base.Popup
            {...(toRead ? { initialFocus: body } : initialFocus && { initialFocus })}
            className={cx(
              'relative flex max-h-[92dvh] w-full animate-rise flex-col rounded-t-xl bg-raised shadow-raised outline-none desk:max-h-[86dvh] desk:rounded-xl',
              widths[size],
            )}
          >
            <header className="px-5 pt-4 pr-14 pb-1">
              <Base.Title className="text-lg font-semibold">{title}</Base.Title>
              {description && (
                <Base.Description className="mt-0.5 text-pretty text-soft">{description}</Base.Description>
              )}
            </header>
            <div
              ref={body}
              {...(toRead && { tabIndex: 0, role: 'region', 'aria-label': title })}
              className="relative min-h-0 flex-1 overflow-y-auto px-5 py-3 -outline-offset-1 focus-visible:outline-1 focus-visible:outline-control"
            >
              <Layer>{children}</Layer>
            </div>
            {footer && (
              <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">
                {footer}
              </footer>
            )}
            {/* Last in order, so that the dialog begins with what it is about. */}
            <Base.Close
              render={
                <IconButton
                  label={t('close')}
                  icon={<X aria-hidden className="size-4" />}
                  className="absolute top-3 right-3"
                />
              }
            />
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}
