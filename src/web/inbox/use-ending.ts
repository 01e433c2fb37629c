/** A public ending offered while closing: drafted without anything personal, edited by the agent, sent only if wanted. */
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseView, outcomes } from '../../cases/case-views.ts'
import { type Check, checkReply } from '../../reply/checks.ts'
import { draftEnding } from '../../reply/ending.ts'
import { countGraphemes, whyNotFits } from '../../reply/length.ts'
import { replyRoutes } from '../../reply/reply-contract.ts'
import { call, isRefused } from '../api.ts'
import { channelsQuery, meQuery } from '../queries.ts'
import { i18n } from '../words/words.ts'

export type EndingDraft = ReturnType<typeof useEnding>

export function useEnding(
  it: CaseView,
  outcome: (typeof outcomes)[number] | null,
  outcomeBy: 'customer' | 'us',
) {
  const { t } = useTranslation('inbox')
  const { data: channels = [] } = useQuery(channelsQuery)
  const { data: me } = useQuery(meQuery)
  const usable = channels.filter((one) => one.network === it.card.network && one.state === 'open')
  const channel = usable.find((one) => one.channelId === it.card.channelId) ?? usable[0]
  const [wanted, setWanted] = useState(false)
  const [written, setWritten] = useState<string | null>(null)
  const replyId = useRef(crypto.randomUUID())

  const brand = me?.workspace.brand ?? ''
  const text = written ?? draftEnding({ outcome, outcomeBy }, brand, it.card.language)
  const isOn = wanted && outcome === 'solved'
  const checks: Check[] = isOn ? checkReply(text, { lastReplies: [], brand }) : []

  function whyNotEnd(): string | null {
    if (!isOn) return null
    if (!channel) return t('closing.endingNone')
    const fits = whyNotFits(text, channel.limits)
    if (fits) return i18n.t(fits, { ns: 'problems' })
    return checks.some((one) => one.level === 'block') ? t('composer.blocked') : null
  }

  return {
    wanted,
    setWanted,
    text,
    write: setWritten,
    checks,
    left: channel ? channel.limits.graphemes - countGraphemes(text) : 0,
    handle: channel?.handle ?? null,
    whyNot: whyNotEnd(),
    /** Answers the ending's id. Before the case is closed, so that an ending the network or the checks refuse leaves it open. */
    async send(): Promise<string | null> {
      if (!isOn || !channel) return null
      const body = {
        replyId: replyId.current,
        channelId: channel.channelId,
        text,
        purpose: 'public-ending' as const,
      }
      try {
        return (await call(replyRoutes.send, { params: { id: it.card.caseId }, body })).replyId
      } catch (error) {
        if (isRefused(error)) replyId.current = crypto.randomUUID()
        throw error
      }
    },
  }
}
