/**
 * The audit log as a file, a page at a time.
 *
 * In:  pages of rows, newest first.
 * Out: lines: CSV for people, JSONL with all that the seals are computed from (base/hash-chain.ts).
 */
import { type Cell, csvLine } from '../base/csv.ts'
import type { FoundRow, Named } from './audit-search.sql.ts'

type Page = { rows: FoundRow[]; names: Named[] }
const columns = ['seq', 'at', 'act', 'by', 'by_agent_id', 'by_key_id', 'on', 'on_id', 'content', 'erased_at', 'sealed_at', 'link'] // biome-ignore format: a list to read

export async function* exportLines(
  format: 'csv' | 'jsonl',
  pages: AsyncIterable<Page>,
): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine(columns)
  for await (const { rows, names } of pages) {
    const lineOf = format === 'csv' ? csvOf : jsonOf
    const text = rows
      .map((it) =>
        lineOf(
          it,
          names.find(({ id }) => id === it.onId),
        ),
      )
      .join('')
    if (text) yield text
  }
}

function csvOf(it: FoundRow, named: Named | undefined): string {
  const cells: Cell[] = [
    it.seq, it.at, it.act, it.byName, it.byAgentId, it.byKeyId, named ? `${named.kind} ${named.name}` : null, it.onId,
    it.content && JSON.stringify(it.content), isoOf(it.erasedAt), isoOf(it.sealedAt), hexOf(it.link),
  ] // biome-ignore format: in the order of the columns
  return csvLine(cells)
}

function jsonOf({ salt, contentDigest, link, ...it }: FoundRow, named: Named | undefined): string {
  const on = named ? { kind: named.kind, name: named.name } : null
  return `${JSON.stringify({ ...it, on, salt: hexOf(salt), contentDigest: hexOf(contentDigest), link: hexOf(link) })}\n`
}

const isoOf = (at: Date | null) => at?.toISOString() ?? null
const hexOf = (bytes: Buffer | null) => bytes?.toString('hex') ?? null
