/** Time and identity as arguments, so that tests can hold them still. */
import { randomBytes } from 'node:crypto'

export type Now = () => Date

/** A UUID version 7 (RFC 9562, 5.7): 48 bits of milliseconds, then chance. Sorts by time of making. */
export function newId(at: Date = new Date()): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(at.getTime(), 0, 6)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
