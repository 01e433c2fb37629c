/**
 * One file that holds the installation as it was at one moment. The program may go on meanwhile.
 *
 * In:  the database as its owner, and where the file goes.
 * Out: a zip of one COPY per table, and a manifest with the checksum of each. It holds personal data in the clear.
 */
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { Readable } from 'node:stream'
import pg from 'pg'
import type { Now } from '../base/clock.ts'
import { postgresMajor } from '../base/embedded-postgres.ts'
import type { MasterKey } from '../base/secret.ts'
import {
  beginSnapshot,
  findAppliedMigrations,
  findJobs,
  findSequences,
  findTables,
  readTable,
  saveBackup,
} from './backup.sql.ts'
import { type BackupManifest, backupFormat, jobsWorthKeeping, leftOutOfBackups } from './backup.ts'
import { keyMarkOf } from './reach.ts'
import { makeZip, type ZipOut } from './zip-out.ts'

type Tools = { ownerUrl: string; master: MasterKey; now: Now }
export type Made = { file: string; bytes: number; tables: number; rows: number; tookMs: number }

export async function makeBackup(
  tools: Tools,
  { file, withKey }: { file: string; withKey: boolean },
): Promise<Made> {
  const began = tools.now()
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const unfinished = `${file}.part-${process.pid}`
  forgetUnfinished(file)
  const client = new pg.Client({ connectionString: tools.ownerUrl, application_name: 'evenhand-backup' })
  client.on('error', () => {})
  await client.connect()
  const zip = makeZip(unfinished)
  try {
    await beginSnapshot(client)
    const manifest = await writeAll(client, zip, { ...tools, began, withKey })
    await client.query('commit')
    await zip.close()
    // Under its name only when it is whole.
    renameSync(unfinished, file)
    const tookMs = tools.now().getTime() - began.getTime()
    const { size } = statSync(file)
    await saveBackup(client, { fileName: basename(file), bytes: size, tookMs, withKey })
    const rows = manifest.files.reduce((sum, it) => sum + (it.rows ?? 0), 0)
    return { file, bytes: size, tables: manifest.tables.length, rows, tookMs }
  } catch (error) {
    await zip.abort(error as Error)
    rmSync(unfinished, { force: true })
    throw error
  } finally {
    await client.end().catch(() => {})
  }
}

/** What a killed backup of the same name left behind. */
function forgetUnfinished(file: string): void {
  const left = readdirSync(dirname(file)).filter((name) => name.startsWith(`${basename(file)}.part-`))
  for (const name of left) rmSync(`${dirname(file)}/${name}`, { force: true })
}

async function writeAll(
  client: pg.Client,
  zip: ZipOut,
  { master, began, withKey }: Tools & { began: Date; withKey: boolean },
): Promise<BackupManifest> {
  const files: BackupManifest['files'] = []
  const tables: BackupManifest['tables'] = []
  const found = await findTables(client)
  for (const shape of found.filter((it) => !(it.table in leftOutOfBackups))) {
    const name = `tables/${shape.table}.copy`
    const rows = readTable(client, shape)
    const mark = await zip.add(name, rows)
    files.push({ name, ...mark, rows: rows.rowCount ?? null })
    tables.push({ ...shape, file: name })
  }
  const jobs = await findJobs(client, jobsWorthKeeping)
  const extra = [['jobs.json', JSON.stringify(jobs)]] as [string, string][]
  if (withKey) extra.push(['key', `${master.toString('base64')}\n`])
  for (const [name, text] of extra) {
    const mark = await zip.add(name, Readable.from([Buffer.from(text)]))
    files.push({ name, ...mark, rows: null })
  }
  const manifest: BackupManifest = {
    what: 'evenhand backup',
    format: backupFormat,
    madeAt: began.toISOString(),
    migrations: await findAppliedMigrations(client),
    postgresMajor,
    keyMark: keyMarkOf(master),
    withKey,
    files,
    tables,
    sequences: await findSequences(client),
  }
  zip.addText('manifest.json', JSON.stringify(manifest, null, 2))
  return manifest
}
