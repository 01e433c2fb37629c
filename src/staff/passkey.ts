/**
 * Passkeys: better-auth makes the challenges and checks what was signed.
 *
 * In:  what the browser's authenticator answered, with the cookie that ties the challenge to this browser.
 * Out: options for the browser, the id of a new passkey, or the cookies of a new session. A challenge is used once,
 *      lasts five minutes, and its holder must be verified: that makes it two factors (auth.ts).
 */
import { isIP } from 'node:net'
import { APIError } from 'better-auth/api'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../base/refusal.ts'
import type { Auth } from './auth.ts'
import { cookiesOf, orRefuse, strangersCookies } from './door-steps.ts'
import type { MadePasskey, UsedPasskey } from './passkey-contract.ts'

type Door = { request: FastifyRequest; reply: FastifyReply }
export type Options = Record<string, unknown>

/** Authenticators tie a passkey to a name; an address of numbers is none. */
export const whyNoPasskeys = (baseUrl: string): 'not-https' | null =>
  isIP(new URL(baseUrl).hostname.replace(/^\[|\]$/g, '')) ? 'not-https' : null

export async function askToAdd(auth: Auth, { request, reply }: Door): Promise<Options> {
  const { headers, response } = await orRefuse(
    auth.api.generatePasskeyRegistrationOptions({ headers: cookiesOf(request), returnHeaders: true }),
    'not-signed-in',
  )
  reply.header('set-cookie', headers.getSetCookie())
  return { ...response }
}

export async function addPasskey(
  auth: Auth,
  request: FastifyRequest,
  { name, signed }: { name: string; signed: MadePasskey },
): Promise<string> {
  const asked = auth.api.verifyPasskeyRegistration({
    headers: cookiesOf(request),
    body: { response: signed, name },
  })
  return (await orRefuse(orSaysNo(asked), 'passkey-refused')).id
}

/** Of anyone's: the browser offers those that it has for this place. */
export async function askToEnter(auth: Auth, reply: FastifyReply): Promise<Options> {
  const { headers, response } = await auth.api.generatePasskeyAuthenticationOptions({
    headers: new Headers(),
    returnHeaders: true,
  })
  reply.header('set-cookie', headers.getSetCookie())
  return { ...response, userVerification: 'required' }
}

export async function enterByPasskey(auth: Auth, request: FastifyRequest, signed: UsedPasskey) {
  const asked = auth.api.verifyPasskeyAuthentication({
    headers: await strangersCookies(auth, request),
    body: { response: signed },
    returnHeaders: true,
  })
  const { headers, response } = await orRefuse(orSaysNo(asked), 'passkey-refused')
  return { headers, userId: response.user.id }
}

/** What an authenticator signed wrongly, or never signed at all, better-auth calls its own failure. */
async function orSaysNo<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof APIError && error.body?.code === 'FAILED_TO_VERIFY_REGISTRATION')
      throw new Refusal('passkey-refused')
    throw error
  }
}
