/** Routes for people of several workspaces, and for making another one. */
import { z } from 'zod'
import { Done, defineRoute, Id } from '../base/contract.ts'

export const workspaceRoutes = {
  switch: defineRoute({
    method: 'PUT',
    path: '/api/session/workspace',
    needs: 'signed-in',
    by: 'session',
    act: 'session.moved',
    summary: 'Takes this session to another workspace that one belongs to. Its live streams end.',
    body: z.strictObject({ workspaceId: Id }),
    response: Done,
  }),
  make: defineRoute({
    method: 'POST',
    path: '/api/workspaces',
    needs: 'workspaces.create',
    by: 'session',
    act: 'workspace.made',
    summary: 'Makes another workspace, by an admin of the first one, who becomes its admin.',
    body: z.strictObject({
      name: z.string().trim().min(1).max(100),
      brand: z.string().trim().min(1).max(100),
      timeZone: z.string().min(1).max(64),
    }),
    response: z.object({ workspaceId: Id }),
  }),
}
