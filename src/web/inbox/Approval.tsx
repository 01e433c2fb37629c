import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReplyView } from '../../cases/case-views.ts'
import { whyNotApprove } from '../../reply/approval.ts'
import { useMe } from '../me.ts'
import { Badge } from '../ui/Badge.tsx'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Field } from '../ui/Field.tsx'
import { TextArea } from '../ui/TextArea.tsx'
import { i18n } from '../words/words.ts'
import { useApproval } from './use-approval.ts'

type Words = Pick<ReplyView, 'replyId' | 'byAgentId'>
type Props = { reply: Words; caseId: string }

/** Words that wait for a second person: who may decide does so here, and their author may take them back. */
export function Approval({ reply, caseId }: Props) {
  const { t } = useTranslation('inbox')
  return (
    <footer className="mt-2 flex flex-wrap items-center gap-2 text-sm text-soft">
      <Badge tone="warn">{t('reply.state.awaiting-approval')}</Badge>
      <ApprovalButtons reply={reply} caseId={caseId} />
    </footer>
  )
}

export function ApprovalButtons({ reply, caseId }: Props) {
  const { t } = useTranslation('approvals')
  const { agent, colleagues } = useMe()
  const [returning, setReturning] = useState(false)
  const authorName = colleagues.find((it) => it.agentId === reply.byAgentId)?.name ?? '?'
  const { approve, giveBack, withdraw } = useApproval({ replyId: reply.replyId, caseId, authorName })
  const isOwn = reply.byAgentId === agent.agentId
  const reason = whyNotApprove(reply, agent)
  const whyNot = reason && i18n.t(reason, { ns: 'problems' })
  if (isOwn) {
    return (
      <Button size="sm" className="ml-auto" busy={withdraw.isPending} onClick={() => withdraw.mutate()}>
        {t('withdraw')}
      </Button>
    )
  }
  if (reason === 'not-allowed') return null
  return (
    <span className="ml-auto flex gap-1.5">
      <Button size="sm" tone="quiet" whyNot={whyNot} onClick={() => setReturning(true)}>
        {t('return')}
      </Button>
      <Button
        size="sm"
        tone="primary"
        whyNot={whyNot}
        busy={approve.isPending}
        onClick={() => approve.mutate()}
      >
        {t('approve')}
      </Button>
      <ReturnDialog
        open={returning}
        onOpenChange={setReturning}
        onReturn={(why) => giveBack.mutate(why, { onSuccess: () => setReturning(false) })}
        busy={giveBack.isPending}
      />
    </span>
  )
}

type ReturnProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  onReturn: (reason: string) => void
  busy: boolean
}

function ReturnDialog({ open, onOpenChange, onReturn, busy }: ReturnProps) {
  const { t } = useTranslation('approvals')
  const { t: common } = useTranslation()
  const [reason, setReason] = useState('')
  const [isTold, setTold] = useState(false)
  const send = () => (reason.trim() ? onReturn(reason) : setTold(true))
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('returnTitle')}
      description={t('returnLead')}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{common('cancel')}</Button>
          <Button tone="primary" busy={busy} onClick={send}>
            {t('return')}
          </Button>
        </>
      }
    >
      <Field label={t('reason')} error={isTold && !reason.trim() ? t('reasonMissing') : null}>
        <TextArea
          rows={3}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
    </Dialog>
  )
}
