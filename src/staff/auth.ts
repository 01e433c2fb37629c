/**
 * better-auth, configured: passwords (scrypt), sessions in our own tables, signed cookies. Its router is not exposed;
 * session.ts calls it. Nobody signs up: people come in by the setup link.
 */
import { type BetterAuthPlugin, betterAuth } from 'better-auth'
import { createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import type pg from 'pg'
import { z } from 'zod'
import { deriveKey, type MasterKey } from '../base/secret.ts'

/** Sessions end after two weeks whatever happens: nothing to refresh, so a request never writes. */
const sessionSeconds = 14 * 24 * 60 * 60

export function makeAuth(options: { pool: pg.Pool; master: MasterKey; baseUrl: string; rehearsal: boolean }) {
  const https = options.baseUrl.startsWith('https://')
  // Ports share cookies: a rehearsal beside the real house on one machine needs a name of its own.
  const name = options.rehearsal ? 'evenhand-rehearsal' : 'evenhand'
  return betterAuth({
    database: options.pool,
    baseURL: options.baseUrl,
    secret: deriveKey(options.master, 'sessions').toString('base64url'),
    telemetry: { enabled: false },
    logger: { level: 'error' },
    user: { modelName: 'auth_users' },
    session: { modelName: 'auth_sessions', expiresIn: sessionSeconds, disableSessionRefresh: true },
    account: { modelName: 'auth_accounts' },
    verification: { modelName: 'auth_verifications' },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 128 },
    advanced: {
      // Its own prefix would be __Secure-; ours also pins the host and the path.
      useSecureCookies: false,
      cookiePrefix: https ? `__Host-${name}` : name,
      defaultCookieAttributes: { secure: https, httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { disableIpTracking: true },
      // The tables are our migration's; asking the catalogue at every start tells nothing that the tests do not.
      database: { validateSchema: false },
    },
    plugins: [ownDoor],
  })
}

/** What better-auth offers no route for: coming in by a link, and reading whose cookie this is without a query. */
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
    endSession: createAuthEndpoint.serverOnly(
      { method: 'POST', body: z.object({ token: z.string() }) },
      async (ctx) => {
        await ctx.context.internalAdapter.deleteSession(ctx.body.token)
        return { done: true }
      },
    ),
  },
} satisfies BetterAuthPlugin
