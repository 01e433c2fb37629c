/**
 * An exported workspace into an installation that has none: all of it in one transaction, or nothing.
 *
 * In:  an archive that may come from anybody (S-22), and a database that nobody has set up.
 * Out: the same workspace under the same ids and numbers. Its agents are people without a way in, its channels wait for
 *      a new app password, nothing is listened to, and nothing that waited goes out by itself (P2).
 */
import { createHash } from 'node:crypto'
import type { Db, Tx } from '../base/db.ts'
import { listWorkspaces } from '../base/workspaces.sql.ts'
import { lockHouse } from '../staff/house.sql.ts'
import {
  bytesFileOf,
  type ExportManifest,
  exportLimits,
  longestLine,
  longestManifest,
  manifestName,
  mostBytesOfRow,
  readExportManifest,
  whatIsUnknown,
} from './archive.ts'
import { findTenantTables, type TenantTable } from './catalogue.sql.ts'
import { enterNew, forgetSealed, insertRows, withdrawApprovals } from './import.sql.ts'
import { exported, type Kind } from './kinds.ts'
import { BadArchive, openZip, type ZipIn } from './zip-in.ts'

/** Why nothing was imported, in words for who tried. */
export class NotImported extends Error {
  override name = 'NotImported'
}

export type Imported = { manifest: ExportManifest; rows: Record<string, number>; notImported: string[] }

export async function importWorkspace(
  { db }: { db: Db },
  file: string,
  tell: (done: number, total: number) => void = () => {},
): Promise<Imported> {
  await using zip = await openZip(file, exportLimits)
  const manifest = readExportManifest(await zip.text(manifestName, longestManifest))
  await verify(zip, manifest)
  return await db.transaction().execute(async (tx) => {
    await lockHouse(tx)
    if ((await listWorkspaces(tx)).length > 0)
      throw new NotImported('This installation is set up already: import into a new one.')
    const tables = await findTenantTables(tx)
    const unknown = whatIsUnknown(manifest, new Map(tables.map((it) => [it.table, it.columns])))
    if (unknown.length > 0) throw new BadArchive('newer', unknown.slice(0, 10).join(', '))
    await enterNew(tx, manifest.workspace.workspaceId)
    return fillIn(tx, zip, manifest, tables, tell)
  })
}

/** Everything is what the manifest says before a single row is written. */
async function verify(zip: ZipIn, manifest: ExportManifest): Promise<void> {
  const named = new Set([manifestName, ...manifest.kinds.map((it) => it.file)])
  const withBytes = manifest.kinds.filter((it) => exported[it.table]?.bytes).map((it) => `${it.table}/`)
  const stray = zip.names.find((it) => !named.has(it) && !withBytes.some((folder) => it.startsWith(folder)))
  if (stray) throw new BadArchive('foreign', `${stray.slice(0, 100)} is not in the manifest`)
  for (const { file, sha256, bytes } of manifest.kinds) {
    if (!zip.has(file)) throw new BadArchive('missing', file)
    if (zip.sizeOf(file) !== bytes || (await zip.digest(file)) !== sha256)
      throw new BadArchive('damaged', file)
  }
}

async function fillIn(
  tx: Tx,
  zip: ZipIn,
  manifest: ExportManifest,
  tables: readonly TenantTable[],
  tell: (done: number, total: number) => void,
): Promise<Imported> {
  const rows: Record<string, number> = {}
  const notImported: string[] = []
  const total = manifest.kinds.reduce((sum, it) => sum + it.rows, 0)
  let done = 0
  for (const { table } of tables) {
    const from = manifest.kinds.find((it) => it.table === table)
    if (!from) continue
    const { fill = {}, omit = {}, notImported: why, bytes } = exported[table]!
    if (why) {
      if (from.rows > 0) notImported.push(`${table}: ${from.rows} rows, ${why}`)
      continue
    }
    const columns = from.columns.filter((it) => !(it in omit))
    const into = { table, columns: bytes ? [...columns, bytes.column] : columns, fill }
    const pages = bytes ? pagesWithBytes(zip, from, bytes) : pagesOf(zip, from.file)
    for await (const page of pages) {
      await insertRows(tx, manifest.workspace.workspaceId, into, page).catch((error) => {
        throw refusedBy(error, table)
      })
      done += page.length
      rows[table] = (rows[table] ?? 0) + page.length
      tell(done, total)
    }
  }
  await forgetSealed(tx)
  await withdrawApprovals(tx)
  return { manifest, rows, notImported }
}

/** By count and by size, so that memory is bounded whatever the rows are. */
async function* pagesOf(zip: ZipIn, file: string): AsyncGenerator<unknown[]> {
  let page: unknown[] = []
  let size = 0
  for await (const line of zip.lines(file, longestLine)) {
    page.push(rowIn(line, file))
    size += line.length
    if (page.length < 500 && size < 4 * 1024 * 1024) continue
    yield page
    page = []
    size = 0
  }
  if (page.length > 0) yield page
}

/** A row a page, with its bytes from beside. They are what the row says they are. */
async function* pagesWithBytes(
  zip: ZipIn,
  { table, file }: { table: string; file: string },
  bytes: NonNullable<Kind['bytes']>,
): AsyncGenerator<unknown[]> {
  for await (const line of zip.lines(file, longestLine)) {
    const row = rowIn(line, file)
    const name = bytesFileOf(table, String(row[bytes.id]))
    const content = await zip.bytes(name, mostBytesOfRow)
    const sha256 = createHash('sha256').update(content).digest('hex')
    if (row[bytes.sha256] !== `\\x${sha256}`) throw new BadArchive('damaged', name)
    yield [{ ...row, [bytes.column]: `\\x${content.toString('hex')}` }]
  }
}

function rowIn(line: string, file: string): Record<string, unknown> {
  try {
    const row = JSON.parse(line)
    if (row !== null && typeof row === 'object' && !Array.isArray(row)) return row
  } catch {
    // Said below.
  }
  throw new BadArchive('damaged', `a line of ${file}`)
}

/** The database's own word for what a row breaks: 22 is a bad value, 23 a constraint, 42 a wall. */
function refusedBy(error: Error & { code?: string; constraint?: string }, table: string): Error {
  if (!/^(22|23|42501)/.test(error.code ?? '')) return error
  return new BadArchive(
    'damaged',
    `a row of ${table} breaks a rule${error.constraint ? ` (${error.constraint})` : ''}`,
  )
}
