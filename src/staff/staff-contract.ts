/** Routes for coming in: the first visit, signing in, and who I am. */
import { z } from 'zod'
import { atMost, Done, defineRoute, Id, nameShapes, Time } from '../base/contract.ts'
import { mostAgents, mostTeams, mostWorkspaces } from './bounds.ts'
import { builtInRoles, permissions } from './permissions.ts'

export const Role = z.enum([...builtInRoles, 'custom'])
export const Colleague = z.object({
  agentId: Id,
  name: z.string(),
  role: Role,
  /** What a custom role is called here. */
  roleName: z.string().nullable(),
  /** Their role lets them work on cases, so that one can be given to them. */
  answers: z.boolean(),
  /** Their past stays; they can do nothing. */
  suspendedAt: Time.nullable(),
})
nameShapes({ Colleague })

export const staffRoutes = {
  /** What the door looks like before anyone is known. `blocked` when signing in is not offered at all. */
  door: defineRoute({
    method: 'GET',
    path: '/api/door',
    access: 'anyone',
    summary: 'Whether this installation is set up, and whether one may sign in here.',
    response: z.object({
      phase: z.enum(['setup', 'sign-in', 'inside']),
      blocked: z.enum(['not-https']).nullable(),
      rehearsal: z.boolean(),
    }),
  }),
  setUp: defineRoute({
    method: 'POST',
    path: '/api/setup',
    access: 'anyone',
    summary: 'First visit, with the link printed on the console: makes the workspace and its first admin.',
    body: z.strictObject({
      token: z.string().min(20).max(200),
      name: z.string().trim().min(1).max(100),
      email: z.email().max(200),
      password: z.string().min(12).max(128),
      brand: z.string().trim().min(1).max(100),
      timeZone: z.string().min(1).max(64),
    }),
    response: Done,
  }),
  openLink: defineRoute({
    method: 'POST',
    path: '/api/sign-in-link',
    access: 'anyone',
    summary: 'Signs in with a link printed once on the console (rehearsal only).',
    body: z.strictObject({ token: z.string().min(20).max(200) }),
    response: Done,
  }),
  signIn: defineRoute({
    method: 'POST',
    path: '/api/session',
    access: 'anyone',
    summary:
      'Signs in with address and password. The same answer for an unknown address and a wrong password.',
    body: z.strictObject({ email: z.email().max(200), password: z.string().min(1).max(128) }),
    /** `code`: half way; their second factor is asked for next, in this browser. */
    response: z.object({ next: z.enum(['inside', 'code']) }),
  }),
  signOut: defineRoute({
    method: 'DELETE',
    path: '/api/session',
    needs: 'signed-in',
    by: 'session',
    act: 'session.ended',
    summary: 'Signs out here.',
    response: Done,
  }),
  me: defineRoute({
    method: 'GET',
    path: '/api/me',
    needs: 'signed-in',
    summary: 'Who is signed in, and where.',
    response: z.object({
      agent: Colleague.extend({
        email: z.string(),
        /** All that they may do (staff/permissions.ts). */
        may: z.array(z.enum(permissions)),
        /** The teams whose cases they see; null is all. */
        teamIds: z.array(Id).nullable(),
      }),
      workspace: z.object({
        workspaceId: Id,
        name: z.string(),
        brand: z.string(),
        timeZone: z.string(),
        answerWithinMinutes: z.number(),
      }),
      colleagues: atMost(mostAgents, Colleague),
      teams: atMost(mostTeams, z.object({ teamId: Id, name: z.string(), needsApproval: z.boolean() })),
      /** Where this session may go; this workspace among them. */
      workspaces: atMost(mostWorkspaces, z.object({ workspaceId: Id, name: z.string(), brand: z.string() })),
      /** Nothing is listened to yet: the screen offers the three ways to begin. */
      begun: z.boolean(),
    }),
  }),
  changeWorkspace: defineRoute({
    method: 'PUT',
    path: '/api/workspace',
    needs: 'workspace.change',
    act: 'workspace.changed',
    summary: 'Changes the name of the workspace, the brand, the time zone or the first-answer target.',
    body: z.strictObject({
      /** What colleagues call it; left out, it stays. */
      name: z.string().trim().min(1).max(100).optional(),
      brand: z.string().trim().min(1).max(100),
      timeZone: z.string().min(1).max(64),
      answerWithinMinutes: z.number().int().min(5).max(10_080),
    }),
    response: Done,
  }),
}
