/**
 * Timestamp identifiers (atproto.com/specs/tid): 53 bits of microseconds and a 10-bit clock id, base32-sortable.
 * Never repeats and never goes back within a process, even when the clock does.
 */
import { randomInt } from 'node:crypto'

const alphabet = '234567abcdefghijklmnopqrstuvwxyz'
const clockId = BigInt(randomInt(1024))
let last = 0n

export function nextTid(now: Date): string {
  const micros = BigInt(now.getTime()) * 1000n
  last = micros > last ? micros : last + 1n
  return base32((last << 10n) | clockId)
}

function base32(value: bigint): string {
  const letters: string[] = []
  for (let rest = value, i = 0; i < 13; i++, rest >>= 5n) letters.unshift(alphabet[Number(rest & 31n)]!)
  return letters.join('')
}

/** The moment in it, or null for what is no TID. */
export function timeOfTid(tid: string): Date | null {
  if (!/^[234567a-j][234567a-z]{12}$/.test(tid)) return null
  const value = [...tid].reduce((sum, it) => (sum << 5n) | BigInt(alphabet.indexOf(it)), 0n)
  return new Date(Number((value >> 10n) / 1000n))
}

/** Older than any commit: what was read and not heard carries no place in its author's history. */
export const oldestRev = '2222222222222'
