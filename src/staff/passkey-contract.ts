/** Routes for passkeys: signing in with one, and the list of one's own. */
import { z } from 'zod'
import { Done, defineRoute } from '../base/contract.ts'

/** Ids of better-auth are letters and digits. */
export const AccountId = z.string().regex(/^[\w-]{1,64}$/)
const PasskeyName = z.string().trim().min(1).max(60)

/** base64url, as PublicKeyCredential.toJSON writes bytes. */
const Bytes = z
  .string()
  .max(6_000)
  .regex(/^[\w-]*$/)
const Credential = {
  id: Bytes,
  rawId: Bytes,
  type: z.literal('public-key'),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
  clientExtensionResults: z.strictObject({}),
}
const Made = z.strictObject({
  ...Credential,
  response: z.strictObject({
    clientDataJSON: Bytes,
    attestationObject: Bytes,
    transports: z.array(z.string().regex(/^[\w-]{1,20}$/)).max(10),
  }),
})
const Used = z.strictObject({
  ...Credential,
  response: z.strictObject({
    clientDataJSON: Bytes,
    authenticatorData: Bytes,
    signature: Bytes,
    userHandle: Bytes.optional(),
  }),
})
export type MadePasskey = z.output<typeof Made>
export type UsedPasskey = z.output<typeof Used>

/** What `parseCreationOptionsFromJSON` and `parseRequestOptionsFromJSON` take. */
const Asked = z.object({ options: z.record(z.string(), z.unknown()) })

export const passkeyRoutes = {
  askToEnter: defineRoute({
    method: 'POST',
    path: '/api/session/passkey/challenge',
    access: 'anyone',
    summary: 'A challenge to sign in with a passkey. Good for this browser, once, for five minutes.',
    response: Asked,
  }),
  enter: defineRoute({
    method: 'POST',
    path: '/api/session/passkey',
    access: 'anyone',
    summary: 'Signs in with a passkey. It counts as both factors.',
    body: z.strictObject({ signed: Used }),
    response: Done,
  }),
  askToAdd: defineRoute({
    method: 'PUT',
    path: '/api/account/passkeys/challenge',
    needs: 'signed-in',
    by: 'session',
    act: false,
    summary: 'A challenge to make a passkey. Good for this browser, once, for five minutes.',
    response: Asked,
  }),
  add: defineRoute({
    method: 'POST',
    path: '/api/account/passkeys',
    needs: 'signed-in',
    by: 'session',
    act: 'passkey.added',
    summary: 'Adds a passkey of one’s own.',
    body: z.strictObject({ name: PasskeyName, signed: Made }),
    response: z.object({ id: z.string() }),
  }),
  rename: defineRoute({
    method: 'PUT',
    path: '/api/account/passkeys/:id',
    needs: 'signed-in',
    by: 'session',
    act: 'passkey.renamed',
    summary: 'Gives a passkey of one’s own another name.',
    params: z.strictObject({ id: AccountId }),
    body: z.strictObject({ name: PasskeyName }),
    response: Done,
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/api/account/passkeys/:id',
    needs: 'signed-in',
    by: 'session',
    act: 'passkey.removed',
    summary: 'Removes a passkey of one’s own.',
    params: z.strictObject({ id: AccountId }),
    response: Done,
  }),
}
