/** The route for letters that a rehearsal keeps instead of sending them. */
import { z } from 'zod'
import { atMost, defineRoute, Id, Time } from '../base/contract.ts'
import { mostLettersKept } from '../base/mail-sender.ts'

export const letterRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/api/rehearsal/letters',
    needs: 'agents.change',
    summary: 'The last fifty letters that would have gone out from this rehearsal; none anywhere else.',
    response: z.object({
      isRehearsal: z.boolean(),
      rows: atMost(
        mostLettersKept,
        z.object({ letterId: Id, to: z.string(), subject: z.string(), text: z.string(), at: Time }),
      ),
    }),
  }),
}
