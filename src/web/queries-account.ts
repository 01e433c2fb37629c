/** What the screens read of one's own account. */
import { queryOptions } from '@tanstack/react-query'
import type { CallResult } from '../base/contract.ts'
import { ownAccountRoutes } from '../staff/own-account-contract.ts'
import { call } from './api.ts'

export type OwnAccount = CallResult<typeof ownAccountRoutes.account>
export type OwnSessionRow = CallResult<typeof ownAccountRoutes.sessions>['rows'][number]

export const accountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: ({ signal }) => call(ownAccountRoutes.account, { signal }),
  // Changed here or on another device of the same person: told by nobody.
  staleTime: 0,
})
export const sessionsQuery = queryOptions({
  queryKey: ['account', 'sessions'],
  queryFn: ({ signal }) => call(ownAccountRoutes.sessions, { signal }),
  staleTime: 0,
  refetchInterval: 30_000,
})
