/** Routes for a person's own account: how they come in, and where they are signed in. */
import { z } from 'zod'
import { atMost, Done, defineRoute, Time } from '../base/contract.ts'
import { mostPasskeys, mostSessionsShown } from './bounds.ts'
import { signedInWays } from './own-account.ts'
import { AccountId } from './passkey-contract.ts'

export const ownAccountRoutes = {
  account: defineRoute({
    method: 'GET',
    path: '/api/account',
    needs: 'signed-in',
    by: 'session',
    summary:
      'How I come in: password, second factor, passkeys. A session of single sign-on is told none of it, and the address it has in this workspace.',
    response: z.object({
      name: z.string(),
      email: z.string(),
      hasPassword: z.boolean(),
      /** Of this session: may it change how the person comes in, now or after saying again who they are? */
      mayChangeAccess: z.boolean(),
      secondFactor: z.object({ since: Time, recoveryCodesLeft: z.number() }).nullable(),
      /** Why passkeys cannot be used at this address. */
      whyNoPasskeys: z.enum(['not-https']).nullable(),
      passkeys: atMost(
        mostPasskeys,
        z.object({
          passkeyId: z.string(),
          name: z.string().nullable(),
          madeAt: Time,
          lastUsedAt: Time.nullable(),
          /** Kept by a password manager that carries it to the person's other devices. */
          isSynced: z.boolean(),
        }),
      ),
    }),
  }),
  sessions: defineRoute({
    method: 'GET',
    path: '/api/account/sessions',
    needs: 'signed-in',
    by: 'session',
    summary: 'Where I am signed in, the last used first. Not more than two hundred, so it has no pages.',
    response: z.object({
      rows: atMost(
        mostSessionsShown,
        z.object({
          sessionId: z.string(),
          isThis: z.boolean(),
          /** What the browser says it is. */
          browser: z.string().nullable(),
          system: z.string().nullable(),
          /** The address of the network it was last seen from. */
          address: z.string().nullable(),
          signedInBy: z.enum(signedInWays),
          startedAt: Time,
          seenAt: Time.nullable(),
        }),
      ),
    }),
  }),
  endSession: defineRoute({
    method: 'DELETE',
    path: '/api/account/sessions/:id',
    needs: 'signed-in',
    by: 'session',
    act: 'session.revoked',
    summary: 'Signs me out somewhere else. What is open there closes within two seconds.',
    params: z.strictObject({ id: AccountId }),
    response: Done,
  }),
  endOtherSessions: defineRoute({
    method: 'DELETE',
    path: '/api/account/sessions',
    needs: 'signed-in',
    by: 'session',
    act: 'session.others-revoked',
    summary: 'Signs me out everywhere but here.',
    response: z.object({ ended: z.number() }),
  }),
  confirm: defineRoute({
    method: 'PUT',
    path: '/api/account/confirmation',
    needs: 'signed-in',
    by: 'session',
    act: 'account.confirmed',
    summary:
      'Says again that it is me, before something that opens my account is changed. Good for ten minutes.',
    body: z.strictObject({ password: z.string().min(1).max(128) }),
    response: Done,
  }),
  changePassword: defineRoute({
    method: 'PUT',
    path: '/api/account/password',
    needs: 'signed-in',
    by: 'session',
    act: 'password.changed',
    summary:
      'Changes my password, signs me out everywhere but here, and ends my API keys unless told otherwise.',
    body: z.strictObject({
      current: z.string().min(1).max(128),
      next: z.string().min(12).max(128),
      /** In every workspace of mine. */
      endKeys: z.boolean().default(true),
    }),
    response: Done.extend({ keysEnded: z.number() }),
  }),
  changeName: defineRoute({
    method: 'PUT',
    path: '/api/account/name',
    needs: 'signed-in',
    by: 'session',
    act: 'agent.renamed',
    summary: 'Changes what colleagues call me in this workspace.',
    body: z.strictObject({ name: z.string().trim().min(1).max(100) }),
    response: Done,
  }),
}
