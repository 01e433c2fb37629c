/** A house with one person in it who has a password, and browsers that keep their cookies. */
import { Secret, TOTP } from 'otpauth'
import type { Now } from '../src/base/clock.ts'
import { apiKeyRoutes } from '../src/staff/api-key.routes.ts'
import { firstPasswordRoutes } from '../src/staff/first-password.routes.ts'
import { ownAccountRoutes } from '../src/staff/own-account.routes.ts'
import { passkeyRoutes } from '../src/staff/passkey.routes.ts'
import { secondFactorRoutes } from '../src/staff/second-factor.routes.ts'
import { makeSetupLink } from '../src/staff/setup-link.ts'
import type { AccountNews } from '../src/staff/tell-person.ts'
import { type TestApp, testApp } from './app.ts'
import type { TestDb } from './db.ts'

export const home = 'http://localhost:4000'
export const ana = { email: 'ana@acme.test', password: 'four random words here' }
const chrome =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
// biome-ignore lint/suspicious/noExplicitAny: whatever the route answers; the test says what it expects.
export type Said = { status: number; body: any; code: string | null }

/** `onTell` runs in the transaction of a change, where its letter is written. */
export async function aHouseOf(it: TestDb, options: { now?: Now; onTell?: () => void } = {}) {
  const { now = () => new Date() } = options
  const told: AccountNews[] = []
  const tellPerson = async (_tx: unknown, { news }: { news: AccountNews }) => {
    options.onTell?.()
    told.push(news)
  }
  const house = await testApp(it, {
    now,
    rooms: (mount, { db, sessions, callers }) => {
      const tools = { db, sessions, callers, now, publicUrl: home, tellPerson }
      ownAccountRoutes(mount, tools)
      firstPasswordRoutes(mount, tools)
      apiKeyRoutes(mount, tools)
      secondFactorRoutes(mount, tools)
      passkeyRoutes(mount, tools)
    },
  })
  const token = await makeSetupLink(it.db, 'setup', now)
  const first = aBrowser(house)
  const visit = { ...ana, name: 'Ana Ruiz', brand: 'Acme', timeZone: 'Europe/London', token }
  await first.call('POST /api/setup', visit)
  return { house, told, first, browser: (userAgent?: string) => aBrowser(house, userAgent) }
}

export type Browser = ReturnType<typeof aBrowser>

export function aBrowser({ app }: Pick<TestApp, 'app'>, userAgent = chrome) {
  const jar = new Map<string, string>()
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  return {
    jar,
    cookie,
    session: () => jar.get('evenhand.session_token'),
    async call(asked: string, payload?: object, from = '127.0.0.1'): Promise<Said> {
      const [method, url] = asked.split(' ') as [Method, string]
      const headers = { cookie: cookie(), 'user-agent': userAgent }
      const answer = await app.inject({
        method,
        url,
        headers,
        remoteAddress: from,
        ...(payload && { payload }),
      })
      for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
        const [name, value] = line.split(';')[0]!.split('=') as [string, string]
        if (value) jar.set(name, value)
        else jar.delete(name)
      }
      const body = answer.json()
      return { status: answer.statusCode, body, code: answer.statusCode < 400 ? null : body.code }
    },
    signIn(password = ana.password) {
      return this.call('POST /api/session', { email: ana.email, password })
    },
    async isInside() {
      return (await this.call('GET /api/me')).status === 200
    },
  }
}

/** The code an authenticator app shows, now or so many half minutes later. */
export function codeOf(secret: string, later = 0): string {
  const app = new TOTP({ secret: Secret.fromBase32(secret) })
  return app.generate({ timestamp: Date.now() + later * 30_000 })
}

/** Turns the second factor on with the code of now; the code of the next half minute is still unused. */
export async function turnOnCodes(browser: Browser): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { secret } = (await browser.call('PUT /api/account/second-factor/secret')).body
  const { recoveryCodes } = (await browser.call('PUT /api/account/second-factor', { code: codeOf(secret) }))
    .body
  return { secret, recoveryCodes }
}
