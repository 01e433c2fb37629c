/** The chain of the audit log, before any database: what holds, and what is found out. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, noHead } from '../base/hash-chain.ts'
import { type AuditRow, type ChainedRow, sealRows, unverified, verifyOn } from './audit-chain.ts'

const uuid = fc.uuid()
const aRow: fc.Arbitrary<AuditRow> = fc.record({
  workspaceId: fc.constant('0199c0de-0000-7000-8000-000000000001'),
  auditId: uuid,
  at: fc.constantFrom('2026-11-02T09:00:00.000001Z', '2026-11-02T09:00:00.120000Z'),
  act: fc.constantFrom('case.closed', 'note.written', 'session.begun'),
  byAgentId: fc.option(uuid),
  byKeyId: fc.option(uuid),
  onId: fc.option(fc.string({ maxLength: 20 })),
  content: fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 }),
  salt: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((it) => Buffer.from(it)),
  erasedAt: fc.constant(null),
})
const rows = fc.uniqueArray(aRow, { minLength: 1, maxLength: 8, selector: (it) => it.auditId })

const chance = () => Buffer.alloc(32, 5)
/** Sealed in rounds of these sizes; then some are erased, as the log would say. */
function chainOf(all: AuditRow[], rounds: number[], erased: number[]): ChainedRow[] {
  const sealed: ChainedRow[] = []
  let left = [...all]
  for (const size of [...rounds, all.length]) {
    const last = sealed.at(-1)
    const taken = left.slice(0, size)
    left = left.slice(size)
    for (const [at, seal] of sealRows(last ?? noHead, taken, chance).entries())
      sealed.push({ ...seal, row: taken[at]!, isErasureTold: false })
  }
  return sealed.map((it, at) => (erased.includes(at) ? erase(it) : it))
}
const erase = (it: ChainedRow): ChainedRow => ({
  ...it,
  row: { ...it.row!, content: null, salt: null, erasedAt: '2026-11-20T10:00:00.000Z' },
  isErasureTold: true,
})
const rounds = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 })
const some = fc.uniqueArray(fc.nat(7), { maxLength: 4 })

test('whatever was appended, sealed in whatever rounds and erased, the chain holds', () => {
  fc.assert(
    fc.property(rows, rounds, some, fc.nat(8), (all, sizes, erased, cut) => {
      const chain = chainOf(all, sizes, erased)

      const whole = verifyOn(unverified, chain)
      const inPages = verifyOn(verifyOn(unverified, chain.slice(0, cut)), chain.slice(cut))

      expect(whole).toMatchObject({ broken: null, sealed: all.length })
      expect(whole.erased.map((it) => it.seq)).toEqual(
        erased
          .filter((at) => at < all.length)
          .map((at) => at + 1)
          .toSorted((a, b) => a - b),
      )
      expect(inPages).toEqual(whole)
    }),
  )
})

const flip = (bytes: Buffer, at: number) => {
  const changed = Buffer.from(bytes)
  changed[at % changed.length]! ^= 1
  return changed
}
/** Everything that can be changed in a row and its seal, one at a time. */
const forgeries: Record<string, (it: ChainedRow, n: number) => ChainedRow> = {
  act: (it) => ({ ...it, row: { ...it.row!, act: `${it.row!.act}.` } }),
  at: (it) => ({ ...it, row: { ...it.row!, at: '2026-11-02T09:00:00.000002Z' } }),
  agent: (it) => ({ ...it, row: { ...it.row!, byAgentId: '0199c0de-0000-7000-8000-00000000beef' } }),
  key: (it) => ({ ...it, row: { ...it.row!, byKeyId: '0199c0de-0000-7000-8000-00000000beef' } }),
  thing: (it) => ({ ...it, row: { ...it.row!, onId: `${it.row!.onId ?? ''}'` } }),
  id: (it) => ({ ...it, row: { ...it.row!, auditId: '0199c0de-0000-7000-8000-00000000beef' } }),
  digest: (it, n) => ({ ...it, digest: flip(it.digest, n) }),
  contentDigest: (it, n) => ({ ...it, contentDigest: flip(it.contentDigest, n) }),
  link: (it, n) => ({ ...it, link: flip(it.link, n) }),
  seq: (it) => ({ ...it, seq: it.seq + 1 }),
  gone: (it) => ({ ...it, row: null }),
  content: (it) => ({ ...it, row: { ...it.row!, content: { forged: true } } }),
  salt: (it, n) => ({
    ...it,
    row: { ...it.row!, salt: it.row!.salt ? flip(it.row!.salt, n) : Buffer.alloc(16) },
  }),
  erasedInSilence: (it) => ({ ...erase(it), isErasureTold: false }),
}

test('one changed byte anywhere is named as the first place that does not hold, erased or not', () => {
  fc.assert(
    fc.property(
      rows, some, fc.nat(7), fc.constantFrom(...Object.keys(forgeries)), fc.nat(40),
      (all, erased, where, how, n) => {
        const chain = chainOf(all, [], erased)
        const at = where % all.length
        const forged = chain.with(at, forgeries[how]!(chain[at]!, n))

        expect(verifyOn(unverified, forged).broken?.seq, how).toBe(at + 1)
      },
    ),
    { numRuns: 400 },
  ) // biome-ignore format: one property
})

test('a row taken out, or two that changed places, are named', () => {
  fc.assert(
    fc.property(
      rows.filter((it) => it.length > 2),
      fc.nat(7),
      (all, where) => {
        const chain = chainOf(all, [], [])
        const at = where % (all.length - 1)
        const removed = chain.toSpliced(at, 1)
        const swapped = chain.with(at, chain[at + 1]!).with(at + 1, chain[at]!)

        expect(verifyOn(unverified, removed).broken).toMatchObject({ seq: at + 1 })
        expect(verifyOn(unverified, swapped).broken).toMatchObject({ seq: at + 1 })
      },
    ),
  )
})

test('the bytes are these, for whoever verifies without us', () => {
  expect(canonicalJson({ b: [1, 'é', null], a: { z: true, y: undefined } })).toBe(
    '{"a":{"z":true},"b":[1,"é",null]}',
  )
  const row: AuditRow = {
    workspaceId: 'w', auditId: 'a1', at: '2026-11-02T09:00:00.000000Z', act: 'case.closed',
    byAgentId: 'robin', byKeyId: null, onId: 'c42', content: { outcome: 'solved' }, salt: Buffer.alloc(16, 1), erasedAt: null,
  } // biome-ignore format: one row
  const [seal] = sealRows(noHead, [row], chance)

  // Computed by another program from the bytes that docs/decisions/009 names.
  expect(seal!.contentDigest.toString('hex')).toBe(
    '6c47e5c57f894ec28a2c19d62e60e60833813146d73dfbe18eb7d24b1e5602a3',
  )
  expect(seal!.digest.toString('hex')).toBe(
    'd233b7054003637b7f20a76b5671c95398a5436d6a9ef4ef20c08622b85308f2',
  )
  expect(seal!.link.toString('hex')).toBe('909798c5f08adb3a5679b34587c896b2d0d6c921d10a71fbdc608950ed1ef9cc')
})
