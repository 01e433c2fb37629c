import { expect, test } from 'vitest'
import type { Card } from '../cases/case-views.ts'
import { looksWrong, putCard } from './lists.ts'

const me = 'me'
const aCard = (over: Partial<Card>): Card =>
  ({
    caseId: 'a',
    version: 1,
    status: 'new',
    assigneeId: null,
    answerDueAt: '2026-11-23T13:00:00.000Z',
    unansweredSince: '2026-11-22T09:00:00.000Z',
    lastSaidAt: '2026-11-22T09:00:00.000Z',
    closedAt: null,
    ...over,
  }) as Card
const page = (cards: Card[], next: string | null = null) => ({ cards, next })
const order = (pages: { cards: Card[] }[]) => pages.map((it) => it.cards.map((card) => card.caseId))

test('a new case stands in the queue where its promise puts it', () => {
  const early = aCard({ caseId: 'early', answerDueAt: '2026-11-23T10:00:00.000Z' })
  const late = aCard({ caseId: 'late', answerDueAt: '2026-11-23T15:00:00.000Z' })

  expect(order(putCard([page([early, late])], 'queue', aCard({}), me))).toEqual([['early', 'a', 'late']])
})

test('among equal promises, who waits longest comes first', () => {
  const waits = aCard({ caseId: 'b', unansweredSince: '2026-11-22T08:00:00.000Z' })

  expect(order(putCard([page([aCard({})])], 'queue', waits, me))).toEqual([['b', 'a']])
})

test('an answered case leaves the queue and stands first among the answered', () => {
  const answered = aCard({ version: 2, unansweredSince: null, lastSaidAt: '2026-11-22T10:00:00.000Z' })
  const older = aCard({ caseId: 'b', unansweredSince: null })

  expect(order(putCard([page([aCard({})])], 'queue', answered, me))).toEqual([[]])
  expect(order(putCard([page([older])], 'answered', answered, me))).toEqual([['a', 'b']])
})

test('a case that a colleague took is not among mine', () => {
  const taken = aCard({ version: 2, assigneeId: 'ana', status: 'open' })

  expect(order(putCard([page([aCard({ assigneeId: me })])], 'mine', taken, me))).toEqual([[]])
})

test('older news about a case changes nothing', () => {
  const pages = [page([aCard({ version: 5 })])]

  expect(putCard(pages, 'queue', aCard({ version: 4, status: 'closed' }), me)).toBe(pages)
})

test('beyond the last loaded page nothing is guessed, and on a last page it is appended', () => {
  const late = aCard({ caseId: 'z', answerDueAt: '2026-12-01T10:00:00.000Z' })

  expect(order(putCard([page([aCard({})], 'more')], 'queue', late, me))).toEqual([['a']])
  expect(order(putCard([page([aCard({})], null)], 'queue', late, me))).toEqual([['a', 'z']])
  expect(order(putCard([page([], null)], 'queue', late, me))).toEqual([['z']])
})

test('a case that moves to a later page is on one page only', () => {
  const moved = aCard({ version: 2, answerDueAt: '2026-11-25T10:00:00.000Z' })
  const b = aCard({ caseId: 'b', answerDueAt: '2026-11-24T10:00:00.000Z' })
  const c = aCard({ caseId: 'c', answerDueAt: '2026-11-26T10:00:00.000Z' })

  expect(order(putCard([page([aCard({}), b], 'more'), page([c])], 'queue', moved, me))).toEqual([
    ['b'],
    ['a', 'c'],
  ])
})

test('a list is asked for anew when its beginning is not what is counted, and not for the sake of its end', () => {
  const cards = (count: number) => Array.from({ length: count }, (_, at) => aCard({ caseId: `${at}` }))

  expect(looksWrong([page(cards(50), 'more')], 120)).toBe(false)
  expect(looksWrong([page(cards(50)), page(cards(49))], 120)).toBe(false)
  expect(looksWrong([page(cards(7))], 7)).toBe(false)
  expect(looksWrong([page(cards(0), 'more')], 70)).toBe(true)
  expect(looksWrong([page(cards(49), 'more')], 120)).toBe(true)
  expect(looksWrong([page(cards(7))], 8)).toBe(true)
  expect(looksWrong([page(cards(7))], 6)).toBe(true)
})
