/**
 * better-auth, configured: passwords (scrypt), sessions in our own tables, signed cookies, second factors, passkeys. Its
 * router is not exposed; session.ts, second-factor.ts and passkey.ts call it. Nobody signs up: people come in by the
 * setup link or are invited.
 */
import { passkey } from '@better-auth/passkey'
import { type BetterAuthPlugin, betterAuth } from 'better-auth'
import { APIError, createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { twoFactor } from 'better-auth/plugins'
import type pg from 'pg'
import { z } from 'zod'
import { deriveKey, type MasterKey } from '../base/secret.ts'
import { makeAuthDb } from './auth-db.ts'

/** Sessions end after two weeks whatever happens: nothing to refresh, so a request never waits for a write. */
const sessionSeconds = 14 * 24 * 60 * 60

export type Auth = ReturnType<typeof makeAuth>

export function makeAuth(options: { pool: pg.Pool; master: MasterKey; baseUrl: string; rehearsal: boolean }) {
  const https = options.baseUrl.startsWith('https://')
  // Ports share cookies: a rehearsal beside the real house on one machine needs a name of its own.
  const name = options.rehearsal ? 'evenhand-rehearsal' : 'evenhand'
  return betterAuth({
    database: { db: makeAuthDb(options.pool), type: 'postgres', transaction: true },
    baseURL: options.baseUrl,
    secret: deriveKey(options.master, 'sessions').toString('base64url'),
    telemetry: { enabled: false },
    // What it cannot do it throws, and we log that; what strangers make up would only fill the log.
    logger: { disabled: true },
    user: { modelName: 'auth_users' },
    session: {
      modelName: 'auth_sessions',
      expiresIn: sessionSeconds,
      disableSessionRefresh: true,
      // Ours is shorter, and is asked for before anything is changed (own-account.ts).
      freshAge: 0,
    },
    account: { modelName: 'auth_accounts' },
    verification: { modelName: 'auth_verifications' },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 128 },
    advanced: {
      // Its own prefix would be __Secure-; ours also pins the host and the path.
      useSecureCookies: false,
      cookiePrefix: https ? `__Host-${name}` : name,
      defaultCookieAttributes: { secure: https, httpOnly: true, sameSite: 'lax', path: '/' },
      // We note the address ourselves: only we know which proxies are believed.
      ipAddress: { disableIpTracking: true },
      // The tables are our migration's; asking the catalogue at every start tells nothing that the tests do not.
      database: { validateSchema: false },
    },
    plugins: [
      twoFactor({ schema: { twoFactor: { modelName: 'auth_two_factors' } } }),
      passkey({
        rpID: new URL(options.baseUrl).hostname,
        rpName: 'Evenhand',
        origin: options.baseUrl,
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        advanced: { webAuthnChallengeCookie: 'passkey' },
        schema: { passkey: { modelName: 'auth_passkeys' } },
        // A passkey counts as both factors only when its holder was asked for a finger, a face or a PIN.
        registration: {
          afterVerification: async ({ verification }) =>
            refuseUnless(verification.registrationInfo?.userVerified === true),
        },
        authentication: {
          afterVerification: async ({ verification }) =>
            refuseUnless(verification.authenticationInfo.userVerified),
        },
      }),
      ownDoor,
    ],
  })
}

function refuseUnless(isVerified: boolean): void {
  if (!isVerified) throw new APIError('UNAUTHORIZED', { message: 'its holder was not verified' })
}

/** What better-auth offers no route for: coming in by a link, and reading whose cookies these are. */
const ownDoor = {
  id: 'own-door',
  endpoints: {
    enter: createAuthEndpoint.serverOnly(
      { method: 'POST', body: z.object({ userId: z.string() }) },
      async (ctx) => {
        const user = await ctx.context.internalAdapter.findUserById(ctx.body.userId)
        if (!user) throw new Error('entering as nobody')
        const session = await ctx.context.internalAdapter.createSession(user.id)
        await setSessionCookie(ctx, { session, user })
        return { userId: user.id }
      },
    ),
    readToken: createAuthEndpoint.serverOnly({ method: 'GET', requireHeaders: true }, async (ctx) => {
      const token = await ctx.getSignedCookie(ctx.context.authCookies.sessionToken.name, ctx.context.secret)
      return token || null
    }),
    /** Whose password was right in this browser, and whose second factor is waited for. */
    readPending: createAuthEndpoint.serverOnly({ method: 'GET', requireHeaders: true }, async (ctx) => {
      const { name } = ctx.context.createAuthCookie('two_factor')
      const pending = await ctx.getSignedCookie(name, ctx.context.secret)
      if (!pending) return null
      const found = await ctx.context.internalAdapter.findVerificationValue(pending)
      return found && found.expiresAt > new Date() ? found.value : null
    }),
    endSession: createAuthEndpoint.serverOnly(
      { method: 'POST', body: z.object({ token: z.string() }) },
      async (ctx) => {
        await ctx.context.internalAdapter.deleteSession(ctx.body.token)
        return { done: true }
      },
    ),
  },
} satisfies BetterAuthPlugin
