/** The browser that began signing in by a provider: a cookie of its own, so that nobody else's answer is taken for its. */
import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { digestOf } from './setup-link.ts'

/** The digest of the cookie. */
export type Browser = Buffer

const isHttps = (publicUrl: string) => publicUrl.startsWith('https:')
const nameOf = (publicUrl: string) => (isHttps(publicUrl) ? '__Host-evenhand-sso' : 'evenhand-sso')
// Lax: the way back from a provider is a navigation from another site, which Strict would send without it.
const attributes = (publicUrl: string) =>
  `Path=/; HttpOnly; SameSite=Lax${isHttps(publicUrl) ? '; Secure' : ''}`

export function cookieOf(publicUrl: string): { cookie: string; digest: Browser } {
  const token = randomBytes(32).toString('base64url')
  const cookie = `${nameOf(publicUrl)}=${token}; Max-Age=600; ${attributes(publicUrl)}`
  return { cookie, digest: digestOf(token) }
}

export const noCookie = (publicUrl: string) => `${nameOf(publicUrl)}=; Max-Age=0; ${attributes(publicUrl)}`

export function browserAt(request: FastifyRequest, publicUrl: string): Browser | null {
  const name = nameOf(publicUrl)
  const pairs = (request.headers.cookie ?? '').split(';').map((it) => it.trim())
  const token = pairs.find((it) => it.startsWith(`${name}=`))?.slice(name.length + 1)
  return token ? digestOf(token) : null
}
