import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { MailPlus, Send, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type InvitationRow, invitationRoutes } from '../../../staff/invitation-contract.ts'
import { call } from '../../api.ts'
import { queries } from '../../queries.ts'
import { invitationsQuery } from '../../queries-people.ts'
import { Badge, type Tone } from '../../ui/Badge.tsx'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { useNow } from '../../ui/now.ts'
import { Rows } from '../../ui/Page.tsx'
import { useRelative } from '../../ui/RelativeTime.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'
import { LinkDialog } from './LinkDialog.tsx'
import { useRoleName } from './role-name.ts'

const tones: Record<InvitationRow['mailState'], Tone> = {
  none: 'neutral',
  waiting: 'neutral',
  sent: 'good',
  refused: 'bad',
}

/** Who was invited and has not come in yet. */
export function Invitations() {
  const { t } = useTranslation('colleagues')
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(invitationsQuery)
  const [handing, setHanding] = useState<{ email: string; link: string } | null>(null)
  const [revoking, setRevoking] = useState<InvitationRow | null>(null)
  const rows = data?.pages.flatMap((it) => it.rows)
  const byMail = data?.pages[0]?.byMail ?? false
  const refresh = () => queries.invalidateQueries({ queryKey: invitationsQuery.queryKey })
  const again = useMutation({
    mutationFn: (it: InvitationRow) => call(invitationRoutes.sendAgain, { params: { id: it.invitationId } }),
    onSuccess: async ({ link }, { email }) => {
      await refresh()
      if (link) setHanding({ email, link })
      else toast(t('invitations.againDone', { email }))
    },
    onError: (failed) => toast(problemWords(failed), { tone: 'bad' }),
  })
  const revoke = useMutation({
    mutationFn: (it: InvitationRow) => call(invitationRoutes.revoke, { params: { id: it.invitationId } }),
    onSuccess: async (_done, { email }) => {
      await refresh()
      setRevoking(null)
      toast(t('invitations.revoked', { email }))
    },
  })
  return (
    <section aria-label={t('invitations.title')} className="flex flex-col gap-3">
      <h2 className="text-lg font-semibold">{t('invitations.title')}</h2>
      <FormError>{error && problemWords(error)}</FormError>
      {rows?.length === 0 && (
        <EmptyState icon={<MailPlus />} title={t('invitations.emptyTitle')}>
          {t('invitations.empty')}
        </EmptyState>
      )}
      {rows && rows.length > 0 && (
        <Rows label={t('invitations.title')}>
          {rows.map((it) => (
            <InvitationItem
              key={it.invitationId}
              invitation={it}
              byMail={byMail}
              isSending={again.isPending && again.variables.invitationId === it.invitationId}
              onAgain={() => again.mutate(it)}
              onRevoke={() => setRevoking(it)}
            />
          ))}
        </Rows>
      )}
      {revoking && (
        <ConfirmDialog
          title={t('invitations.revokeTitle')}
          lead={t('invitations.revokeLead', { email: revoking.email })}
          submit={t('invitations.revokeSubmit')}
          busy={revoke.isPending}
          trouble={revoke.error && problemWords(revoke.error)}
          onConfirm={() => revoke.mutate(revoking)}
          onClose={() => {
            revoke.reset()
            setRevoking(null)
          }}
        />
      )}
      {hasNextPage && (
        <Button busy={isFetchingNextPage} onClick={() => fetchNextPage()} className="self-start">
          {t('more')}
        </Button>
      )}
      {handing && <LinkDialog {...handing} onClose={() => setHanding(null)} />}
    </section>
  )
}

type Props = {
  invitation: InvitationRow
  byMail: boolean
  isSending: boolean
  onAgain: () => void
  onRevoke: () => void
}

function InvitationItem({ invitation, byMail, isSending, onAgain, onRevoke }: Props) {
  const { t } = useTranslation('colleagues')
  const nameOf = useRoleName()
  const { email, mailState, expiresAt, role, roleName } = invitation
  const isOver = new Date(expiresAt).getTime() <= useNow(15_000)
  const when = useRelative(expiresAt)
  const isRoleGone = role === 'custom' && roleName === null
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-2 bg-surface px-4 py-3">
      <div className="min-w-0 flex-1 basis-52">
        <h3 className="font-semibold wrap-anywhere">{email}</h3>
        <p className="text-soft wrap-anywhere">
          {t('invitations.as', { role: isRoleGone ? t('invitations.roleGone') : nameOf(invitation) })}
        </p>
        <div className="mt-1.5 flex flex-wrap items-center gap-1.5">
          <Badge tone={tones[mailState]}>{t(`invitations.mail.${mailState}`)}</Badge>
          <span className="text-sm text-faint">
            {isOver ? t('invitations.over') : t('invitations.until', { when })}
          </span>
        </div>
      </div>
      <div className="flex gap-1">
        <Button size="sm" busy={isSending} icon={<Send aria-hidden className="size-3.5" />} onClick={onAgain}>
          {t(byMail ? 'invitations.again' : 'invitations.newLink')}
        </Button>
        <IconButton
          size="sm"
          label={t('invitations.revoke', { email })}
          icon={<Trash2 aria-hidden className="size-4" />}
          onClick={onRevoke}
        />
      </div>
    </li>
  )
}
