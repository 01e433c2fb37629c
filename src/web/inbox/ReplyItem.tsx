import { useTranslation } from 'react-i18next'
import type { ReplyView } from '../../cases/case-views.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Badge, type Tone } from '../ui/Badge.tsx'
import { Button } from '../ui/Button.tsx'
import { useNow } from '../ui/now.ts'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Approval } from './Approval.tsx'
import { useDecide, useUndo } from './acts.ts'

type Props = { reply: ReplyView; caseId: string; agentName: string; handle: string }

const said = { answer: 'reply.by', 'public-ending': 'reply.endingBy' } as const
const waiting = { answer: 'reply.wouldBy', 'public-ending': 'reply.wouldEndBy' } as const

/** What we said, and the truth about whether it arrived. */
export function ReplyItem({ reply, caseId, agentName, handle }: Props) {
  const { t } = useTranslation('inbox')
  const waits = reply.state === 'awaiting-approval'
  const keys = waits ? waiting : said
  const by = t(keys[reply.purpose], { name: agentName, handle: `@${handle}` })
  return (
    <article aria-label={by} className="flex gap-3 px-4 py-3 desk:px-6">
      <Avatar name={agentName} ours />
      <div className="min-w-0 flex-1 rounded-lg border border-accent-line bg-accent-soft px-3 py-2">
        <header className="flex flex-wrap items-baseline gap-x-2 text-sm">
          <span className="min-w-0 truncate font-semibold">{by}</span>
          <RelativeTime at={reply.sentAt ?? reply.queuedAt} className="ml-auto shrink-0 text-faint" />
        </header>
        <p dir="auto" className="strangers mt-1">
          {reply.text}
        </p>
        {waits ? <Approval reply={reply} caseId={caseId} /> : <Delivery reply={reply} caseId={caseId} />}
      </div>
    </article>
  )
}

const tones: Record<ReplyView['state'], Tone> = {
  'awaiting-approval': 'warn',
  queued: 'neutral',
  sending: 'neutral',
  sent: 'good',
  refused: 'bad',
  unknown: 'warn',
  'needs-person': 'bad',
  undone: 'neutral',
  'deleted-by-owner': 'neutral',
}

/** Our own reasons have words; what a network says is shown as it said it. */
const ourReasons = [
  'not-there-yet',
  'nobody-can-tell',
  'unreachable',
  'post-deleted',
  'channel-removed',
  'restored',
  'imported',
] as const

function Delivery({ reply, caseId }: { reply: ReplyView; caseId: string }) {
  const { t } = useTranslation('inbox')
  const undo = useUndo()
  const decide = useDecide()
  const left = Math.ceil((Date.parse(reply.sendAfter) - useNow()) / 1_000)
  const ours = ourReasons.find((it) => it === reply.detail)
  const undoable = reply.state === 'queued' && left > 0
  const needsPerson = reply.state === 'refused' || reply.state === 'needs-person'
  const hidden = reply.state === 'sent' && reply.shown === 'hidden'
  return (
    <footer className="mt-2 flex flex-wrap items-center gap-2 text-sm text-soft" aria-live="polite">
      <Badge tone={hidden ? 'warn' : tones[reply.state]}>
        {undoable
          ? t('reply.state.queued', { seconds: left })
          : reply.state === 'queued'
            ? t('reply.state.queuedSoon')
            : t(`reply.state.${reply.state}`)}
      </Badge>
      {reply.state === 'sent' && reply.shown !== 'unchecked' && (
        <span className={hidden ? 'text-warn' : ''}>
          {t(`reply.shown.${reply.shown}`, { reason: reply.shownReason ?? '' })}
        </span>
      )}
      {reply.detail && reply.state !== 'sent' && (
        <span className="wrap-anywhere">{ours ? t(`reply.detail.${ours}`) : reply.detail}</span>
      )}
      <span className="ml-auto flex gap-1.5">
        {undoable && (
          <Button
            size="sm"
            keys="u"
            busy={undo.isPending}
            onClick={() => undo.mutate({ replyId: reply.replyId, caseId })}
          >
            {t('reply.undo')}
          </Button>
        )}
        {needsPerson && (
          <>
            <Button
              size="sm"
              busy={decide.isPending}
              onClick={() => decide.mutate({ replyId: reply.replyId, decision: 'again' })}
            >
              {t('reply.again')}
            </Button>
            <Button
              size="sm"
              tone="quiet"
              onClick={() => decide.mutate({ replyId: reply.replyId, decision: 'give-up' })}
            >
              {t('reply.giveUp')}
            </Button>
          </>
        )}
      </span>
    </footer>
  )
}
