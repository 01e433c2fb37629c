import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { invitationRoutes } from '../../../staff/invitation-contract.ts'
import { call } from '../../api.ts'
import { queries } from '../../queries.ts'
import { invitationsQuery } from '../../queries-people.ts'
import { ChipsInput } from '../../ui/ChipsInput.tsx'
import { Field } from '../../ui/Field.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { problemWords } from '../../words/problem.ts'
import { type Invited, InvitedDialog } from './InvitedDialog.tsx'
import { type StandingDraft, StandingFields } from './StandingFields.tsx'

const Body = invitationRoutes.invite.body!
const mostAtOnce = 50

/** Several addresses with one role; it ends with what became of each, and the links to hand over. */
export function InviteDialog({ byMail, onClose }: { byMail: boolean; onClose: () => void }) {
  const { t } = useTranslation('colleagues')
  const [emails, setEmails] = useState<string[]>([])
  const [trouble, setTrouble] = useState<string | null>(null)
  const [standing, setStanding] = useState<StandingDraft>({ role: 'agent', sees: 'workspace', teamIds: [] })
  const [invited, setInvited] = useState<Invited[]>([])
  const isRight = (email: string) => Body.safeParse({ email, ...standing }).success
  const invite = useMutation({
    // One after the other: each is its own in the log, and who fails is named without the others.
    mutationFn: async (wanted: string[]) => {
      const all: Invited[] = []
      for (const email of wanted) {
        all.push(
          await call(invitationRoutes.invite, { body: { email, ...standing } }).then(
            ({ link }) => ({ email, link, problem: null }),
            (error: unknown) => ({ email, link: null, problem: problemWords(error) }),
          ),
        )
        setInvited([...all])
      }
      return all
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: invitationsQuery.queryKey }),
  })
  const submit = () => {
    const wrong = emails.filter((it) => !isRight(it))
    if (emails.length === 0) setTrouble(t('emailsMissing'))
    else if (wrong.length > 0) setTrouble(t('emailsWrong', { emails: wrong.join(', ') }))
    else {
      setTrouble(null)
      invite.mutate(emails)
    }
  }
  if (invite.data)
    return (
      <InvitedDialog
        invited={invite.data}
        onAgain={(failed) => {
          setEmails(failed)
          setInvited([])
          invite.reset()
        }}
        onClose={onClose}
      />
    )
  return (
    <FormDialog
      size="md"
      title={t('inviteTitle')}
      lead={t(byMail ? 'inviteLead.mail' : 'inviteLead.hand')}
      submit={
        invite.isPending
          ? t('inviting', { done: invited.length, count: emails.length })
          : t('inviteSubmit', { count: Math.max(1, emails.length) })
      }
      busy={invite.isPending}
      onSubmit={(event) => {
        event.preventDefault()
        if (!invite.isPending) submit()
      }}
      onClose={onClose}
    >
      <Field label={t('emails')} hint={t('emailsHint')} error={trouble}>
        <ChipsInput
          name={t('emailsName')}
          value={emails}
          onChange={setEmails}
          tidy={(it) => it.toLowerCase().replaceAll(/^.*<|[<>\s;]/g, '')}
          max={mostAtOnce}
        />
      </Field>
      <StandingFields value={standing} onChange={setStanding} />
      <p className="text-sm text-faint">
        <Link to="/settings/teams" className="underline underline-offset-2" onClick={onClose}>
          {t('toTeams')}
        </Link>
      </p>
    </FormDialog>
  )
}
