/** Routes for single sign-on: the way in for agents, and the providers for admins. Secrets go in and never come out. */
import { z } from 'zod'
import { Done, defineRoute, Id, nameShapes, Time, WithId } from '../base/contract.ts'
import { builtInRoles } from './permissions.ts'

/** Nobody becomes an admin by arriving. */
export const newcomerRoles = builtInRoles.filter((it) => it !== 'admin')

const Domain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/)
const shape = {
  name: z.string().trim().min(1).max(60),
  issuer: z.url({ protocol: /^https?$/ }).max(300),
  /** What the provider calls us. */
  client: z.string().trim().min(1).max(300),
  domains: z.array(Domain).min(1).max(50),
  newcomerRole: z.enum(newcomerRoles as [(typeof newcomerRoles)[number]]).nullable(),
}
const Secret = z.string().min(1).max(500)

export const SsoProvider = z.object({
  providerId: Id,
  ...shape,
  createdAt: Time,
  /** Where agents begin; and where the provider sends them back to, for its own settings. */
  signInUrl: z.string(),
  callbackUrl: z.string(),
})
export type SsoProvider = z.output<typeof SsoProvider>
nameShapes({ SsoProvider })

export const ssoRoutes = {
  atTheDoor: defineRoute({
    method: 'GET',
    path: '/api/sso-at-the-door',
    access: 'anyone',
    summary: 'The providers to offer at the door; none where several workspaces live under one roof.',
    response: z.array(z.object({ providerId: Id, name: z.string() })).max(5),
  }),
  begin: defineRoute({
    method: 'POST',
    path: '/api/sso/:id',
    access: 'anyone',
    summary:
      'Begins signing in by a provider: answers where to go. Only this browser may come back from there.',
    params: WithId,
    response: z.object({ url: z.string() }),
  }),
  comeBack: defineRoute({
    method: 'GET',
    path: '/api/sso/callback',
    access: 'anyone',
    summary: 'Where a provider sends people back to. Answers by sending the browser on.',
    query: z.object({
      state: z.string().max(300).optional(),
      code: z.string().max(4_000).optional(),
      iss: z.string().max(300).optional(),
      error: z.string().max(200).optional(),
      error_description: z.string().max(1_000).optional(),
      session_state: z.string().max(500).optional(),
      scope: z.string().max(1_000).optional(),
    }),
    media: 'text/html',
    response: z.unknown().describe('nothing: see Location'),
  }),
  list: defineRoute({
    method: 'GET',
    path: '/api/sso-providers',
    needs: 'sign-on.change',
    summary: 'The providers of this workspace.',
    response: z.array(SsoProvider).max(20),
  }),
  add: defineRoute({
    method: 'POST',
    path: '/api/sso-providers',
    needs: 'sign-on.change',
    by: 'session',
    act: 'sso-provider.added',
    summary:
      'Adds an OpenID Connect provider, which is asked for its configuration first. Only who could make an admin, just signed in.',
    body: z.strictObject({ ...shape, clientSecret: Secret }),
    response: SsoProvider,
  }),
  change: defineRoute({
    method: 'PUT',
    path: '/api/sso-providers/:id',
    needs: 'sign-on.change',
    by: 'session',
    act: 'sso-provider.changed',
    summary:
      'Changes a provider; without `clientSecret` it keeps the one it has. Another issuer needs its own, and ends the sessions that came in by single sign-on here.',
    params: WithId,
    body: z.strictObject({ ...shape, clientSecret: Secret.optional() }),
    response: SsoProvider,
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/api/sso-providers/:id',
    needs: 'sign-on.change',
    by: 'session',
    act: 'sso-provider.removed',
    summary: 'Removes a provider and ends the sessions that came in by single sign-on here.',
    params: WithId,
    response: Done,
  }),
}
