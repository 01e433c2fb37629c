/** What the screens about people read. Keys as in queries.ts. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { colleagueRoutes } from '../staff/colleague-contract.ts'
import { invitationRoutes } from '../staff/invitation-contract.ts'
import { letterRoutes } from '../staff/invitation-letters-contract.ts'
import { resetRoutes } from '../staff/reset-contract.ts'
import { roleRoutes } from '../staff/role-contract.ts'
import { call } from './api.ts'

const perPage = 100

export const agentsQuery = infiniteQueryOptions({
  queryKey: ['agents'],
  queryFn: ({ signal, pageParam }) =>
    call(colleagueRoutes.list, { query: { limit: perPage, ...(pageParam && { after: pageParam }) }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
})
export const invitationsQuery = infiniteQueryOptions({
  queryKey: ['invitations'],
  queryFn: ({ signal, pageParam }) =>
    call(invitationRoutes.list, {
      query: { limit: perPage, ...(pageParam && { after: pageParam }) },
      signal,
    }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
})
export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: ({ signal }) => call(roleRoutes.list, { signal }),
})
export const lettersQuery = queryOptions({
  queryKey: ['letters'],
  queryFn: ({ signal }) => call(letterRoutes.list, { signal }),
  staleTime: 0,
})
export const resetWayQuery = queryOptions({
  queryKey: ['reset-way'],
  queryFn: ({ signal }) => call(resetRoutes.way, { signal }),
})
export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => call(invitationRoutes.look, { body: { token }, signal }),
    staleTime: 0,
  })
