import { KeyRound, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { knowsPasskeys } from '../../passkeys.ts'
import type { OwnAccount } from '../../queries-account.ts'
import { Badge } from '../../ui/Badge.tsx'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { Part, Rows } from '../../ui/Page.tsx'
import { useRelative } from '../../ui/RelativeTime.tsx'
import { AddPasskeyDialog, RemovePasskeyDialog, RenamePasskeyDialog } from './PasskeyDialogs.tsx'

type Passkey = OwnAccount['passkeys'][number]
type Open = { what: 'add' } | { what: 'rename' | 'remove'; passkey: Passkey } | null

export function PasskeysPart({ account }: { account: OwnAccount }) {
  const { t } = useTranslation('account')
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const whyNot = account.whyNoPasskeys
    ? t('passkeys.atThisAddress')
    : knowsPasskeys()
      ? null
      : t('passkeys.unsupported')
  const add = (
    <Button tone="primary" whyNot={whyNot} onClick={() => setOpen({ what: 'add' })} className="self-start">
      {t('passkeys.add')}
    </Button>
  )
  const { passkeys } = account
  return (
    <Part title={t('passkeys.title')} lead={t('passkeys.lead')}>
      {passkeys.length === 0 ? (
        <EmptyState heading="h2" icon={<KeyRound />} title={t('passkeys.emptyTitle')} action={add}>
          {whyNot ?? t('passkeys.empty')}
        </EmptyState>
      ) : (
        <>
          <Rows label={t('passkeys.list')}>
            {passkeys.map((passkey) => (
              <PasskeyItem
                key={passkey.passkeyId}
                passkey={passkey}
                onRename={() => setOpen({ what: 'rename', passkey })}
                onRemove={() => setOpen({ what: 'remove', passkey })}
              />
            ))}
          </Rows>
          {add}
        </>
      )}
      {open?.what === 'add' && <AddPasskeyDialog onClose={close} />}
      {open?.what === 'rename' && <RenamePasskeyDialog passkey={open.passkey} onClose={close} />}
      {open?.what === 'remove' && <RemovePasskeyDialog passkey={open.passkey} onClose={close} />}
    </Part>
  )
}

type ItemProps = { passkey: Passkey; onRename: () => void; onRemove: () => void }

function PasskeyItem({ passkey, onRename, onRemove }: ItemProps) {
  const { t } = useTranslation('account')
  const name = passkey.name ?? t('passkeys.unnamed')
  const made = useRelative(passkey.madeAt, { ago: true })
  const used = useRelative(passkey.lastUsedAt ?? passkey.madeAt, { ago: true })
  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <KeyRound aria-hidden className="size-4 shrink-0 text-faint" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span dir="auto" className="min-w-0 truncate font-medium">
            {name}
          </span>
          {passkey.isSynced && <Badge>{t('passkeys.synced')}</Badge>}
        </p>
        <p className="text-sm text-faint">
          {t('passkeys.made', { when: made })},{' '}
          {passkey.lastUsedAt ? t('passkeys.used', { when: used }) : t('passkeys.neverUsed')}
        </p>
      </div>
      <IconButton
        label={t('passkeys.rename', { name })}
        icon={<Pencil aria-hidden className="size-4" />}
        onClick={onRename}
      />
      <IconButton
        label={t('passkeys.remove', { name })}
        icon={<Trash2 aria-hidden className="size-4" />}
        onClick={onRemove}
      />
    </li>
  )
}
