/** The route by which a program or a person hands in what a customer said elsewhere: a form, a call, another program. */
import { z } from 'zod'
import { defineRoute, Id } from '../base/contract.ts'

/** Ids of other programs, addresses and Message-IDs among them: no spaces, no quotes. */
const OwnId = z.string().regex(/^[\w.:/@+#~=<>?&!,;|-]{1,300}$/)

export const HandedIn = z.strictObject({
  externalId: OwnId.describe('Your own id of this message: the same again is the same post.'),
  author: z.strictObject({
    accountId: OwnId.describe('Your own lasting id of the customer.'),
    displayName: z.string().trim().min(1).max(300).nullable().default(null),
    handle: z.string().trim().min(1).max(300).nullable().default(null),
  }),
  text: z.string().trim().min(1).max(50_000),
  saidAt: z.iso
    .datetime({ offset: true })
    .nullable()
    .default(null)
    .describe('When the customer said it; now when left out. A time to come counts as now.'),
  threadId: OwnId.nullable()
    .default(null)
    .describe('Your own id of the conversation: more by the same author in it joins their case.'),
})
export type HandedIn = z.output<typeof HandedIn>

export const createCase = defineRoute({
  method: 'POST',
  path: '/api/cases',
  needs: 'cases.create',
  act: 'case.handed-in',
  summary:
    'Hands in what a customer said elsewhere: it opens a case, or joins theirs, by the same rules as what is heard. It cannot be answered in public from here.',
  body: HandedIn,
  response: z.object({
    /** `known`: handed in before. `not-kept`: the author is muted or erased. */
    outcome: z.enum(['opened', 'joined', 'known', 'not-kept']),
    postId: Id.nullable(),
    /** Null too when the case is in a team that you do not see. */
    caseId: Id.nullable(),
    number: z.number().nullable(),
  }),
})
export type CreatedCase = z.output<typeof createCase.response>
