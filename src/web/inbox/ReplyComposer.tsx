import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseView } from '../../cases/case-views.ts'
import { tellWriting } from '../presence.ts'
import { channelsQuery, meQuery } from '../queries.ts'
import { useShortcuts } from '../shortcuts.ts'
import { Button } from '../ui/Button.tsx'
import { Select } from '../ui/Select.tsx'
import { TextArea } from '../ui/TextArea.tsx'
import { useUndo } from './acts.ts'
import { Checks } from './Checks.tsx'
import { isSend } from './NoteComposer.tsx'
import { WritingWarning } from './Onlookers.tsx'
import { Preview } from './Preview.tsx'
import { useComposing } from './use-composing.ts'
import { useDraft } from './use-draft.ts'

type Props = { it: CaseView; name: string; focusAsked: number }

export function ReplyComposer({ it, name, focusAsked }: Props) {
  const { t } = useTranslation('inbox')
  const { data: channels } = useQuery(channelsQuery)
  const { data: me } = useQuery(meQuery)
  const draft = useDraft(it.card.caseId)
  const composing = useComposing(it, draft, channels ?? [], me?.workspace.brand ?? '')
  const undo = useUndo()
  const area = useRef<HTMLTextAreaElement>(null)
  const alreadyWaits = it.replies.some((reply) => reply.state === 'awaiting-approval')
  const newest = it.replies.findLast((reply) => reply.state === 'queued')

  useShortcuts(t('keys.heading'), [
    {
      keys: 'u',
      does: t('keys.undo'),
      run: () => newest && undo.mutate({ replyId: newest.replyId, caseId: it.card.caseId }),
    },
  ])
  useEffect(() => {
    if (focusAsked > 0) area.current?.focus()
  }, [focusAsked])

  const { usable, channel, left, checks, gateShut, asksApproval, whyNot, isSending, trySend } = composing
  if (it.card.network === 'api') {
    const by = it.matchedBy.find((one) => one.rule === 'handed-in')?.name
    return (
      <p dir="auto" className="text-soft wrap-anywhere">
        {by ? t('composer.handedInBy', { name: by }) : t('composer.handedIn')} {t('composer.notHere')}
      </p>
    )
  }
  if (channels && usable.length === 0) {
    return (
      <p className="flex flex-wrap items-center gap-x-3 text-soft">
        {t('composer.noChannel')}
        <Link
          to="/channels"
          className="touch inline-flex items-center font-medium text-accent-ink underline underline-offset-2"
        >
          {t('composer.noChannelAction')}
        </Link>
      </p>
    )
  }
  return (
    <>
      <WritingWarning caseId={it.card.caseId} />
      {gateShut && (
        <p
          role="status"
          className="mb-2 rounded-md border border-warn-line bg-warn-soft px-3 py-1.5 text-sm text-warn"
        >
          {gateShut}
        </p>
      )}
      {channel?.state === 'paused' && (
        <p className="mb-2 text-sm text-warn">{t('composer.paused', { handle: `@${channel.handle}` })}</p>
      )}
      {asksApproval && (
        <p className="mb-2 text-sm text-soft">
          {t(alreadyWaits ? 'alreadyWaits' : 'asks', { ns: 'approvals' })}
        </p>
      )}
      <TextArea
        ref={area}
        dir="auto"
        rows={2}
        value={draft.draft.text}
        aria-label={t('composer.replyLabel')}
        aria-describedby="reply-left"
        placeholder={t('composer.replyPlaceholder', { name })}
        onChange={(event) => {
          draft.box.change({ ...draft.draft, text: event.target.value })
          tellWriting(event.target.value)
        }}
        onKeyDown={(event) => {
          if (!isSend(event)) return
          event.preventDefault()
          trySend()
        }}
        className="w-full"
      />
      <Checks checks={checks} />
      <Preview text={draft.draft.text} />
      <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-2">
        {usable.length > 1 ? (
          <span className="flex items-center gap-2 text-sm text-soft">
            <label htmlFor="answer-as" className="whitespace-nowrap">
              {t('composer.answerAs')}
            </label>
            <Select
              id="answer-as"
              className="w-44"
              value={channel?.channelId}
              onChange={(event) => draft.box.change({ ...draft.draft, channelId: event.target.value })}
            >
              {usable.map((one) => (
                <option key={one.channelId} value={one.channelId}>
                  @{one.handle}
                </option>
              ))}
            </Select>
          </span>
        ) : (
          channel && (
            <span className="min-w-0 truncate text-sm text-faint">
              {t('composer.answerAs')} @{channel.handle}
            </span>
          )
        )}
        <span aria-live="polite" className="text-sm text-faint">
          {draft.saving === 'saved' && t('composer.saved')}
          {draft.saving === 'here-only' && t('composer.notSaved')}
        </span>
        <span className="ml-auto flex items-center gap-3">
          <span
            id="reply-left"
            className={left < 0 ? 'text-sm text-bad tabular-nums' : 'text-sm text-faint tabular-nums'}
          >
            {left < 0 ? t('composer.over', { count: -left }) : t('composer.left', { count: left })}
          </span>
          <Button tone="primary" whyNot={whyNot} busy={isSending} keys="Ctrl ↵" onClick={trySend}>
            {asksApproval ? t('ask', { ns: 'approvals' }) : t('composer.send')}
          </Button>
        </span>
      </div>
    </>
  )
}
