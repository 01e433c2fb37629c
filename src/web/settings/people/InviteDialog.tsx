import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { invitationRoutes } from '../../../staff/invitation-contract.ts'
import { call } from '../../api.ts'
import { queries } from '../../queries.ts'
import { invitationsQuery } from '../../queries-people.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { TextInput } from '../../ui/TextInput.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'
import { LinkDialog } from './LinkDialog.tsx'
import { type StandingDraft, StandingFields } from './StandingFields.tsx'

const Body = invitationRoutes.invite.body!

/** Asks for an address and a role; without a mail server it ends with the link to hand over. */
export function InviteDialog({ byMail, onClose }: { byMail: boolean; onClose: () => void }) {
  const { t } = useTranslation('colleagues')
  const { t: common } = useTranslation()
  const [email, setEmail] = useState('')
  const [isWrong, setWrong] = useState(false)
  const [standing, setStanding] = useState<StandingDraft>({ role: 'agent', sees: 'workspace', teamIds: [] })
  const invite = useMutation({
    mutationFn: () => call(invitationRoutes.invite, { body: { email: email.trim(), ...standing } }),
    onSuccess: async ({ link }) => {
      await queries.invalidateQueries({ queryKey: invitationsQuery.queryKey })
      if (link) return
      toast(t('invited', { email: email.trim() }))
      onClose()
    },
  })
  const submit = () => {
    const isRight = Body.safeParse({ email: email.trim(), ...standing }).success
    setWrong(!isRight)
    if (isRight) invite.mutate()
  }
  if (invite.data?.link) return <LinkDialog email={email.trim()} link={invite.data.link} onClose={onClose} />
  return (
    <Dialog
      open
      size="md"
      onOpenChange={onClose}
      title={t('inviteTitle')}
      description={t(byMail ? 'inviteLead.mail' : 'inviteLead.hand')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button tone="primary" type="submit" form="invite" busy={invite.isPending}>
            {t('inviteSubmit')}
          </Button>
        </>
      }
    >
      <form
        id="invite"
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Field label={t('email')} error={isWrong ? t('emailWrong') : null}>
          <TextInput
            type="email"
            autoComplete="off"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </Field>
        <StandingFields value={standing} onChange={setStanding} />
        <FormError>{invite.error && problemWords(invite.error)}</FormError>
      </form>
    </Dialog>
  )
}
