/** Who is signed in. Only for screens inside: there it is always known. */
import { useSuspenseQuery } from '@tanstack/react-query'
import type { CallResult } from '../base/contract.ts'
import type { staffRoutes } from '../staff/staff-contract.ts'
import { meQuery } from './queries.ts'

export type Me = CallResult<typeof staffRoutes.me>

export const useMe = (): Me => useSuspenseQuery(meQuery).data
