/** Routes for a forgotten password. */
import { z } from 'zod'
import { Done, defineRoute } from '../base/contract.ts'
import { LinkToken } from './invitation-contract.ts'

export const resetRoutes = {
  way: defineRoute({
    method: 'GET',
    path: '/api/resets',
    access: 'anyone',
    summary: 'Whether a link for a forgotten password can be sent from here.',
    response: z.object({ byMail: z.boolean() }),
  }),
  ask: defineRoute({
    method: 'POST',
    path: '/api/resets',
    access: 'anyone',
    summary: 'Sends a link to an address that has an account. The same answer for every address.',
    body: z.strictObject({ email: z.email().max(200) }),
    response: Done,
  }),
  use: defineRoute({
    method: 'PUT',
    path: '/api/resets',
    access: 'anyone',
    summary:
      'Sets a new password with a link, ends all sessions, passkeys and API keys of the person, and signs nobody in.',
    body: z.strictObject({ token: LinkToken, password: z.string().min(12).max(128) }),
    response: Done.extend({
      ended: z.object({
        passkeys: z.number(),
        keys: z.number(),
        /** The second factor: only with the first letter that ever proved the address. */
        codes: z.boolean(),
      }),
    }),
  }),
}
