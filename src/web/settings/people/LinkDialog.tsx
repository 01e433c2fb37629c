import { Copy } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { TextInput } from '../../ui/TextInput.tsx'
import { toast } from '../../ui/toasts.ts'

type Props = {
  email: string
  link: string
  /** Instead of what is said of an invitation. */
  lead?: string
  onClose: () => void
}

/** A link that is shown this once. */
export function LinkDialog({ email, link, lead, onClose }: Props) {
  const { t } = useTranslation('colleagues')
  const { t: common } = useTranslation()
  const copy = async () => {
    await navigator.clipboard.writeText(link)
    toast(t('copied'))
  }
  return (
    <Dialog
      open
      size="md"
      onOpenChange={onClose}
      title={t('linkTitle')}
      description={<span className="wrap-anywhere">{lead ?? t('linkLead', { email })}</span>}
      footer={
        <>
          <Button onClick={onClose}>{common('close')}</Button>
          <Button tone="primary" icon={<Copy aria-hidden className="size-4" />} onClick={copy}>
            {t('copy')}
          </Button>
        </>
      }
    >
      <Field label={t('link')}>
        <TextInput readOnly value={link} onFocus={(event) => event.target.select()} />
      </Field>
    </Dialog>
  )
}
