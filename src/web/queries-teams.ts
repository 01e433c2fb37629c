/** What the screens read of teams, hours and people. */
import { queryOptions } from '@tanstack/react-query'
import { presenceRoutes } from '../cases/presence-contract.ts'
import { absenceRoutes } from '../staff/absence-contract.ts'
import { hoursRoutes } from '../staff/hours-contract.ts'
import { teamRoutes } from '../staff/team-contract.ts'
import { call } from './api.ts'

export const teamsQuery = queryOptions({
  queryKey: ['teams'],
  queryFn: ({ signal }) => call(teamRoutes.list, { signal }),
})
export const hoursQuery = queryOptions({
  queryKey: ['hours'],
  queryFn: ({ signal }) => call(hoursRoutes.read, { signal }),
})
export const absencesQuery = queryOptions({
  queryKey: ['absences'],
  queryFn: ({ signal }) => call(absenceRoutes.list, { signal }),
  // An absence begins and ends by itself, told by nobody.
  refetchInterval: 60_000,
})
/** Coming and going is told to nobody but those at the same case: who shows it asks now and then. */
export const presenceQuery = queryOptions({
  queryKey: ['presence'],
  queryFn: ({ signal }) => call(presenceRoutes.list, { signal }),
  staleTime: 10_000,
  refetchInterval: 30_000,
})
export const returnedQuery = (absenceId: string) =>
  queryOptions({
    queryKey: ['absences', absenceId],
    queryFn: ({ signal }) => call(presenceRoutes.returned, { params: { id: absenceId }, signal }),
  })
