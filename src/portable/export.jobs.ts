/**
 * A whole workspace as one file, in bounded memory.
 *
 * In:  the workspace, read as the role that owns nothing, inside its walls and in one snapshot.
 * Out: a zip with a line per row and a manifest that names what is in it, what is not, and why.
 */
import { rmSync, statSync } from 'node:fs'
import { Readable } from 'node:stream'
import type { Now } from '../base/clock.ts'
import type { Db, Tx } from '../base/db.ts'
import { knownMigrations } from '../base/roles.ts'
import { findWorkspace } from '../staff/staff.sql.ts'
import { bytesFileOf, type ExportManifest, exportFormat, fileOf, manifestName } from './archive.ts'
import { findTenantTables, type TenantTable } from './catalogue.sql.ts'
import { countRows, findIds, findMaker, inSnapshot, readBytes, readRows } from './export.sql.ts'
import { exported, type Kind, leftOut } from './kinds.ts'
import { makeZip, type ZipOut } from './zip-out.ts'

type Tools = { db: Db; now: Now; tellProgress?: (done: number, total: number) => Promise<void> }
type Asked = { workspaceId: string; agentId: string | null; file: string }

export async function exportWorkspace(
  tools: Tools,
  asked: Asked,
): Promise<ExportManifest & { bytes: number }> {
  const zip = makeZip(asked.file)
  try {
    const manifest = await inSnapshot(tools.db, asked.workspaceId, (tx) => writeAll(tx, zip, tools, asked))
    await zip.close()
    return { ...manifest, bytes: statSync(asked.file).size }
  } catch (error) {
    await zip.abort(error as Error)
    rmSync(asked.file, { force: true })
    throw error
  }
}

async function writeAll(tx: Tx, zip: ZipOut, tools: Tools, asked: Asked): Promise<ExportManifest> {
  const { name } = await findWorkspace(tx)
  const tables = await findTenantTables(tx)
  const wanted = tables.filter((it) => it.table in exported)
  let total = 0
  for (const { table } of wanted) total += await countRows(tx, table)

  const kinds: ExportManifest['kinds'] = []
  let done = 0
  for (const it of wanted) {
    const { omit = {}, bytes } = exported[it.table]!
    const columns = it.columns.filter((column) => !(column in omit) && column !== bytes?.column)
    let rows = 0
    const lines = async function* () {
      for await (const page of readRows(tx, { ...it, columns })) {
        rows += page.length
        yield Buffer.from(`${page.join('\n')}\n`)
        await tools.tellProgress?.(done + rows, total)
      }
    }
    const mark = await zip.add(fileOf(it.table), Readable.from(lines()))
    done += rows
    if (bytes) await writeBytes(tx, zip, it.table, bytes)
    kinds.push({ table: it.table, file: fileOf(it.table), rows, ...mark, columns, omitted: omit })
  }
  const manifest: ExportManifest = {
    what: 'evenhand workspace',
    format: exportFormat,
    madeAt: tools.now().toISOString(),
    madeBy: await findMaker(tx, asked.agentId),
    workspace: { workspaceId: asked.workspaceId, name },
    schema: knownMigrations().at(-1)!,
    kinds,
    leftOut: reasonsFor(tables),
  }
  zip.addText(manifestName, JSON.stringify(manifest, null, 2))
  return manifest
}

/** One at a time: a file is small beside the memory that the program may take, all of them are not. */
async function writeBytes(
  tx: Tx,
  zip: ZipOut,
  table: string,
  bytes: NonNullable<Kind['bytes']>,
): Promise<void> {
  for (const id of await findIds(tx, table, bytes.id)) {
    const content = await readBytes(tx, table, bytes, id)
    // Pictures are packed already, and what packs too well would look like a bomb to whoever reads it.
    await zip.add(bytesFileOf(table, id), Readable.from([content]), { asItIs: true })
  }
}

/** A table that this release's lists do not know cannot be: a test sees to it. Should it be all the same, it is named. */
const reasonsFor = (tables: readonly TenantTable[]) =>
  Object.fromEntries(
    tables
      .filter((it) => !(it.table in exported))
      .map((it) => [it.table, leftOut[it.table] ?? 'unknown to this release']),
  )
