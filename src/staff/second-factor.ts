/**
 * What a second factor is made of: a secret for an authenticator app, and ten codes for when that is lost.
 *
 * In:  chance. better-auth seals what is made here, reads it when somebody signs in, and counts wrong codes.
 * Out: what a person sees once. Nothing here is kept.
 */
import { randomBytes, randomInt } from 'node:crypto'

const howManyCodes = 10
/** Without letters and digits that are read for one another. */
const letters = '23456789abcdefghjkmnpqrstuvwxyz'

/** 150 bits as letters: better-auth takes the letters themselves for the key. */
export const makeSecret = (): string => randomBytes(19).toString('base64url').slice(0, 25)

export function makeRecoveryCodes(): string[] {
  const codes = new Set<string>()
  while (codes.size < howManyCodes) codes.add(`${someLetters(5)}-${someLetters(5)}`)
  return [...codes]
}
const someLetters = (count: number): string =>
  Array.from({ length: count }, () => letters[randomInt(letters.length)]).join('')

/** As people copy them: in capitals, with blanks, without the dash. */
export function readRecoveryCode(typed: string): string {
  const bare = typed.toLowerCase().replace(/[^a-z0-9]/g, '')
  return `${bare.slice(0, 5)}-${bare.slice(5)}`
}
export const readCode = (typed: string): string => typed.replace(/\s/g, '')

/** What the square holds, for an authenticator app (the Key URI format of Google Authenticator). */
export function keyUri(secret: string, email: string, issuer: string): string {
  const query = new URLSearchParams({ secret: base32(secret), issuer, digits: '6', period: '30' })
  return `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(email)}?${query}`
}

/** RFC 4648, 6: five bits a letter. */
export function base32(text: string): string {
  const bits = [...Buffer.from(text)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('')
}
