import { Copy } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../ui/IconButton.tsx'
import { toast } from '../../ui/toasts.ts'

/** An address to enter at the provider, which asks for it before it gives a client. */
export function Address({ name, hint, value }: { name: string; hint: string; value: string }) {
  const { t } = useTranslation('signOn')
  const copy = async () => {
    await navigator.clipboard.writeText(value)
    toast(t('copied'))
  }
  return (
    <div className="flex items-center gap-2">
      <div className="min-w-0 flex-1">
        <p className="text-sm font-medium">{name}</p>
        <code className="block text-sm wrap-anywhere text-soft">{value}</code>
        <p className="text-sm text-pretty text-faint">{hint}</p>
      </div>
      <IconButton
        label={t('copy', { what: name })}
        icon={<Copy aria-hidden className="size-4" />}
        onClick={() => void copy()}
      />
    </div>
  )
}

export function CallbackAddress({ value }: { value: string }) {
  const { t } = useTranslation('signOn')
  return <Address name={t('callback')} hint={t('callbackHint')} value={value} />
}
