/** A view's cards as one list, with who stands where and who is next to whom. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { casesQuery, type ListView } from '../queries.ts'

export type List = ReturnType<typeof useList>

export function useList(view: ListView, openId: string | null) {
  const query = useInfiniteQuery(casesQuery(view))
  const cards = query.data?.pages.flatMap((it) => it.cards) ?? []
  const openAt = cards.findIndex((it) => it.caseId === openId)
  return {
    query,
    cards,
    counts: query.data?.pages.at(-1)?.counts,
    /** 1 is next; null where there is no order to stand in. */
    positionOf(caseId: string): number | null {
      const at = cards.findIndex((it) => it.caseId === caseId)
      return view === 'queue' && at >= 0 ? at + 1 : null
    },
    /** The case above (-1) or below (1) the open one; the first when none is open. */
    neighbour(step: 1 | -1): string | undefined {
      return openAt < 0 ? cards[0]?.caseId : cards[openAt + step]?.caseId
    },
  }
}
