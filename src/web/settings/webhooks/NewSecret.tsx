import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { TextInput } from '../../ui/TextInput.tsx'
import { VerifySample } from './HowToVerify.tsx'

/** The secret itself, once. A press beside the dialog would lose it: until it was copied, that asks twice. */
export function NewSecret({
  made,
  onClose,
}: {
  made: { name: string; secret: string }
  onClose: () => void
}) {
  const { t } = useTranslation('webhooks')
  const [isCopied, setCopied] = useState(false)
  const [isWarned, setWarned] = useState(false)
  const close = () => (isCopied || isWarned ? onClose() : setWarned(true))
  const copy = async () => {
    // Not over plain HTTP, and not when the browser forbids it: the text stands there to be selected.
    await navigator.clipboard?.writeText(made.secret).then(
      () => setCopied(true),
      () => {},
    )
  }
  const icon = isCopied ? <Check aria-hidden className="size-4" /> : <Copy aria-hidden className="size-4" />
  return (
    <Dialog
      open
      onOpenChange={close}
      title={t('secretTitle', { name: made.name })}
      description={t('secretLead')}
      size="md"
      footer={
        <>
          <Button icon={icon} onClick={copy}>
            {isCopied ? t('copied') : t('copy')}
          </Button>
          <Button tone="primary" onClick={onClose}>
            {t('done')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t('secret')} hint={t('secretHint')}>
          <TextInput
            readOnly
            value={made.secret}
            className="font-mono"
            onFocus={(event) => event.currentTarget.select()}
          />
        </Field>
        <FormError>{isWarned && !isCopied && t('notCopied')}</FormError>
        <VerifySample />
      </div>
    </Dialog>
  )
}
