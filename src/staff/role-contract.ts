/** Routes for the workspace's own roles; the built-in ones stand in permissions.ts and never change. */
import { z } from 'zod'
import { atMost, Done, defineRoute, Id, nameShapes, Time, WithId } from '../base/contract.ts'
import { mostRoles } from './bounds.ts'
import { RoleChoice } from './colleague-contract.ts'
import { permissions } from './permissions.ts'

const name = z.string().trim().min(1).max(60)
const may = z.array(z.enum(permissions)).max(permissions.length)

export const RoleRow = z.object({
  roleId: Id,
  name: z.string(),
  may: z.array(z.enum(permissions)),
  /** What it was when it was made: a built-in role, or what another of ours was called then. */
  copiedFrom: z.string(),
  /** How many colleagues have it, suspended ones included. */
  usedBy: z.number(),
  createdAt: Time,
})
export type RoleRow = z.output<typeof RoleRow>
nameShapes({ RoleRow })

export const roleRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/api/roles',
    needs: 'agents.change',
    summary: 'The roles of the workspace’s own, by name.',
    response: atMost(mostRoles, RoleRow),
  }),
  copy: defineRoute({
    method: 'POST',
    path: '/api/roles',
    needs: 'agents.change',
    act: 'role.made',
    summary: 'Makes a role of one’s own as a copy of another.',
    body: z.strictObject({ name, copyOf: RoleChoice }),
    response: z.object({ roleId: Id }),
  }),
  change: defineRoute({
    method: 'PUT',
    path: '/api/roles/:id',
    needs: 'agents.change',
    act: 'role.changed',
    summary: 'Renames a role of one’s own, or changes what it may do; whoever has it may do that at once.',
    params: WithId,
    body: z.strictObject({ name, may }),
    response: Done,
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/api/roles/:id',
    needs: 'agents.change',
    act: 'role.removed',
    summary: 'Deletes a role of one’s own that nobody has.',
    params: WithId,
    response: Done,
  }),
}
