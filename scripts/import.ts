/**
 * An exported workspace into an installation that nobody has set up: `npm run import -- FILE`, with Evenhand stopped.
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { CannotStart } from '../src/base/cannot-start.ts'
import { readConfig } from '../src/base/config.ts'
import { openDatabase } from '../src/base/database.ts'
import { openDb } from '../src/base/db.ts'
import { say } from '../src/base/terminal.ts'
import { badWords } from '../src/portable/bad-words.ts'
import { importWorkspace, NotImported } from '../src/portable/import.jobs.ts'
import { BadArchive } from '../src/portable/zip-in.ts'

try {
  const [file] = parseArgs({ allowPositionals: true }).positionals
  if (!file) throw new CannotStart('Name the export: `npm run import -- FILE`.')
  const database = await openDatabase(readConfig(process.env, []), { say, onLost: say })
  const { db } = openDb(database.url, { max: 2 })
  try {
    const { manifest, rows, notImported } = await importWorkspace({ db }, resolve(file), makeTell())
    const count = Object.values(rows).reduce((sum, it) => sum + it, 0)
    say(`Imported “${manifest.workspace.name}”: ${count} rows, made ${manifest.madeAt}.`)
    for (const line of notImported) say(`Not imported: ${line}.`)
    say(
      'Start Evenhand: it prints the link by which the first admin comes in. Channels need a new app password.',
    )
  } finally {
    await db.destroy()
    await database.stop()
  }
} catch (error) {
  process.exitCode = 1
  if (error instanceof BadArchive) console.error(badWords(error))
  else if (error instanceof CannotStart || error instanceof NotImported) console.error(error.message)
  else console.error((error as Error).stack)
}

function makeTell() {
  let told = 0
  return (done: number, total: number) => {
    const tenth = Math.floor((done / Math.max(1, total)) * 10)
    if (tenth > told) say(`${done} of ${total} rows`)
    told = tenth
  }
}
