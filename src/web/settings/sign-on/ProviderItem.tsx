import { Copy, Pencil, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { SsoProvider } from '../../../staff/sso-contract.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import { toast } from '../../ui/toasts.ts'

type Props = { it: SsoProvider; onChange: () => void; onRemove: () => void }

export function ProviderItem({ it, onChange, onRemove }: Props) {
  const { t } = useTranslation('signOn')
  const { name } = it
  return (
    <li className="flex flex-col gap-3 bg-surface px-4 py-3">
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-semibold" dir="auto">
            {name}
          </h2>
          <p className="text-sm wrap-anywhere text-soft">{it.issuer}</p>
          <p className="text-sm wrap-anywhere text-faint">{t('for', { domains: it.domains.join(', ') })}</p>
        </div>
        <IconButton
          label={t('edit', { name })}
          icon={<Pencil aria-hidden className="size-4" />}
          onClick={onChange}
        />
        <IconButton
          label={t('remove', { name })}
          icon={<Trash2 aria-hidden className="size-4" />}
          onClick={onRemove}
        />
      </div>
      <Address name={t('callback')} hint={t('callbackHint')} value={it.callbackUrl} />
      <Address name={t('link')} hint={t('linkHint')} value={it.signInUrl} />
    </li>
  )
}

function Address({ name, hint, value }: { name: string; hint: string; value: string }) {
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
