/**
 * A backup becomes the installation again: `npm run restore -- FILE`. The program must not run meanwhile.
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { CannotStart } from '../src/base/cannot-start.ts'
import { readConfig } from '../src/base/config.ts'
import { prepareDataFolder } from '../src/base/data-folder.ts'
import { lockFolder } from '../src/base/folder-lock.ts'
import { say } from '../src/base/terminal.ts'
import { refuseOutside } from '../src/portable/reach.ts'
import { restoreBackup } from '../src/portable/restore.jobs.ts'

try {
  const { positionals } = parseArgs({ allowPositionals: true })
  const [file] = positionals
  if (!file) throw new CannotStart('Name the backup: `npm run restore -- FILE`.')
  const config = readConfig(process.env, [])
  refuseOutside(config, 'pg_restore')
  const folder = prepareDataFolder(config.dataFolder)
  const lock = await lockFolder(folder.path)
  try {
    await restoreBackup(resolve(file), { folder, givenKey: config.masterKey, now: () => new Date(), say })
  } finally {
    lock.release()
  }
  say('Restored. Start Evenhand; everybody signs in again.')
} catch (error) {
  console.error(error instanceof CannotStart ? error.message : (error as Error).stack)
  process.exitCode = 1
}
