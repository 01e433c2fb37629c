/**
 * Where a card stands: which lists it belongs to and in which order, as the server would say.
 *
 * In:  a card as it is now, and the pages of a list as they were.
 * Out: the pages as they should be, so that the screen is right before it has asked again.
 */
import type { Card } from '../cases/case-views.ts'
import type { ListView } from './queries.ts'

export const cardsPerPage = 50

export function belongsTo(view: ListView, card: Card, myId: string | null): boolean {
  if (view === 'closed') return card.status === 'closed'
  if (card.status === 'closed') return false
  if (view === 'mine') return card.assigneeId !== null && card.assigneeId === myId
  return view === 'queue' ? card.unansweredSince !== null : card.unansweredSince === null
}

/** Negative when `a` stands before `b`. ISO times compare as words. */
export function compareIn(view: ListView, a: Card, b: Card): number {
  if (view === 'queue')
    return (
      soonest(a.answerDueAt, b.answerDueAt) ||
      soonest(a.unansweredSince, b.unansweredSince) ||
      words(a.caseId, b.caseId)
    )
  const at = (it: Card) => (view === 'closed' ? (it.closedAt ?? '') : it.lastSaidAt)
  return words(at(b), at(a)) || words(a.caseId, b.caseId)
}

type ListPage = { cards: Card[]; next: string | null }

/** The pages with this card where it belongs, or without it. Beyond the last loaded page nothing is guessed. */
export function putCard<P extends ListPage>(
  pages: P[],
  view: ListView,
  card: Card,
  myId: string | null,
): P[] {
  const known = pages.flatMap((it) => it.cards).find((it) => it.caseId === card.caseId)
  if (known && known.version > card.version) return pages
  const without = withoutCard(pages, card.caseId)
  if (!belongsTo(view, card, myId)) return known ? without : pages
  const page = without.findIndex((it, at) => {
    const last = it.cards.at(-1)
    const isLastPage = at === without.length - 1
    return (isLastPage && it.next === null) || (last !== undefined && compareIn(view, card, last) < 0)
  })
  return without.map((it, at) => (at === page ? { ...it, cards: insert(view, it.cards, card) } : it))
}

export const withoutCard = <P extends ListPage>(pages: P[], caseId: string): P[] =>
  pages.map((it) => ({ ...it, cards: it.cards.filter((card) => card.caseId !== caseId) }))

/**
 * Whether the beginning of a list should be asked for anew: so many were taken out of it by colleagues that the rest is
 * due, or a card was missed. Long lists are not gone through for the sake of their end.
 */
export function looksWrong(pages: ListPage[], count: number): boolean {
  const held = pages.reduce((sum, it) => sum + it.cards.length, 0)
  return Math.min(held, cardsPerPage) !== Math.min(count, cardsPerPage)
}

function insert(view: ListView, cards: Card[], card: Card): Card[] {
  const at = cards.findIndex((it) => compareIn(view, card, it) < 0)
  return at < 0 ? [...cards, card] : cards.toSpliced(at, 0, card)
}

const words = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const soonest = (a: string | null, b: string | null) =>
  a === b ? 0 : a === null ? 1 : b === null ? -1 : words(a, b)
