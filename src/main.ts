/**
 * The program. Everything is started here, in this order, and stopped in the other one.
 *
 * In:  the settings of the environment (docs/operate.md) and `--rehearse`.
 * Out: a running house, or one sentence that says why not and what to do.
 */
import { buildApp } from './app.ts'
import { readConfig } from './base/config.ts'
import { openDatabase } from './base/database.ts'
import { openDb } from './base/db.ts'
import { makeLog } from './base/log.ts'
import { makeOutside } from './base/outside.ts'
import { assertPortFree, listenOn } from './base/port.ts'
import { runUntilStopped } from './base/running.ts'
import { say } from './base/terminal.ts'
import { buildWebApp } from './base/web-app.ts'
import { startLive } from './cases/live.jobs.ts'
import { makeConnectors } from './connectors/connectors.ts'
import { makeSessions } from './staff/session.ts'
import { printWayIn } from './way-in.ts'

await runUntilStopped(async ({ onStop, stop }) => {
  const config = readConfig(process.env, process.argv.slice(2))
  const log = makeLog(config.logLevel)
  const now = () => new Date()

  const database = await openDatabase(config, {
    say,
    onLost: (sentence) => stop(sentence),
    beforeStarting: () => assertPortFree(config),
  })
  await onStop(database.stop)
  const webFolder = config.web ? await buildWebApp(say) : null

  const { db, pool } = openDb(database.url, { max: 20 })
  await onStop(() => db.destroy())
  const outside = makeOutside(config.allow)
  const connectors = makeConnectors(config)
  const sessions = makeSessions({
    ...config,
    pool,
    db,
    master: database.master,
    baseUrl: config.publicUrl,
    rehearsal: config.rehearse,
    now,
  })
  const live = startLive({ url: database.url, db, links: connectors })
  await onStop(live.stop)

  const house = {
    ...config,
    db,
    pool,
    master: database.master,
    connectors,
    outside,
    sessions,
    live,
    now,
    log,
    webFolder,
  }
  const app = await buildApp(house)
  await onStop(() => app.close())
  await listenOn(app, config)
  await printWayIn(house)
})
