import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './Button.tsx'
import { Dialog } from './Dialog.tsx'
import { FormError } from './FormError.tsx'

type Props = {
  title: string
  lead: ReactNode
  /** What the button says that does it. */
  submit: ReactNode
  busy: boolean
  /** Why it did not work, in words. */
  trouble: ReactNode
  onConfirm: () => void
  onClose: () => void
  children?: ReactNode
}

/** Asked once more before something that cannot be taken back. */
export function ConfirmDialog({ title, lead, submit, busy, trouble, onConfirm, onClose, children }: Props) {
  const { t } = useTranslation()
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={title}
      description={lead}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button tone="danger" busy={busy} onClick={onConfirm}>
            {submit}
          </Button>
        </>
      }
    >
      {children}
      <FormError>{trouble}</FormError>
    </Dialog>
  )
}
