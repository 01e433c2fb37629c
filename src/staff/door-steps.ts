/**
 * The steps of the door that better-auth takes for us: a password, a code, a passkey.
 *
 * In:  what was typed or signed, with the cookies of the browser, but for the session's: a step never continues another's
 *      session.
 * Out: the cookies of a new session, or a refusal that tells a stranger nothing.
 */
import { APIError } from 'better-auth/api'
import { symmetricEncrypt } from 'better-auth/crypto'
import type { FastifyRequest } from 'fastify'
import { Refusal, type RefusalCode } from '../base/refusal.ts'
import type { Auth } from './auth.ts'
import { readCode, readRecoveryCode } from './second-factor.ts'

export const cookiesOf = (request: FastifyRequest) => new Headers({ cookie: request.headers.cookie ?? '' })

/** Who is signed in here already has nothing to do with who comes in. */
export async function strangersCookies(auth: Auth, request: FastifyRequest): Promise<Headers> {
  const { name } = (await auth.$context).authCookies.sessionToken
  const kept = (request.headers.cookie ?? '').split(';').filter((pair) => pair.split('=')[0]!.trim() !== name)
  return new Headers({ cookie: kept.join(';') })
}

export type Step = { headers: Headers; isHalf: boolean }

/** Half is who has a second factor: then the cookies say who it is, and open nothing. */
export async function tryPassword(auth: Auth, body: { email: string; password: string }): Promise<Step> {
  // One answer for an unknown address and a wrong password; better-auth hashes in both cases.
  const { headers, response } = await orRefuse(auth.api.signInEmail({ body, returnHeaders: true }))
  const isHalf = 'twoFactorRedirect' in response
  return { headers: isHalf ? await pendingOnly(auth, headers) : headers, isHalf }
}

/** Beside it better-auth sends a session that it has ended again. */
async function pendingOnly(auth: Auth, headers: Headers): Promise<Headers> {
  const { name } = (await auth.$context).createAuthCookie('two_factor')
  const pending = headers.getSetCookie().filter((line) => line.startsWith(`${name}=`))
  return new Headers(pending.map((line) => ['set-cookie', line]))
}

export type TypedCode = { code: string; kind: 'app' | 'recovery' }

export async function tryCode(auth: Auth, typed: TypedCode, headers: Headers): Promise<Headers> {
  const ask =
    typed.kind === 'app'
      ? auth.api.verifyTOTP({ body: { code: readCode(typed.code) }, headers, returnHeaders: true })
      : auth.api.verifyBackupCode({
          body: { code: readRecoveryCode(typed.code) },
          headers,
          returnHeaders: true,
        })
  return (await orRefuse(ask)).headers
}

/** Codes of better-auth that mean: this browser's sign-in is over, begin again. */
const over = ['INVALID_TWO_FACTOR_COOKIE', 'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE', 'CHALLENGE_NOT_FOUND']

export async function orRefuse<T>(asked: Promise<T>, otherwise: RefusalCode = 'sign-in-failed'): Promise<T> {
  try {
    return await asked
  } catch (error) {
    if (!(error instanceof APIError)) throw error
    if (error.statusCode === 429) throw new Refusal('too-many-tries')
    if (over.includes(error.body?.code ?? '')) throw new Refusal('start-again')
    if (error.statusCode < 500) throw new Refusal(otherwise)
    throw error
  }
}

export async function countRecoveryCodes(auth: Auth, userId: string): Promise<number> {
  return (await auth.api.viewBackupCodes({ body: { userId } })).backupCodes.length
}

/** Under the key of better-auth, which reads them. */
export async function sealForAuth(auth: Auth, plain: string): Promise<string> {
  return symmetricEncrypt({ key: (await auth.$context).secretConfig, data: plain })
}
