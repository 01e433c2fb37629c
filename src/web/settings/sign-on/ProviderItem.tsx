import { Pencil, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { SsoProvider } from '../../../staff/sso-contract.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import { Address, CallbackAddress } from './CallbackAddress.tsx'

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
      <CallbackAddress value={it.callbackUrl} />
      <Address name={t('link')} hint={t('linkHint')} value={it.signInUrl} />
    </li>
  )
}
