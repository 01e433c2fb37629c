/** What is about to be sent: as whom, whether it may go, and the sending itself. The rules are the reply room's own. */
import { useMutation } from '@tanstack/react-query'
import { useDeferredValue, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseView } from '../../cases/case-contract.ts'
import type { ChannelRow } from '../../connectors/channel-contract.ts'
import { type Check, checkReply } from '../../reply/checks.ts'
import { countBytes, countGraphemes, whyNotFits } from '../../reply/length.ts'
import { replyRoutes } from '../../reply/reply-contract.ts'
import { call } from '../api.ts'
import { queries } from '../queries.ts'
import { toast } from '../ui/toasts.ts'
import { problemWords } from '../words/problem.ts'
import { i18n } from '../words/words.ts'
import type { useDraft } from './use-draft.ts'

export function useComposing(
  it: CaseView,
  draft: ReturnType<typeof useDraft>,
  channels: ChannelRow[],
  brand: string,
) {
  const { t } = useTranslation('inbox')
  const usable = channels.filter((one) => one.network === it.card.network)
  const wanted = draft.draft.channelId ?? it.card.channelId
  const channel = usable.find((one) => one.channelId === wanted) ?? usable[0]
  const text = draft.draft.text
  // Checking long text may lag a key behind; sending always checks again.
  const settled = useDeferredValue(text)
  const checks = useMemo(() => checksOf(settled, it, brand), [settled, it, brand])
  const left = useMemo(() => (channel ? roomLeft(text, channel.limits) : 0), [text, channel])
  const replyId = useRef<string | null>(null)

  const whyNot = whyNotSend()
  function whyNotSend(): string | null {
    if (it.card.status === 'closed') return t('composer.closed')
    // The server answers the newest post that still stands.
    if (it.posts.every((one) => one.voice !== 'customer' || one.gone === 'deleted'))
      return t('composer.deleted')
    if (!channel) return t('composer.noChannel')
    if (!text.trim()) return t('composer.empty')
    const fits = whyNotFits(text, channel.limits)
    if (fits) return i18n.t(fits, { ns: 'problems' })
    return checksOf(text, it, brand).some((one) => one.level === 'block') ? t('composer.blocked') : null
  }

  const send = useMutation({
    mutationFn: async () => {
      if (whyNot || !channel) return null
      // The same id when an answer was lost on its way back: one reply, however often it is asked for.
      replyId.current ??= crypto.randomUUID()
      return call(replyRoutes.send, {
        params: { id: it.card.caseId },
        body: { replyId: replyId.current, channelId: channel.channelId, text, purpose: 'answer' },
      })
    },
    onSuccess: (reply) => {
      if (!reply) return
      replyId.current = null
      draft.clear()
      toast(t('composer.sending'))
      void queries.invalidateQueries({ queryKey: ['case', it.card.caseId] })
    },
    onError: (error) => {
      if (!isLost(error)) replyId.current = null
      toast(problemWords(error), { tone: 'bad' })
    },
  })
  return { usable, channel, left, checks, whyNot, send }
}

/** No answer came: the reply may be queued, so trying again must use the same id. */
const isLost = (error: unknown) =>
  error instanceof Error && 'code' in error && (error.code === 'offline' || error.code === 'busy')

function checksOf(text: string, it: CaseView, brand: string): Check[] {
  if (!text.trim()) return []
  const lastReplies = it.replies.filter((one) => one.state !== 'undone').map((one) => one.text)
  return checkReply(text, { lastReplies, brand })
}

/** In user-perceived characters; fewer when the bytes run out first. */
function roomLeft(text: string, limits: { graphemes: number; bytes: number }): number {
  return Math.min(limits.graphemes - countGraphemes(text), limits.bytes - countBytes(text))
}
