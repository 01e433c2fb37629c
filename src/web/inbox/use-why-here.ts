/** Why a card stands where it stands, in words. The reasons are the queue's own (cases/queue.ts). */
import { format, isSameDay } from 'date-fns'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Card } from '../../cases/case-views.ts'
import { type Why, whyHere } from '../../cases/queue.ts'
import { useNow } from '../ui/now.ts'

export function useWhyHere(card: Card, position: number | null): { words: string; isOverdue: boolean } {
  const { t } = useTranslation('inbox')
  const now = new Date(useNow(15_000))
  const why = whyHere(card, position, now)
  if (why.where === 'closed')
    return { words: t('why.closed', { time: dayAndTime(new Date(card.closedAt!), now) }), isOverdue: false }
  if (why.where === 'answered') return { words: t('why.answered'), isOverdue: false }
  const parts = [
    why.position !== null &&
      t('why.inQueue', { place: t('why.place', { count: why.position, ordinal: true }) }),
    why.dueAt && promised(t, why, now),
    why.waitingMinutes !== null && t('why.waiting', { time: inWords(t, why.waitingMinutes) }),
    why.isFirstContact ? t('why.firstContact') : t('why.knownPerson'),
  ]
  return { words: parts.filter(Boolean).join(', '), isOverdue: why.isOverdue }
}

function promised(t: TFunction<'inbox'>, why: Why, now: Date): string {
  const due = dayAndTime(why.dueAt!, now)
  if (why.awaiting === 'first-answer')
    return why.isOverdue ? t('why.overdueFirst', { due }) : t('why.first', { due })
  return why.isOverdue ? t('why.overdueNext', { due }) : t('why.next', { due })
}

const dayAndTime = (at: Date, now: Date) => format(at, isSameDay(at, now) ? 'HH:mm' : 'EEE d MMM HH:mm')

function inWords(t: TFunction<'inbox'>, minutes: number): string {
  if (minutes < 1) return t('why.underAMinute')
  if (minutes < 60) return t('time.minutes', { ns: 'common', count: minutes })
  if (minutes < 48 * 60) return t('time.hours', { ns: 'common', count: Math.floor(minutes / 60) })
  return t('time.days', { ns: 'common', count: Math.floor(minutes / 1_440) })
}
