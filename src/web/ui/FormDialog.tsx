import { type FormEventHandler, type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './Button.tsx'
import { Dialog } from './Dialog.tsx'

type Props = {
  open?: boolean
  title: string
  lead?: ReactNode
  size?: 'sm' | 'md' | 'lg'
  /** What the button says that does it. */
  submit: ReactNode
  busy: boolean
  whyNot?: string | null
  onSubmit: FormEventHandler<HTMLFormElement>
  onClose: () => void
  children: ReactNode
}

/** Something to fill in, with a way out beside the button that sends it. */
export function FormDialog({
  open = true,
  title,
  lead,
  size = 'sm',
  submit,
  busy,
  whyNot = null,
  onSubmit,
  onClose,
  children,
}: Props) {
  const { t } = useTranslation()
  const formId = useId()
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={title}
      description={lead}
      size={size}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" form={formId} tone="primary" busy={busy} whyNot={whyNot}>
            {submit}
          </Button>
        </>
      }
    >
      <form id={formId} noValidate className="flex flex-col gap-4" onSubmit={onSubmit}>
        {children}
      </form>
    </Dialog>
  )
}
