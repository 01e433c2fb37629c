/** The route for a password where there is none yet. */
import { z } from 'zod'
import { Done, defineRoute } from '../base/contract.ts'

export const firstPasswordRoutes = {
  set: defineRoute({
    method: 'PUT',
    path: '/api/account/first-password',
    needs: 'signed-in',
    by: 'session',
    act: 'password.changed',
    summary: 'Sets a password where I have none yet, and counts as saying who I am.',
    body: z.strictObject({ password: z.string().min(12).max(128) }),
    response: Done,
  }),
}
