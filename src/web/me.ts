/** Who is signed in. Only for screens inside: there it is always known. */
import { useSuspenseQuery } from '@tanstack/react-query'
import type { CallResult } from '../base/contract.ts'
import { type Permission, type Where, whyNot } from '../staff/permissions.ts'
import type { staffRoutes } from '../staff/staff-contract.ts'
import { meQuery } from './queries.ts'
import { i18n } from './words/words.ts'

export type Me = CallResult<typeof staffRoutes.me>

export const useMe = (): Me => useSuspenseQuery(meQuery).data

/** Why I may not, in words, or null: the server's own question, asked before the press. */
export function useWhyNot(needed: Permission, where?: Where): string | null {
  const { agent } = useMe()
  const reason = whyNot(agent, needed, where)
  return reason && i18n.t(reason, { ns: 'problems' })
}
