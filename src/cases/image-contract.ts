/** Routes for images: of stored posts, and of other voices in a thread. */
import { z } from 'zod'
import { defineRoute, WithId } from '../base/contract.ts'
import { Card } from './case-views.ts'

/** Bytes, not JSON: what these answer is described in words. */
const Bytes = z.unknown().describe('the image itself')

export const imageRoutes = {
  ofPost: defineRoute({
    method: 'GET',
    path: '/api/posts/:id/images/:n',
    needs: 'cases.read',
    summary: 'An image of a stored post, fetched from where its author keeps it. Gone when the post is.',
    params: WithId.extend({ n: z.coerce.number().int().min(0).max(50) }),
    media: 'image/*',
    response: Bytes,
  }),
  ofThread: defineRoute({
    method: 'GET',
    path: '/api/threads/image',
    needs: 'cases.read',
    summary:
      'An image of another voice of a thread; only addresses that a thread answered work, and not for long.',
    query: z.object({
      network: Card.shape.network.exclude(['api']),
      account: z.string().min(1).max(300),
      ref: z.string().min(1).max(300),
      uri: z.string().min(1).max(2_000),
      until: z.coerce.number().int(),
      seal: z.string().max(100),
    }),
    media: 'image/*',
    response: Bytes,
  }),
}
