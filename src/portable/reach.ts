/**
 * The embedded database as its owner, for work beside the program: by its own port while the program runs, else
 * started here under the folder's lock. The port stands in PostgreSQL's own file; the password follows from the key.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { CannotStart } from '../base/cannot-start.ts'
import type { Config } from '../base/config.ts'
import { type DataFolder, hasKey, prepareDataFolder, readKey } from '../base/data-folder.ts'
import { ownerPassword } from '../base/database.ts'
import { startPostgres } from '../base/embedded-postgres.ts'
import { lockFolder } from '../base/folder-lock.ts'
import { isHalfWay, refuseEmptyPlace } from '../base/restored-folder.ts'
import { deriveKey, type MasterKey } from '../base/secret.ts'

export type Reached = AsyncDisposable & {
  ownerUrl: string
  master: MasterKey
  folder: DataFolder
  /** Whether the program was running meanwhile. */
  isRunning: boolean
}

export const keyMarkOf = (master: MasterKey): string => deriveKey(master, 'backup key mark').toString('hex')

export function refuseOutside(config: Config, what: string): void {
  if (config.databaseUrl)
    throw new CannotStart(
      `The data is in your own PostgreSQL (DATABASE_URL), whose tools do this better: use \`${what}\`; docs/operate.md says how.`,
    )
}

export async function reachEmbedded(config: Config): Promise<Reached> {
  const folder = prepareDataFolder(config.dataFolder)
  if (isHalfWay(folder.postgres))
    throw new CannotStart('A restore was stopped on its last step: start Evenhand, which finishes it.')
  refuseEmptyPlace(folder.postgres)
  if (!existsSync(join(folder.postgres, 'PG_VERSION')))
    throw new CannotStart(`There is no data in ${folder.path}: is EVENHAND_DATA the folder it is in?`)
  if (!config.masterKey && !hasKey(folder))
    throw new CannotStart(
      `The key is not in ${folder.path}: put its file \`key\` there, or set EVENHAND_KEY.`,
    )
  const master = readKey(folder, config.masterKey)
  const running = await findRunning(folder, master)
  if (running) return { ownerUrl: running, master, folder, isRunning: true, async [Symbol.asyncDispose]() {} }
  const lock = await lockFolder(folder.path)
  try {
    const server = await startPostgres({ dir: folder.postgres, password: ownerPassword(master) })
    return {
      ownerUrl: server.url,
      master,
      folder,
      isRunning: false,
      async [Symbol.asyncDispose]() {
        await server.stop()
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

/** PostgreSQL writes its port into the fourth line; a file that a killed one left leads to a door that is closed. */
async function findRunning(folder: DataFolder, master: MasterKey): Promise<string | null> {
  const file = join(folder.postgres, 'postmaster.pid')
  if (!existsSync(file)) return null
  const port = Number(readFileSync(file, 'utf8').split('\n')[3])
  if (!port) return null
  const url = `postgres://evenhand:${encodeURIComponent(ownerPassword(master))}@127.0.0.1:${port}/postgres`
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ dir: string }>(`select current_setting('data_directory') as dir`)
    // Another installation may have been given the port of one that was killed.
    return rows[0]?.dir === folder.postgres ? url : null
  } catch {
    return null
  } finally {
    await client.end().catch(() => {})
  }
}
