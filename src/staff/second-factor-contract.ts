/** Routes for a code beside the password: asked for at the door, set up in one's own account. */
import { z } from 'zod'
import { Done, defineRoute } from '../base/contract.ts'

const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) })

export const secondFactorRoutes = {
  giveCode: defineRoute({
    method: 'POST',
    path: '/api/session/code',
    access: 'anyone',
    summary:
      'The second step of signing in: a code of the authenticator app, or a recovery code. Each works once.',
    body: z.strictObject({ code: z.string().min(1).max(40), kind: z.enum(['app', 'recovery']) }),
    response: Done,
  }),
  begin: defineRoute({
    method: 'PUT',
    path: '/api/account/second-factor/secret',
    needs: 'signed-in',
    by: 'session',
    act: 'second-factor.begun',
    summary: 'Makes a secret for an authenticator app. It is asked for only after a code of it was given.',
    response: z.object({ secret: z.string(), uri: z.string() }),
  }),
  confirm: defineRoute({
    method: 'PUT',
    path: '/api/account/second-factor',
    needs: 'signed-in',
    by: 'session',
    act: 'second-factor.on',
    summary: 'Turns the second factor on with a first code, and shows ten recovery codes, once.',
    body: z.strictObject({ code: z.string().min(1).max(40) }),
    response: RecoveryCodes,
  }),
  makeRecoveryCodes: defineRoute({
    method: 'PUT',
    path: '/api/account/second-factor/recovery-codes',
    needs: 'signed-in',
    by: 'session',
    act: 'recovery-codes.made',
    summary: 'Ten new recovery codes, shown once. The old ones stop working.',
    response: RecoveryCodes,
  }),
  end: defineRoute({
    method: 'DELETE',
    path: '/api/account/second-factor',
    needs: 'signed-in',
    by: 'session',
    act: 'second-factor.off',
    summary: 'Turns the second factor off.',
    response: Done,
  }),
}
