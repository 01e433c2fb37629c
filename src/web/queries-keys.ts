/** API keys, as the screen reads them: one's own, or everybody's. */
import { infiniteQueryOptions } from '@tanstack/react-query'
import { apiKeyRoutes } from '../staff/api-key-contract.ts'
import { call } from './api.ts'

export type Whose = 'own' | 'all'

export const keysQuery = (whose: Whose) =>
  infiniteQueryOptions({
    queryKey: ['keys', whose],
    queryFn: ({ signal, pageParam }) =>
      call(whose === 'own' ? apiKeyRoutes.list : apiKeyRoutes.listAll, {
        query: { limit: 50, ...(pageParam && { after: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  })
