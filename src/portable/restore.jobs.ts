/**
 * A backup becomes the installation again. Everything is done beside the data that is there; only at the end does one
 * take the place of the other, and the old one stays under another name.
 *
 * In:  a backup and a data folder whose program does not run.
 * Out: the folder as it was then, migrated to this release, with what was erased since erased again, and with nothing
 *      on its way out.
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { CannotStart } from '../base/cannot-start.ts'
import type { Now } from '../base/clock.ts'
import { type DataFolder, hasKey } from '../base/data-folder.ts'
import { ownerPassword } from '../base/database.ts'
import { openDb } from '../base/db.ts'
import { startPostgres } from '../base/embedded-postgres.ts'
import { finishTakingPlace, takePlace } from '../base/restored-folder.ts'
import { knownMigrations, migrate, prepareRoles, setErasureKey, urlAs } from '../base/roles.ts'
import type { MasterKey } from '../base/secret.ts'
import type { Say } from '../base/terminal.ts'
import { addJob, beginLoading, type Held, holdWhatWaited, setSequence, writeTable } from './backup.sql.ts'
import { BackupManifest, whyNotRestorable } from './backup.ts'
import { fileAllErasures, replayErasures } from './erasure.jobs.ts'
import { keyMarkOf } from './reach.ts'
import { BadArchive, openZip, type ZipIn } from './zip-in.ts'

/** Made by us and as large as the installation is: its checksums are what is trusted. */
const anySize = { files: 10_000, bytes: Number.POSITIVE_INFINITY, ratio: Number.POSITIVE_INFINITY }
type Tools = { folder: DataFolder; givenKey: MasterKey | null; now: Now; say: Say }

export async function restoreBackup(file: string, tools: Tools): Promise<void> {
  const { folder, say } = tools
  const timed = makeTimer(tools)
  // Of a restore before this one: what it put in its place is put aside by this one.
  await finishTakingPlace(folder.postgres)
  await using zip = await openZip(file, anySize).catch((error) => {
    throw new CannotStart(`${file} is no backup that can be read (${(error as Error).message}).`)
  })
  const manifest = await readManifest(zip, file)
  const master = await keyFor(zip, manifest, tools)
  await timed('checked', () => verify(zip, manifest))
  await timed('erasures of the present data read', () => fileOldErasures(tools, master))

  const beside = `${folder.postgres}.restoring`
  rmSync(beside, { recursive: true, force: true })
  const server = await startPostgres({ dir: beside, password: ownerPassword(master) })
  try {
    await timed('loaded', () => load(server.url, zip, manifest, master))
    await timed('migrated', () => migrateForward(server.url, master))
    const held = await finish(server.url, zip)
    const app = openDb(urlAs(server.url, 'evenhand_app', master), { max: 2 })
    const erased = await timed('erasures repeated', () =>
      replayErasures({ db: app.db, folder: folder.path, now: tools.now }),
    ).finally(() => app.db.destroy())
    say(`Erased again: ${erased}. Replies that wait for a person instead of going out: ${held.replies}.`)
    say(
      `Went back to their author's draft instead of to a second person: ${held.approvals}. Invitations revoked: ${held.invitations}.`,
    )
  } catch (error) {
    await server.stop()
    rmSync(beside, { recursive: true, force: true })
    throw error
  }
  await server.stop()
  await takeItsPlace(beside, master, tools)
}

async function readManifest(zip: ZipIn, file: string): Promise<BackupManifest> {
  try {
    return BackupManifest.parse(JSON.parse(await zip.text('manifest.json', 64 * 1024 * 1024)))
  } catch {
    throw new CannotStart(`${file} is no backup of Evenhand: it has no manifest of one. Nothing was changed.`)
  }
}

async function keyFor(zip: ZipIn, manifest: BackupManifest, tools: Tools): Promise<MasterKey> {
  const inFolder = hasKey(tools.folder) ? join(tools.folder.path, 'key') : null
  const given = tools.givenKey ?? (inFolder && Buffer.from(await readText(inFolder), 'base64'))
  const key = given ?? (manifest.withKey ? Buffer.from(await zip.text('key', 100), 'base64') : null)
  const why = whyNotRestorable(manifest, {
    migrations: knownMigrations(),
    keyMark: key && keyMarkOf(key),
  })
  if (why) throw new CannotStart(why)
  if (!key)
    throw new CannotStart(
      `The key is not in the backup: put its file \`key\` into ${tools.folder.path}, or set EVENHAND_KEY, then restore again.`,
    )
  return key
}

const readText = async (path: string) => (await import('node:fs/promises')).readFile(path, 'utf8')

async function verify(zip: ZipIn, manifest: BackupManifest): Promise<void> {
  for (const { name, sha256 } of manifest.files) {
    const found = await zip.digest(name).catch((error) => {
      if (error instanceof BadArchive) return error.message
      throw error
    })
    if (found !== sha256)
      throw new CannotStart(`The backup is damaged: ${name} is not what was written. Nothing was changed.`)
  }
}

/** What was erased in the last moments before a crash may stand in the present database only. */
async function fileOldErasures({ folder, say }: Tools, master: MasterKey): Promise<void> {
  if (!existsSync(join(folder.postgres, 'PG_VERSION'))) return
  try {
    const old = await startPostgres({ dir: folder.postgres, password: ownerPassword(master) })
    const owner = openDb(old.url, { max: 1 })
    try {
      await fileAllErasures({ db: owner.db, folder: folder.path })
    } finally {
      await owner.db.destroy()
      await old.stop()
    }
  } catch (error) {
    say(
      `The present database could not be asked what was erased last (${(error as Error).message}); what the file erasures.jsonl knows is erased again.`,
    )
  }
}

async function load(
  ownerUrl: string,
  zip: ZipIn,
  manifest: BackupManifest,
  master: MasterKey,
): Promise<void> {
  const owner = openDb(ownerUrl, { max: 2 })
  try {
    await prepareRoles(owner.db, master)
    await migrate(owner.db, owner.pool, { upTo: manifest.migrations.toSorted().at(-1)! })
  } finally {
    await owner.db.destroy()
  }
  await asOwner(ownerUrl, async (client) => {
    await beginLoading(client)
    for (const shape of manifest.tables) await writeTable(client, shape, await zip.read(shape.file))
    for (const sequence of manifest.sequences) await setSequence(client, sequence)
    await client.query('commit')
    await client.query('analyze')
  })
}

async function migrateForward(ownerUrl: string, master: MasterKey): Promise<void> {
  const owner = openDb(ownerUrl, { max: 2 })
  try {
    await migrate(owner.db, owner.pool)
    await setErasureKey(owner.db, master)
  } finally {
    await owner.db.destroy()
  }
}

async function finish(ownerUrl: string, zip: ZipIn): Promise<Held> {
  return asOwner(ownerUrl, async (client) => {
    const held = await holdWhatWaited(client)
    for (const job of JSON.parse(await zip.text('jobs.json', 512 * 1024 * 1024))) await addJob(client, job)
    return held
  })
}

async function asOwner<T>(ownerUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: ownerUrl })
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function takeItsPlace(
  beside: string,
  master: MasterKey,
  { folder, givenKey, say }: Tools,
): Promise<void> {
  if (!givenKey && !hasKey(folder))
    writeFileSync(join(folder.path, 'key'), `${master.toString('base64')}\n`, {
      mode: 0o600,
      flag: 'wx',
      flush: true,
    })
  const aside = await takePlace(beside, folder.postgres)
  if (aside) say(`The data that was there is in ${aside}; delete it when you need it no more.`)
}

function makeTimer({ now, say }: Tools) {
  return async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const began = now().getTime()
    const done = await work()
    say(`${what}: ${((now().getTime() - began) / 1000).toFixed(1)} s`)
    return done
  }
}
