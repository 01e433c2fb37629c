/**
 * API keys as text: `evh_`, the workspace, 32 random bytes, and a checksum, all in letters and digits.
 *
 * In:  a workspace; or whatever a caller sends.
 * Out: a key and its digest; or null for what cannot be one of ours. The prefix lets scanners find a key that leaked,
 *      the checksum lets them (and us) tell a key from a word that looks like one.
 */
import { createHash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const prefix = 'evh_'
const workspaceLetters = 22
const secretLetters = 43
const sumLetters = 6
const shape = new RegExp(`^${prefix}[0-9A-Za-z]{${workspaceLetters + secretLetters + sumLetters}}$`)

export const mostKeys = 50

export function makeKey(workspaceId: string): { key: string; digest: Buffer; hint: string } {
  const secret = inLetters(BigInt(`0x${randomBytes(32).toString('hex')}`), secretLetters)
  const place = inLetters(BigInt(`0x${workspaceId.replaceAll('-', '')}`), workspaceLetters)
  const bare = prefix + place + secret
  const key = bare + sumOf(bare)
  // Of the secret itself four letters of 43: enough to tell keys apart, not enough to matter.
  return { key, digest: digestOfKey(key), hint: `${prefix}…${secret.slice(0, 4)}` }
}

/** Where a key would belong. Null for what no house of ours has made, without asking anybody. */
export function readKey(said: string): { workspaceId: string; digest: Buffer } | null {
  if (!shape.test(said)) return null
  const bare = said.slice(0, -sumLetters)
  if (sumOf(bare) !== said.slice(-sumLetters)) return null
  const hex = fromLetters(bare.slice(prefix.length, prefix.length + workspaceLetters)).toString(16)
  if (hex.length > 32) return null
  const id = hex.padStart(32, '0').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return { workspaceId: id, digest: digestOfKey(said) }
}

const digestOfKey = (key: string): Buffer => createHash('sha256').update(key).digest()
const sumOf = (bare: string): string => inLetters(BigInt(crc32(bare)), sumLetters)

function inLetters(value: bigint, length: number): string {
  let text = ''
  for (let left = value; left > 0n; left /= 62n) text = letters[Number(left % 62n)] + text
  return text.padStart(length, '0')
}

const fromLetters = (text: string): bigint =>
  [...text].reduce((value, letter) => value * 62n + BigInt(letters.indexOf(letter)), 0n)
