/**
 * A backup of the whole installation on the embedded database, while it runs or while it does not.
 *
 *   npm run backup [-- --to FILE] [--with-key]
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { CannotStart } from '../src/base/cannot-start.ts'
import { readConfig } from '../src/base/config.ts'
import { say } from '../src/base/terminal.ts'
import { makeBackup } from '../src/portable/backup.jobs.ts'
import { reachEmbedded, refuseOutside } from '../src/portable/reach.ts'

try {
  const { values } = parseArgs({
    options: { to: { type: 'string' }, 'with-key': { type: 'boolean', default: false } },
  })
  const config = readConfig(process.env, [])
  refuseOutside(config, 'pg_dump')
  await using place = await reachEmbedded(config)
  const now = () => new Date()
  const stamp = now().toISOString().slice(0, 19).replaceAll(':', '')
  const file = resolve(values.to ?? join(place.folder.path, 'backups', `evenhand-${stamp}Z.zip`))
  if (existsSync(file)) throw new CannotStart(`${file} is there already: name another file.`)
  const made = await makeBackup({ ...place, now }, { file, withKey: values['with-key'] })
  const seconds = (made.tookMs / 1000).toFixed(1)
  say(
    `${made.file}: ${made.tables} tables, ${made.rows} rows, ${(made.bytes / 1e6).toFixed(1)} MB in ${seconds} s.`,
  )
  say(
    'It holds personal data in the clear: keep it where only you can read it, and delete it when it is old.',
  )
  say(
    values['with-key']
      ? 'The key is in it too: whoever has this file can speak as your brand.'
      : 'The key is not in it. Keep a copy of the file `key` elsewhere: without it this backup opens nowhere.',
  )
} catch (error) {
  console.error(error instanceof CannotStart ? error.message : (error as Error).stack)
  process.exitCode = 1
}
