/**
 * Text as PostgreSQL can keep it: a NUL or half a surrogate pair becomes U+FFFD, everything else stays as it came.
 * Done once at the door, so that no room has to think of it and nobody's words are refused for one bad character.
 */
import { Refusal } from './refusal.ts'

/** No contract nests deeper; what does would only be sent to exhaust the stack. */
const deepest = 16
/** Nor has any so many fields or rows: what does is sent to keep us busy saying what is wrong with each. */
const mostFields = 1_000
const mostRows = 10_000

export function wellFormed<T>(value: T, depth?: number): T
export function wellFormed(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '\ufffd')
  if (value === null || typeof value !== 'object') return value
  // A time or a run of bytes holds no text.
  if (value instanceof Date || ArrayBuffer.isView(value)) return value
  if (depth > deepest) throw new Refusal('bad-input', 'nested too deeply')
  if (Array.isArray(value)) {
    if (value.length > mostRows) throw new Refusal('bad-input', 'too many at once')
    return value.map((it) => wellFormed(it, depth + 1))
  }
  if (Object.keys(value).length > mostFields) throw new Refusal('bad-input', 'too many fields')
  return Object.fromEntries(
    Object.entries(value).map(([key, it]) => [wellFormed(key), wellFormed(it, depth + 1)]),
  )
}
