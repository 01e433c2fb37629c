import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { passkeyRoutes } from '../../../staff/passkey-contract.ts'
import { call } from '../../api.ts'
import { isKnownHere, makePasskey } from '../../passkeys.ts'
import { queries } from '../../queries.ts'
import { accountQuery, type OwnAccount } from '../../queries-account.ts'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { TextInput } from '../../ui/TextInput.tsx'
import { toast } from '../../ui/toasts.ts'
import { useConfirmed, wordsUnlessTurnedAway } from './confirm-first.tsx'

type Passkey = OwnAccount['passkeys'][number]
const refresh = () => queries.invalidateQueries({ queryKey: accountQuery.queryKey, exact: true })

export function AddPasskeyDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('account')
  const confirmed = useConfirmed()
  const add = useMutation({
    mutationFn: async (name: string) => {
      const { options } = await confirmed(() => call(passkeyRoutes.askToAdd, {}))
      const signed = await makePasskey(options)
      if (signed) await call(passkeyRoutes.add, { body: { name, signed } })
      return signed !== null
    },
    onSuccess: async (isMade, name) => {
      if (!isMade) return
      await refresh()
      toast(t('passkeys.added', { name }))
      onClose()
    },
  })
  const trouble = isKnownHere(add.error)
    ? t('passkeys.knownHere')
    : add.data === false
      ? t('passkeys.turnedAway')
      : wordsUnlessTurnedAway(add.error)
  return (
    <NameDialog
      title={t('passkeys.add')}
      lead={t('passkeys.makeLead')}
      submit={t('passkeys.make')}
      busy={add.isPending}
      trouble={trouble}
      onSubmit={add.mutate}
      onClose={onClose}
    />
  )
}

export function RenamePasskeyDialog({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const { t } = useTranslation('account')
  const { t: common } = useTranslation()
  const confirmed = useConfirmed()
  const rename = useMutation({
    mutationFn: (name: string) =>
      confirmed(() => call(passkeyRoutes.rename, { params: { id: passkey.passkeyId }, body: { name } })),
    onSuccess: async () => {
      await refresh()
      onClose()
    },
  })
  return (
    <NameDialog
      title={t('passkeys.renameTitle')}
      name={passkey.name ?? ''}
      submit={common('save')}
      busy={rename.isPending}
      trouble={wordsUnlessTurnedAway(rename.error)}
      onSubmit={rename.mutate}
      onClose={onClose}
    />
  )
}

type NameProps = {
  title: string
  lead?: string
  name?: string
  submit: string
  busy: boolean
  trouble: ReactNode
  onSubmit: (name: string) => void
  onClose: () => void
}

function NameDialog({ title, lead, name = '', submit, busy, trouble, onSubmit, onClose }: NameProps) {
  const { t } = useTranslation('account')
  const [typed, setTyped] = useState(name)
  const wanted = typed.trim()
  return (
    <FormDialog
      title={title}
      lead={lead}
      submit={submit}
      busy={busy}
      whyNot={wanted ? null : t('passkeys.nameMissing')}
      onSubmit={(event) => {
        event.preventDefault()
        if (wanted && !busy) onSubmit(wanted)
      }}
      onClose={onClose}
    >
      <Field label={t('passkeys.name')} hint={t('passkeys.nameHint')}>
        <TextInput
          dir="auto"
          autoComplete="off"
          maxLength={60}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </Field>
      <FormError>{trouble}</FormError>
    </FormDialog>
  )
}

export function RemovePasskeyDialog({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const { t } = useTranslation('account')
  const { t: common } = useTranslation()
  const confirmed = useConfirmed()
  const name = passkey.name ?? t('passkeys.unnamed')
  const remove = useMutation({
    mutationFn: () => confirmed(() => call(passkeyRoutes.remove, { params: { id: passkey.passkeyId } })),
    onSuccess: async () => {
      await refresh()
      toast(t('passkeys.removed', { name }))
      onClose()
    },
  })
  return (
    <ConfirmDialog
      title={t('passkeys.removeTitle', { name })}
      lead={t('passkeys.removeLead')}
      submit={common('remove')}
      busy={remove.isPending}
      trouble={wordsUnlessTurnedAway(remove.error)}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  )
}
