/**
 * An export of a workspace: one zip with a manifest and one file of JSON lines per table.
 *
 * In:  the manifest of an archive that may come from anybody.
 * Out: the manifest, or why it is not one of ours, or not one that we know yet.
 */
import { z } from 'zod'
import { exported } from './kinds.ts'
import { BadArchive } from './zip-in.ts'

export const exportFormat = 1
export const manifestName = 'manifest.json'
export const fileOf = (table: string): string => `${table}.jsonl`

/** The bytes of one row, beside its line. */
export const bytesFileOf = (table: string, id: string): string => `${table}/${id}`
export const mostBytesOfRow = 32 * 1024 * 1024

/**
 * S-22. A workspace of five million posts is some ten gigabytes; what is more than that is nobody's. Our own export must
 * never look like a bomb: a file or some long posts may be one letter over and over, so up to here size alone counts.
 */
export const exportLimits = { files: 1_000_000, bytes: 64e9, ratio: 200, harmless: 2 * mostBytesOfRow }
/** One row: a post has an embed and its reasons, a note 10,000 characters. */
export const longestLine = 16 * 1024 * 1024
export const longestManifest = 1024 * 1024

const Digest = z.string().regex(/^[0-9a-f]{64}$/)
const ExportManifest = z.object({
  what: z.literal('evenhand workspace'),
  format: z.number().int().positive(),
  madeAt: z.iso.datetime(),
  madeBy: z.object({ agentId: z.uuid(), name: z.string() }).nullable(),
  workspace: z.object({ workspaceId: z.uuid(), name: z.string() }),
  /** The newest migration of the database that it came from. */
  schema: z.string(),
  kinds: z.array(
    z.object({
      table: z.string().regex(/^[a-z0-9_]{1,60}$/),
      file: z.string(),
      rows: z.number().int().nonnegative(),
      bytes: z.number().int().nonnegative(),
      sha256: Digest,
      columns: z.array(z.string().regex(/^[a-z0-9_]{1,60}$/)),
      omitted: z.record(z.string(), z.string()),
    }),
  ),
  leftOut: z.record(z.string(), z.string()),
})
export type ExportManifest = z.output<typeof ExportManifest>

export function readExportManifest(text: string): ExportManifest {
  const said = parse(text)
  if (said?.what !== 'evenhand workspace')
    throw new BadArchive('foreign', 'it has no manifest of an Evenhand workspace')
  if (typeof said.format === 'number' && said.format > exportFormat)
    throw new BadArchive('newer', `format ${said.format}`)
  const read = ExportManifest.safeParse(said)
  if (!read.success) throw new BadArchive('foreign', `manifest.json: ${read.error.issues[0]?.message}`)
  for (const { table, file } of read.data.kinds)
    if (file !== fileOf(table)) throw new BadArchive('foreign', `${table} in ${file.slice(0, 60)}`)
  if (!read.data.kinds.some((it) => it.table === 'workspaces'))
    throw new BadArchive('foreign', 'it holds no workspace')
  return read.data
}

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** A table or a column that this release does not know would be lost in silence. */
export function whatIsUnknown(
  manifest: ExportManifest,
  here: ReadonlyMap<string, readonly string[]>,
): string[] {
  return manifest.kinds.flatMap(({ table, columns }) => {
    const known = table in exported ? here.get(table) : undefined
    if (!known) return [table]
    return columns.filter((it) => !known.includes(it)).map((it) => `${table}.${it}`)
  })
}
