/**
 * A chain of seals over rows whose words can be erased and whose order cannot be changed (P6).
 *
 * In:  rows in their order. Each has fixed parts (ids, times, states), and content with a salt beside it.
 * Out: content digest = SHA-256(salt ‖ canonical JSON of the content)
 *      digest         = SHA-256(content digest ‖ canonical JSON of the fixed parts)
 *      link           = SHA-256(link before ‖ seq ‖ digest)
 *      Digests are 32 raw bytes, the seq 8 bytes big-endian, JSON is UTF-8 by RFC 8785; seq begins with 1, and the link
 *      before the first is 32 zero bytes. Erasing takes content and salt away: the content digest still seals the rest.
 */
import { createHash } from 'node:crypto'

/** How far the chain got. */
export type Head = { seq: number; link: Buffer }
export type Seal = Head & { digest: Buffer; contentDigest: Buffer }
/** What is sealed. `content` and `salt` are both null when they were erased. */
export type Sealable = { fixed: object; content: unknown; salt: Buffer | null }

export const noHead: Head = { seq: 0, link: Buffer.alloc(32) }

export function sealAfter(head: Head, row: Sealable & { salt: Buffer }): Seal {
  return linkTo(head, contentDigestOf(row.content, row.salt), row.fixed)
}

/** Erased before it could be sealed: chance stands for what nobody can know any more. */
export function sealErased(head: Head, fixed: object, chance: Buffer): Seal {
  return linkTo(head, sha256(chance), fixed)
}

export type Break =
  | 'row-missing'
  | 'content-changed'
  | 'row-changed'
  | 'link-broken'
  | 'out-of-order'
  | 'erased-untold'

/** Why this row does not follow the one before it, or null. */
export function whyBroken(head: Head, seal: Seal, row: Sealable | null): Break | null {
  if (seal.seq !== head.seq + 1) return 'out-of-order'
  if (!seal.link.equals(linkOf(head, seal.seq, seal.digest))) return 'link-broken'
  if (!row) return 'row-missing'
  if (!seal.digest.equals(digestOf(seal.contentDigest, row.fixed))) return 'row-changed'
  const isErased = row.content === null && row.salt === null
  if (isErased) return null
  const isWhole = row.salt && seal.contentDigest.equals(contentDigestOf(row.content, row.salt))
  return isWhole ? null : 'content-changed'
}

function linkTo(head: Head, contentDigest: Buffer, fixed: object): Seal {
  const seq = head.seq + 1
  const digest = digestOf(contentDigest, fixed)
  return { seq, contentDigest, digest, link: linkOf(head, seq, digest) }
}

const contentDigestOf = (content: unknown, salt: Buffer) => sha256(salt, canonicalJson(content))
const digestOf = (contentDigest: Buffer, fixed: object) => sha256(contentDigest, canonicalJson(fixed))

function linkOf(head: Head, seq: number, digest: Buffer): Buffer {
  const place = Buffer.alloc(8)
  place.writeBigUInt64BE(BigInt(seq))
  return sha256(head.link, place, digest)
}

function sha256(...parts: (Buffer | string)[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** RFC 8785: keys in the order of their UTF-16 code units, no space, numbers and strings as ECMAScript writes them. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, it]) => it !== undefined)
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([key, it]) => `${JSON.stringify(key)}:${canonicalJson(it)}`).join(',')}}`
}
