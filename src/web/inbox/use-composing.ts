/** What is about to be sent: as whom, whether it may go, and the sending itself. The rules are the reply room's own. */
import { useMutation } from '@tanstack/react-query'
import { useDeferredValue, useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseView } from '../../cases/case-views.ts'
import type { ChannelRow } from '../../connectors/channel-contract.ts'
import { needsApproval } from '../../reply/approval.ts'
import { type Check, checkReply } from '../../reply/checks.ts'
import { countBytes, countGraphemes, whyNotFits } from '../../reply/length.ts'
import { replyRoutes } from '../../reply/reply-contract.ts'
import { call, isRefused } from '../api.ts'
import { useMe, useWhyNot } from '../me.ts'
import { queries } from '../queries.ts'
import { toast } from '../ui/toasts.ts'
import { problemWords } from '../words/problem.ts'
import { i18n } from '../words/words.ts'
import type { useDraft } from './use-draft.ts'
import { useGate } from './use-gate.ts'

type Drafting = ReturnType<typeof useDraft>

export function useComposing(it: CaseView, { draft, box }: Drafting, channels: ChannelRow[], brand: string) {
  const { t } = useTranslation('inbox')
  const { caseId } = it.card
  const usable = channels.filter((one) => one.network === it.card.network)
  const wanted = draft.channelId ?? it.card.channelId
  const channel = usable.find((one) => one.channelId === wanted) ?? usable[0]
  // Counting and checking long text may lag a key behind; sending always checks again.
  const settled = useDeferredValue(draft.text)
  const checks = useMemo(() => checksOf(settled, it, brand), [settled, it, brand])
  const left = useMemo(() => (channel ? roomLeft(settled, channel.limits) : 0), [settled, channel])

  const { agent, teams } = useMe()
  const rule = {
    teamAsks: teams.find((one) => one.teamId === it.card.teamId)?.needsApproval ?? false,
    channelAsks: channel?.needsApproval ?? false,
  }
  const asksApproval = needsApproval(rule, agent)
  const mayNot = useWhyNot('replies.write', channel)

  const gateShut = useGate(caseId, channel?.channelId)

  function whyNotSay(text: string, found: Check[]): string | null {
    if (mayNot) return mayNot
    if (it.card.status === 'closed') return t('composer.closed')
    // The server answers the newest post that still stands.
    if (it.posts.every((one) => one.voice !== 'customer' || one.gone === 'deleted'))
      return t('composer.deleted')
    if (it.card.network === 'api') return t('composer.notHere')
    if (!channel) return t('composer.noChannel')
    if (channel.state === 'paused') return t('composer.paused', { handle: `@${channel.handle}` })
    if (gateShut) return gateShut
    if (!text.trim()) return t('composer.empty')
    const fits = whyNotFits(text, channel.limits)
    if (fits) return i18n.t(fits, { ns: 'problems' })
    return found.some((one) => one.level === 'block') ? t('composer.blocked') : null
  }

  // A reply whose answer was lost may stand in the case already: then its words are no draft any more.
  const acceptedIds = it.replies.filter((one) => one.state !== 'undone').map((one) => one.replyId)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the ids stand for the list, which is new on every draw
  useEffect(() => box.settle(acceptedIds), [box, acceptedIds.join()])

  const send = useMutation({
    mutationFn: () =>
      box.send(({ text, replyId }) => {
        const channelId = channel!.channelId
        return call(replyRoutes.send, {
          params: { id: caseId },
          body: { replyId, channelId, text, purpose: 'answer' },
        })
      }, isRefused),
    onSuccess: () => {
      toast(asksApproval ? i18n.t('asked', { ns: 'approvals' }) : t('composer.sending'))
      void queries.invalidateQueries({ queryKey: ['case', caseId] })
    },
    onError: (error) => toast(problemWords(error), { tone: 'bad' }),
  })
  const trySend = () => {
    if (send.isPending) return
    const { text } = box.state().draft
    const reason = whyNotSay(text, checksOf(text, it, brand))
    if (reason) toast(reason, { tone: 'bad' })
    else send.mutate()
  }
  return {
    usable,
    channel,
    left,
    checks,
    gateShut,
    asksApproval,
    whyNot: whyNotSay(settled, checks),
    isSending: send.isPending,
    trySend,
  }
}

function checksOf(text: string, it: CaseView, brand: string): Check[] {
  if (!text.trim()) return []
  const lastReplies = it.replies.filter((one) => one.state !== 'undone').map((one) => one.text)
  return checkReply(text, { lastReplies, brand })
}

/** In user-perceived characters; fewer when the bytes run out first. */
function roomLeft(text: string, limits: { graphemes: number; bytes: number }): number {
  return Math.min(limits.graphemes - countGraphemes(text), limits.bytes - countBytes(text))
}
