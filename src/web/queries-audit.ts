/** What the screens of the log, of looks and of searches read. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { lookRoutes } from '../people/look-contract.ts'
import { auditRoutes } from '../staff/audit-contract.ts'
import { call } from './api.ts'
import { actsSaying } from './settings/audit/sentence.ts'

export type AuditFilters = {
  agent?: string
  key?: string
  act?: string
  thing?: string
  /** Words typed: of a case, a person, a key, an act. */
  q?: string
  from?: string
  to?: string
}

const perPage = 50

export const auditQuery = (filters: AuditFilters) =>
  infiniteQueryOptions({
    queryKey: ['audit', filters],
    queryFn: ({ signal, pageParam }) =>
      call(auditRoutes.search, {
        query: { ...momentsOf(filters), limit: perPage, ...(pageParam && { after: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
    // A line gets its seal within a second of being written.
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.rows.some((row) => !row.seal)) ? 1_000 : 15_000,
  })

/** Days of the person's own calendar, as the moments at which they begin and end. */
export function momentsOf({ from, to, q, ...rest }: AuditFilters): AuditFilters & { acts?: string } {
  const acts = q ? actsSaying(q).join(',') : ''
  return {
    ...rest,
    ...(q && { q }),
    ...(acts && { acts }),
    ...(from && { from: new Date(`${from}T00:00:00`).toISOString() }),
    ...(to && { to: endOf(to).toISOString() }),
  }
}

function endOf(day: string): Date {
  const at = new Date(`${day}T00:00:00`)
  at.setDate(at.getDate() + 1)
  return at
}

export const exportAddress = (filters: AuditFilters, format: 'csv' | 'jsonl'): string =>
  `${auditRoutes.export.path}?${new URLSearchParams({ ...momentsOf(filters), format })}`

export const alertsQuery = (state: 'open' | 'all') =>
  queryOptions({
    queryKey: ['alerts', state],
    queryFn: ({ signal }) => call(lookRoutes.alerts, { query: { state, limit: 20 }, signal }),
  })

export const looksQuery = (asked: { agent?: string; author?: string }, limit = perPage) =>
  infiniteQueryOptions({
    queryKey: ['looks', asked, limit],
    queryFn: ({ signal, pageParam }) =>
      call(lookRoutes.looks, { query: { ...asked, limit, ...(pageParam && { after: pageParam }) }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
  })

export const foundQuery = (searchId: string) =>
  infiniteQueryOptions({
    queryKey: ['person-search', searchId],
    queryFn: ({ signal, pageParam }) =>
      call(lookRoutes.found, {
        params: { id: searchId },
        query: { ...(pageParam && { after: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  })
