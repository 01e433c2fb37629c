/**
 * The database of this installation, ready to be used: the embedded one in the data folder, or the operator's own
 * behind DATABASE_URL. Roles stand and migrations have run when `openDatabase` answers.
 */
import { existsSync } from 'node:fs'
import { CannotStart } from './cannot-start.ts'
import type { Config } from './config.ts'
import { hasKey, prepareDataFolder, prepareKeyFolder, readKey } from './data-folder.ts'
import { openDb } from './db.ts'
import { startPostgres } from './embedded-postgres.ts'
import { lockFolder } from './folder-lock.ts'
import { checkOutsideDatabase, lockOutsideDatabase, refuseOtherKey } from './outside-database.ts'
import { finishTakingPlace, isHalfWay, refuseEmptyPlace } from './restored-folder.ts'
import { migrate, NewerData, prepareRoles, setErasureKey, urlAs } from './roles.ts'
import { deriveKey, type MasterKey } from './secret.ts'
import type { Say } from './terminal.ts'

export type Database = {
  /** As the role that owns nothing, which is how the program runs. */
  url: string
  /** As the role that may only insert reach (P3). */
  reachUrl: string
  master: MasterKey
  /** Where files beside the database may be kept. */
  folder: string
  stop(): Promise<void>
}
type Tools = {
  say: Say
  /** Another program has taken this database from us: going on would be wrong. */
  onLost: Say
  /** Asked once the data is ours and before anything heavy is started. */
  beforeStarting?: () => Promise<void>
}
type Place = { ownerUrl: string; master: MasterKey; folder: string; stop(): Promise<void> }

export async function openDatabase(config: Config, tools: Tools): Promise<Database> {
  const place = config.databaseUrl
    ? await openOutside(config, config.databaseUrl, tools)
    : await openEmbedded(config, tools)
  try {
    const done = await prepare(place)
    if (done.length > 0) tools.say(`Migrated the database: ${done.join(', ')}.`)
  } catch (error) {
    await place.stop()
    throw inOneSentence(error)
  }
  return {
    url: urlAs(place.ownerUrl, 'evenhand_app', place.master),
    reachUrl: urlAs(place.ownerUrl, 'evenhand_reach', place.master),
    master: place.master,
    folder: place.folder,
    stop: place.stop,
  }
}

/** Of the embedded database: follows from the key, so that whoever has the folder needs nothing else. */
export const ownerPassword = (master: MasterKey): string =>
  deriveKey(master, 'database owner').toString('base64url')

async function openEmbedded(config: Config, { say, beforeStarting }: Tools): Promise<Place> {
  const folder = prepareDataFolder(config.dataFolder)
  if (folder.note) say(folder.note)
  const lock = await lockFolder(folder.path)
  try {
    if (isHalfWay(folder.postgres)) {
      await finishTakingPlace(folder.postgres)
      say('A restore was stopped on its last step, and is finished now: the data is that of the backup.')
    }
    refuseEmptyPlace(folder.postgres)
    const master = readKey(folder, config.masterKey)
    await beforeStarting?.()
    const password = ownerPassword(master)
    if (!existsSync(folder.postgres)) say('Making a database, a few seconds the first time.')
    const server = await startPostgres({ dir: folder.postgres, password, onTrouble: say })
    return {
      ownerUrl: server.url,
      master,
      folder: folder.path,
      async stop() {
        await server.stop()
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

async function openOutside(
  config: Config,
  ownerUrl: string,
  { onLost, beforeStarting }: Tools,
): Promise<Place> {
  await beforeStarting?.()
  const { isNew } = await checkOutsideDatabase(ownerUrl)
  const lock = await lockOutsideDatabase(ownerUrl, onLost)
  try {
    const master = config.masterKey ?? keyOfOutside(config.dataFolder, isNew)
    await refuseOtherKey(ownerUrl, master)
    return { ownerUrl, master, folder: config.dataFolder, stop: lock.release }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/** The key is ours to keep, wherever the rows are; a new one would open nothing of what is there. */
function keyOfOutside(wanted: string, isNew: boolean): MasterKey {
  const folder = prepareKeyFolder(wanted)
  if (!isNew && !hasKey(folder)) {
    throw new CannotStart(
      `This database holds an installation whose key is not in ${folder.path}: put its file \`key\` there, or set EVENHAND_KEY.`,
    )
  }
  return readKey(folder, null)
}

async function prepare(place: Place): Promise<string[]> {
  const owner = openDb(place.ownerUrl, { max: 2, name: 'evenhand-owner' })
  try {
    await prepareRoles(owner.db, place.master)
    const done = await migrate(owner.db, owner.pool)
    await setErasureKey(owner.db, place.master)
    return done
  } finally {
    await owner.db.destroy()
  }
}

function inOneSentence(error: unknown): unknown {
  if (error instanceof NewerData) {
    return new CannotStart(
      `This data was written by a newer release of Evenhand (it knows ${error.message}): nothing was changed; install that release again.`,
    )
  }
  if ((error as { code?: string }).code === '28P01') {
    return new CannotStart(
      'The database does not open with this key: put back the key it was made with, in EVENHAND_KEY or the file `key` of the data folder.',
    )
  }
  return error
}
