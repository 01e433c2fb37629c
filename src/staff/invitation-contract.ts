/** Routes for inviting colleagues, and for those who hold the link of an invitation. */
import { z } from 'zod'
import { Done, defineRoute, Id, nameShapes, Page, Time, WithId } from '../base/contract.ts'
import { Sees, standingFields } from './colleague-contract.ts'
import { Role } from './staff-contract.ts'

/** Exactly what we print: 32 bytes. */
export const LinkToken = z.string().regex(/^[\w-]{43}$/)

export const InvitationRow = z.object({
  invitationId: Id,
  email: z.string(),
  role: Role,
  roleId: Id.nullable(),
  /** Null for a built-in role, and for one that was deleted meanwhile: then nobody can accept. */
  roleName: z.string().nullable(),
  sees: Sees,
  teamIds: z.array(Id),
  /** 'none' when its link was handed over by hand. */
  mailState: z.enum(['none', 'waiting', 'sent', 'refused']),
  invitedBy: Id,
  createdAt: Time,
  expiresAt: Time,
})
export type InvitationRow = z.output<typeof InvitationRow>
nameShapes({ InvitationRow })

const Link = z.object({
  invitationId: Id,
  link: z
    .string()
    .nullable()
    .describe(
      'shown this once: null when it went out by mail, and in the answer to an Idempotency-Key that was used before',
    ),
})

export const invitationRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/api/invitations',
    needs: 'agents.change',
    summary: 'Invitations that nobody accepted yet, newest first.',
    query: z.object({ ...Page, after: Id.optional() }),
    response: z.object({ rows: z.array(InvitationRow), next: Id.nullable(), byMail: z.boolean() }),
  }),
  invite: defineRoute({
    method: 'POST',
    path: '/api/invitations',
    needs: 'agents.change',
    act: 'invitation.made',
    once: ['link'],
    summary: 'Invites an address. Without a mail server the answer holds the link, to be handed over.',
    body: z.strictObject({ email: z.email().max(200), ...standingFields }),
    response: Link,
  }),
  sendAgain: defineRoute({
    method: 'POST',
    path: '/api/invitations/:id/link',
    needs: 'agents.change',
    act: 'invitation.sent-again',
    once: ['link'],
    summary: 'Makes a new link for another week; the old one is worthless from then on.',
    params: WithId,
    response: Link,
  }),
  revoke: defineRoute({
    method: 'DELETE',
    path: '/api/invitations/:id',
    needs: 'agents.change',
    act: 'invitation.revoked',
    summary: 'Takes an invitation back.',
    params: WithId,
    response: Done,
  }),
  /** By POST, so that the token stands in no address and no log. */
  look: defineRoute({
    method: 'POST',
    path: '/api/invitation',
    access: 'anyone',
    summary: 'What an invitation is for, told to whoever holds its link.',
    body: z.strictObject({ token: LinkToken }),
    response: z.object({
      workspace: z.string(),
      email: z.string(),
      role: Role,
      roleName: z.string().nullable(),
      /** Who is signed in in this browser; null for nobody. */
      signedInAs: z.object({ name: z.string(), email: z.string() }).nullable(),
    }),
  }),
  join: defineRoute({
    method: 'POST',
    path: '/api/invitation/account',
    access: 'anyone',
    summary: 'Accepts an invitation as somebody new here: makes the account and signs in.',
    body: z.strictObject({
      token: LinkToken,
      name: z.string().trim().min(1).max(100),
      password: z.string().min(12).max(128),
    }),
    response: Done,
  }),
  accept: defineRoute({
    method: 'POST',
    path: '/api/invitation/acceptance',
    access: 'anyone',
    summary: 'Accepts an invitation as who is signed in here already.',
    body: z.strictObject({ token: LinkToken }),
    response: Done,
  }),
}
