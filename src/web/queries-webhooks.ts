/** Webhooks, as the screens read them. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { WebhookType } from '../base/webhook-events.ts'
import { type DeliveryRow, webhookRoutes } from '../staff/webhook-contract.ts'
import { call } from './api.ts'

export const webhooksQuery = queryOptions({
  queryKey: ['webhooks'],
  queryFn: ({ signal }) => call(webhookRoutes.list, { signal }),
  // What was delivered is told by nobody: it would be a storm.
  refetchInterval: 15_000,
})

export type LogFilter = { state?: DeliveryRow['state'] | undefined; type?: WebhookType | undefined }

export const deliveriesQuery = (destinationId: string, { state, type }: LogFilter) =>
  infiniteQueryOptions({
    queryKey: ['webhooks', destinationId, 'deliveries', state ?? '', type ?? ''],
    queryFn: ({ signal, pageParam }) =>
      call(webhookRoutes.deliveries, {
        params: { id: destinationId },
        query: {
          limit: 50,
          ...(state && { state }),
          ...(type && { type }),
          ...(pageParam && { after: pageParam }),
        },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: 2_000,
  })

export const attemptsQuery = (destinationId: string, eventId: string) =>
  queryOptions({
    queryKey: ['webhooks', destinationId, 'attempts', eventId],
    queryFn: ({ signal }) => call(webhookRoutes.attempts, { params: { id: destinationId, eventId }, signal }),
    staleTime: 2_000,
  })
