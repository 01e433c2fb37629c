/**
 * Text as PostgreSQL can keep it: a NUL or half a surrogate pair becomes U+FFFD, everything else stays as it came.
 * Done once at the door, so that no room has to think of it and nobody's words are refused for one bad character.
 */
export function wellFormed<T>(value: T): T
export function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '\ufffd')
  if (Array.isArray(value)) return value.map((it) => wellFormed(it))
  if (value instanceof Date || ArrayBuffer.isView(value)) return value
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, it]) => [wellFormed(key), wellFormed(it)]))
  }
  return value
}
