/**
 * Why a card stands where it stands, in codes and values; the screen turns them into words.
 *
 * In:  a card, its place in the list as shown, and the time.
 * Out: what was promised, who waits since when, and whether the promise is broken.
 *
 * The order itself is the database's (card.sql.ts): first answer due, then waiting time. Reach is not known here,
 * and nothing here could use it (P3).
 */
import type { Card } from './case-views.ts'

export type Why = {
  where: 'queue' | 'answered' | 'closed'
  /** 1 is next. Null outside the queue, or where the list is not shown. */
  position: number | null
  awaiting: 'first-answer' | 'next-answer' | null
  /** They have said one thing and heard nothing from us yet. */
  isFirstContact: boolean
  waitingSince: Date | null
  waitingMinutes: number | null
  dueAt: Date | null
  /** Minutes on the clock until the answer is due; below zero it is overdue by as many. */
  dueInMinutes: number | null
  isOverdue: boolean
}

type Standing = Pick<Card, 'status' | 'unansweredSince' | 'answerDueAt' | 'firstAnsweredAt' | 'customerPosts'>

export function whyHere(card: Standing, position: number | null, now: Date): Why {
  const since = card.unansweredSince ? new Date(card.unansweredSince) : null
  const isFirstContact = card.firstAnsweredAt === null && card.customerPosts === 1
  if (card.status === 'closed' || !since) {
    const where = card.status === 'closed' ? 'closed' : 'answered'
    return { ...outsideTheQueue, where, isFirstContact }
  }
  const dueAt = card.answerDueAt ? new Date(card.answerDueAt) : null
  return {
    where: 'queue',
    position,
    awaiting: card.firstAnsweredAt === null ? 'first-answer' : 'next-answer',
    isFirstContact,
    waitingSince: since,
    waitingMinutes: Math.max(0, minutesBetween(since, now)),
    dueAt,
    dueInMinutes: dueAt && minutesBetween(now, dueAt),
    isOverdue: dueAt !== null && dueAt < now,
  }
}

const minutesBetween = (from: Date, to: Date) => Math.floor((to.getTime() - from.getTime()) / 60_000)

const outsideTheQueue = {
  position: null,
  awaiting: null,
  waitingSince: null,
  waitingMinutes: null,
  dueAt: null,
  dueInMinutes: null,
  isOverdue: false,
}
