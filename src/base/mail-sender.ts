/** Who our letters are from: `Evenhand <care@example.com>`, or the address alone. Null for anything else. */
import { z } from 'zod'

/** Of the letters that a rehearsal keeps instead of sending them. */
export const mostLettersKept = 50

export type Sender = { name: string; address: string }

const Address = z.email().max(200)

/** Nothing but one address: mail programs read commas, brackets and lines as more than that. */
export const isAddress = (text: string): boolean => Address.safeParse(text).success

export function readSender(text: string): Sender | null {
  const [, name, inBrackets] = /^([^<>]*)<([^<>]+)>$/.exec(text.trim()) ?? []
  const address = (inBrackets ?? text).trim()
  if (!isAddress(address) || /\p{Cc}/u.test(text)) return null
  return { name: (name ?? '').trim().replace(/^"(.*)"$/, '$1') || 'Evenhand', address }
}
