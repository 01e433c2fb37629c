import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { TextInput } from '../../ui/TextInput.tsx'

type Made = { name: string; key: string | null }

/** The key itself; or, when the answer that held it got lost, what to do without it. */
export function NewKey({ made, onClose }: { made: Made; onClose: () => void }) {
  const { key, name } = made
  return key ? <ShownKey made={{ name, key }} onClose={onClose} /> : <LostKey name={name} onClose={onClose} />
}

function LostKey({ name, onClose }: { name: string; onClose: () => void }) {
  const { t } = useTranslation('keys')
  const { t: common } = useTranslation()
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('madeTitle', { name })}
      description={t('lost')}
      footer={<Button onClick={onClose}>{common('close')}</Button>}
    />
  )
}

/** The key itself, once. A press beside the dialog would lose it: until it was copied, that asks twice. */
function ShownKey({ made, onClose }: { made: { name: string; key: string }; onClose: () => void }) {
  const { t } = useTranslation('keys')
  const [isCopied, setCopied] = useState(false)
  const [isWarned, setWarned] = useState(false)
  const close = () => (isCopied || isWarned ? onClose() : setWarned(true))
  const copy = async () => {
    // Not over plain HTTP, and not when the browser forbids it: the text stands there to be selected.
    await navigator.clipboard?.writeText(made.key).then(
      () => setCopied(true),
      () => {},
    )
  }
  return (
    <Dialog
      open
      onOpenChange={close}
      title={t('madeTitle', { name: made.name })}
      description={t('madeLead')}
      size="md"
      footer={
        <>
          <Button
            icon={
              isCopied ? <Check aria-hidden className="size-4" /> : <Copy aria-hidden className="size-4" />
            }
            onClick={copy}
          >
            {isCopied ? t('copied') : t('copy')}
          </Button>
          <Button tone="primary" onClick={onClose}>
            {t('madeDone')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t('key')} hint={t('keyHint')}>
          <TextInput
            readOnly
            value={made.key}
            className="font-mono"
            onFocus={(event) => event.currentTarget.select()}
          />
        </Field>
        <FormError>{isWarned && !isCopied && t('notCopied')}</FormError>
        <div>
          <p className="text-soft">{t('try')}</p>
          <pre className="mt-1 rounded-md bg-sunken p-3 text-sm break-all whitespace-pre-wrap">
            <code>{`curl -H "Authorization: Bearer $API_KEY" ${window.location.origin}/api/me`}</code>
          </pre>
        </div>
        <p>
          <a className="text-accent-ink underline" href="/api/docs">
            {t('docs')}
          </a>
        </p>
      </div>
    </Dialog>
  )
}
