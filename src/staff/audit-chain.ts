/**
 * What of an audit row is sealed, and what verifying says of it.
 *
 * In:  rows of the log with their place in the chain, in its order.
 * Out: seals for new rows (base/hash-chain.ts has the exact bytes), or the first place that does not hold.
 *
 * Fixed parts: act, at (ISO 8601 in UTC, with microseconds), auditId, byAgentId, byKeyId, onId, workspaceId.
 * An erased row holds as long as the log also says, under its id, when it was erased.
 */
import {
  type Break,
  type Head,
  noHead,
  type Seal,
  type Sealable,
  sealAfter,
  sealErased,
  whyBroken,
} from '../base/hash-chain.ts'
import { mostErasedShown } from './bounds.ts'

export type AuditRow = {
  workspaceId: string
  auditId: string
  at: string
  act: string
  byAgentId: string | null
  byKeyId: string | null
  onId: string | null
  content: unknown
  salt: Buffer | null
  erasedAt: string | null
}
/** `row` is null when the log no longer has it; `isErasureTold` is of no meaning before it is erased. */
export type ChainedRow = Seal & { auditId: string; row: AuditRow | null; isErasureTold: boolean }

export type Verified = {
  head: Head
  sealed: number
  erased: { seq: number; auditId: string; at: string }[]
  broken: { seq: number; auditId: string; why: Break } | null
}

export const unverified: Verified = { head: noHead, sealed: 0, erased: [], broken: null }

export function sealRows(
  head: Head,
  rows: readonly AuditRow[],
  chance: () => Buffer,
): (Seal & { auditId: string })[] {
  let last = head
  return rows.map((row) => {
    const { salt } = row
    const seal = salt ? sealAfter(last, { ...partsOf(row), salt }) : sealErased(last, fixedOf(row), chance())
    last = seal
    return { ...seal, auditId: row.auditId }
  })
}

/** One page further. After the first break nothing more is said: everything behind it hangs on it. */
export function verifyOn(so: Verified, page: readonly ChainedRow[]): Verified {
  if (so.broken) return so
  const erased = [...so.erased]
  let head = so.head
  let count = so.sealed
  for (const it of page) {
    const why = whyNot(head, it)
    if (why) return { head, sealed: count, erased, broken: { seq: head.seq + 1, auditId: it.auditId, why } }
    if (it.row?.erasedAt && erased.length < mostErasedShown)
      erased.push({ seq: it.seq, auditId: it.auditId, at: it.row.erasedAt })
    head = { seq: it.seq, link: it.link }
    count += 1
  }
  return { head, sealed: count, erased, broken: null }
}

function whyNot(head: Head, it: ChainedRow): Break | null {
  const broken = whyBroken(head, it, it.row && partsOf(it.row))
  if (broken || !it.row) return broken
  const { salt, erasedAt } = it.row
  if (salt) return erasedAt ? 'erased-untold' : null
  return erasedAt && it.isErasureTold ? null : 'erased-untold'
}

const partsOf = (row: AuditRow): Sealable => ({
  fixed: fixedOf(row),
  content: row.content,
  salt: row.salt,
})
const fixedOf = ({ act, at, auditId, byAgentId, byKeyId, onId, workspaceId }: AuditRow) => ({
  act, at, auditId, byAgentId, byKeyId, onId, workspaceId,
}) // biome-ignore format: a list to read
