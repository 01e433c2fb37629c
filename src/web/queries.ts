/** What the screens read, by name. One key per thing, so that the live stream can patch and refresh it. */
import { infiniteQueryOptions, QueryClient, queryOptions } from '@tanstack/react-query'
import { caseRoutes, type listViews } from '../cases/case-contract.ts'
import { channelRoutes } from '../connectors/channel-contract.ts'
import { sourceRoutes } from '../listen/source-contract.ts'
import { watchRoutes } from '../match/watch-contract.ts'
import { approvalRoutes } from '../reply/approval-contract.ts'
import { staffRoutes } from '../staff/staff-contract.ts'
import { call, isProblem } from './api.ts'
import { cardsPerPage } from './lists.ts'

export const queries = new QueryClient({
  defaultOptions: {
    // Offline is said at once: a press must never be held back and carried out later with other words.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      // The live stream tells what changed; asking again on every focus would only flicker.
      staleTime: 60_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 2 && isProblem(error, 'offline', 'broken', 'busy'),
    },
  },
})

export type ListView = (typeof listViews)[number]

export const doorQuery = queryOptions({
  queryKey: ['door'],
  queryFn: ({ signal }) => call(staffRoutes.door, { signal }),
  staleTime: 0,
})
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => call(staffRoutes.me, { signal }),
})
export const channelsQuery = queryOptions({
  queryKey: ['channels'],
  queryFn: ({ signal }) => call(channelRoutes.list, { signal }),
})
export const sourcesQuery = queryOptions({
  queryKey: ['sources'],
  queryFn: ({ signal }) => call(sourceRoutes.list, { signal }),
  // When something was last heard changes all the time and is told by nobody.
  refetchInterval: 15_000,
})
export const watchesQuery = queryOptions({
  queryKey: ['watches'],
  queryFn: ({ signal }) => call(watchRoutes.list, { signal }),
})
export const casesQuery = (view: ListView) =>
  infiniteQueryOptions({
    queryKey: ['cases', view],
    queryFn: ({ signal, pageParam }) =>
      call(caseRoutes.list, {
        query: { view, limit: cardsPerPage, ...(pageParam && { after: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  })
export const caseQuery = (caseId: string) =>
  queryOptions({
    queryKey: ['case', caseId],
    queryFn: ({ signal }) => call(caseRoutes.open, { params: { id: caseId }, signal }),
  })
/** Replies that wait for a second person: the first page is what one decides on next. */
export const approvalsQuery = queryOptions({
  queryKey: ['approvals'],
  queryFn: ({ signal }) => call(approvalRoutes.list, { query: { limit: 100 }, signal }),
})
/** The whole thread as its network shows it now; other voices are never stored, so this one goes stale quickly. */
export const threadQuery = (caseId: string) =>
  queryOptions({
    queryKey: ['thread', caseId],
    queryFn: ({ signal }) => call(caseRoutes.thread, { params: { id: caseId }, signal }),
    staleTime: 30_000,
    // Deleted there is gone here within a minute, also on a screen that stays open.
    refetchInterval: 30_000,
  })
