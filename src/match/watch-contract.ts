/** Routes for watches. */
import { z } from 'zod'
import { atMost, Done, defineRoute, Id, nameShapes, Time, WithId } from '../base/contract.ts'
import { mostWatches, WatchTerms } from './watch.ts'

export const WatchRow = z.object({ watchId: Id, name: z.string(), terms: WatchTerms, createdAt: Time })
export type WatchRow = z.output<typeof WatchRow>
nameShapes({ Watch: WatchRow })

const WatchBody = z.strictObject({ name: z.string().trim().min(1).max(100), terms: WatchTerms })

export const watchRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/api/watches',
    needs: 'signed-in',
    summary: 'What this workspace listens for.',
    response: atMost(mostWatches, WatchRow),
  }),
  add: defineRoute({
    method: 'POST',
    path: '/api/watches',
    needs: 'watches.change',
    act: 'watch.added',
    summary: 'Adds a watch; it takes effect within a second.',
    body: WatchBody,
    response: WatchRow,
  }),
  change: defineRoute({
    method: 'PUT',
    path: '/api/watches/:id',
    needs: 'watches.change',
    act: 'watch.changed',
    summary: 'Changes a watch.',
    params: WithId,
    body: WatchBody,
    response: WatchRow,
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/api/watches/:id',
    needs: 'watches.change',
    act: 'watch.removed',
    summary: 'Ends a watch; cases it opened stay.',
    params: WithId,
    response: Done,
  }),
}
