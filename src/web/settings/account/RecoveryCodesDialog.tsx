import { Copy, Download, Printer } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { toast } from '../../ui/toasts.ts'

type Props = { codes: string[]; email: string; onClose: () => void }

/** Shown once. Three ways to keep them, none of which leaves this browser; until one was used, closing asks twice. */
export function RecoveryCodesDialog({ codes, email, onClose }: Props) {
  const { t } = useTranslation('account')
  const [isKept, setKept] = useState(false)
  const [isWarned, setWarned] = useState(false)
  const close = () => (isKept || isWarned ? onClose() : setWarned(true))
  const text = t('recovery.file', { email, place: window.location.host, codes: codes.join('\n') })
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setKept(true)
      toast(t('recovery.copied'))
    } catch {
      toast(t('recovery.notCopied'), { tone: 'bad' })
    }
  }
  const save = () => {
    download(text)
    setKept(true)
  }
  const print = () => {
    window.print()
    setKept(true)
  }
  return (
    <Dialog
      open
      onOpenChange={close}
      title={t('recovery.title')}
      description={t('recovery.lead')}
      footer={
        <Button tone="primary" onClick={onClose} className="print:hidden">
          {t('recovery.kept')}
        </Button>
      }
    >
      <div data-print>
        <p className="hidden pb-3 print:block">
          {email}, {window.location.host}
        </p>
        <ul
          aria-label={t('recovery.list')}
          className="grid grid-cols-1 gap-x-6 gap-y-1.5 rounded-md bg-sunken px-4 py-3 font-mono text-lg xs:grid-cols-2"
        >
          {codes.map((code) => (
            <li key={code} className="select-all">
              {code}
            </li>
          ))}
        </ul>
      </div>
      <div className="mt-3 empty:hidden print:hidden">
        <FormError>{isWarned && !isKept && t('recovery.notKept')}</FormError>
      </div>
      <div className="mt-4 flex flex-wrap gap-2 print:hidden">
        <Button icon={<Copy aria-hidden className="size-4" />} onClick={copy}>
          {t('recovery.copy')}
        </Button>
        <Button icon={<Download aria-hidden className="size-4" />} onClick={save}>
          {t('recovery.download')}
        </Button>
        <Button icon={<Printer aria-hidden className="size-4" />} onClick={print}>
          {t('recovery.print')}
        </Button>
      </div>
    </Dialog>
  )
}

function download(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = address
  link.download = 'evenhand-recovery-codes.txt'
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
