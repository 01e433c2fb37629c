/** Routes for the people who work here: their roles, what they see, and whether they may come in. */
import { z } from 'zod'
import { Done, defineRoute, Id, nameShapes, Page, Time, WithId } from '../base/contract.ts'
import { builtInRoles, permissions } from './permissions.ts'
import { Role } from './staff-contract.ts'

/** A built-in role by its name, or one of the workspace's own by its id. */
export const RoleChoice = z.union([z.enum(builtInRoles), Id])
export const Sees = z.enum(['workspace', 'teams'])
export const standingFields = {
  role: RoleChoice,
  /** 'workspace' is every case; 'teams' those of their own teams and of none. */
  sees: Sees,
  teamIds: z.array(Id).max(200),
}

export const ColleagueRow = z.object({
  agentId: Id,
  name: z.string(),
  email: z.string(),
  role: Role,
  roleId: Id.nullable(),
  roleName: z.string().nullable(),
  may: z.array(z.enum(permissions)),
  sees: Sees,
  teamIds: z.array(Id),
  /** When one of their sessions was last used; null when none is open. */
  lastSeenAt: Time.nullable(),
  /** Whether signing in takes more than the password. */
  secondFactor: z.boolean(),
  suspendedAt: Time.nullable(),
  createdAt: Time,
})
export type ColleagueRow = z.output<typeof ColleagueRow>
nameShapes({ ColleagueRow })

export const colleagueRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/api/agents',
    needs: 'agents.change',
    summary: 'Everyone who works here or did, by name.',
    query: z.object({ ...Page, after: Id.optional() }),
    response: z.object({ rows: z.array(ColleagueRow), next: Id.nullable() }),
  }),
  change: defineRoute({
    method: 'PUT',
    path: '/api/agents/:id',
    needs: 'agents.change',
    act: 'agent.changed',
    summary: 'Gives a colleague another role, other teams or another view. Their live streams begin anew.',
    params: WithId,
    body: z.strictObject(standingFields),
    response: Done,
  }),
  suspend: defineRoute({
    method: 'PUT',
    path: '/api/agents/:id/suspension',
    needs: 'agents.change',
    act: 'agent.suspended',
    summary:
      'Shuts a colleague out within two seconds. Their open cases return to the queue; their past stays.',
    params: WithId,
    response: z.object({ casesReturned: z.number() }),
  }),
  bringBack: defineRoute({
    method: 'DELETE',
    path: '/api/agents/:id/suspension',
    needs: 'agents.change',
    act: 'agent.restored',
    summary: 'Lets a suspended colleague in again, with the role they had.',
    params: WithId,
    response: Done,
  }),
}
