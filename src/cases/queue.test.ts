import { expect, test } from 'vitest'
import { whyHere } from './queue.ts'

const now = new Date('2026-11-18T12:00:30Z')
const aCard = (over: Partial<Parameters<typeof whyHere>[0]> = {}) => ({
  status: 'new' as const,
  unansweredSince: '2026-11-18T10:00:00.000Z',
  answerDueAt: '2026-11-18T14:00:00.000Z',
  firstAnsweredAt: null,
  customerPosts: 1,
  ...over,
})

test('a first contact waits for its first answer: since when, until when, and in which place', () => {
  expect(whyHere(aCard(), 3, now)).toEqual({
    where: 'queue',
    position: 3,
    awaiting: 'first-answer',
    isFirstContact: true,
    waitingSince: new Date('2026-11-18T10:00:00Z'),
    waitingMinutes: 120,
    dueAt: new Date('2026-11-18T14:00:00Z'),
    dueInMinutes: 119,
    isOverdue: false,
  })
})

test('who was answered before waits for the next answer', () => {
  const card = aCard({ status: 'open', firstAnsweredAt: '2026-11-18T09:00:00.000Z', customerPosts: 2 })

  expect(whyHere(card, 1, now)).toMatchObject({ awaiting: 'next-answer', isFirstContact: false })
})

test('a promise that ran out is overdue, by so many minutes', () => {
  const card = aCard({ answerDueAt: '2026-11-18T11:00:30.000Z' })

  expect(whyHere(card, 1, now)).toMatchObject({ isOverdue: true, dueInMinutes: -60 })
})

test('a case where we spoke last, and a closed one, stand in no queue', () => {
  const answered = aCard({ status: 'open', unansweredSince: null, answerDueAt: null })

  expect(whyHere(answered, 7, now)).toMatchObject({ where: 'answered', position: null, awaiting: null })
  expect(whyHere(aCard({ status: 'closed' }), 7, now)).toMatchObject({ where: 'closed', position: null })
})

test('a clock of the screen that runs behind shows nobody waiting for less than nothing', () => {
  expect(whyHere(aCard(), 1, new Date('2026-11-18T09:59:00Z')).waitingMinutes).toBe(0)
})
