/**
 * The program. Everything is started here, in this order, and stopped in the other one.
 *
 * In:  the settings of the environment (docs/operate.md) and `--rehearse`.
 * Out: a running house, or one sentence that says why not and what to do.
 */
import { buildApp } from './app.ts'
import { newId } from './base/clock.ts'
import { readConfig } from './base/config.ts'
import { openDatabase } from './base/database.ts'
import { openDb } from './base/db.ts'
import { makeLog } from './base/log.ts'
import { makePostOffice } from './base/mail.ts'
import { makeOutside } from './base/outside.ts'
import { assertPortFree, listenOn } from './base/port.ts'
import { runUntilStopped } from './base/running.ts'
import { say } from './base/terminal.ts'
import { buildWebApp } from './base/web-app.ts'
import { startWebhooks } from './base/webhook.jobs.ts'
import { makeWays } from './base/webhook-post.ts'
import { startLive } from './cases/live.jobs.ts'
import { makeConnectors } from './connectors/connectors.ts'
import { makeMemory, takeIn } from './intake.ts'
import { startJobs } from './jobs.ts'
import { startListening } from './listen/listening.jobs.ts'
import { replayErasures } from './portable/erasure.jobs.ts'
import { startSealing } from './staff/audit-seal.jobs.ts'
import { makeSessions } from './staff/session.ts'
import { printWayIn } from './way-in.ts'

await runUntilStopped(async ({ onStop, isStopping, stop }) => {
  const config = readConfig(process.env, process.argv.slice(2))
  const log = makeLog(config.logLevel)
  const now = () => new Date()

  const beforeStarting = () => assertPortFree(config)
  const { url, reachUrl, master, folder, ...database } = await openDatabase(config, {
    say,
    onLost: stop,
    beforeStarting,
  })
  await onStop(database.stop)
  const webFolder = config.web ? await buildWebApp(say) : null

  const { db, pool } = openDb(url, { max: 20 })
  await onStop(() => db.destroy())
  // Before anything is served: whichever backup this database comes from, what was erased since stays erased.
  await replayErasures({ db, folder, now })
  const { db: reachDb } = openDb(reachUrl, { max: 2, name: 'evenhand-reach' })
  await onStop(() => reachDb.destroy())

  const connectors = makeConnectors(config)
  const outside = makeOutside(config.allow)
  const ways = makeWays(config.webhookPrivate)
  const door = { baseUrl: config.publicUrl, signInAllowed: config.signInAllowed, rehearsal: config.rehearse }
  const sessions = makeSessions({ ...door, db, pool, master, now })
  const live = startLive({ url, db, links: connectors })
  const house = {
    ...config,
    db,
    reachDb,
    pool,
    master,
    folder,
    connectors,
    outside,
    ways,
    postOffice: makePostOffice(config),
    sessions,
    live,
    now,
    log,
    webFolder,
  }

  const onError = (error: Error, what: string) => {
    if (!isStopping()) log.error({ err: error, what }, 'a job failed')
  }
  const jobs = await startJobs({ ...house, url, onError })
  await onStop(jobs.stop)
  await onStop(startWebhooks({ ...house, url, onError }).stop)

  await onStop(startSealing({ db, onError }).stop)

  const memory = makeMemory()
  const listening = startListening({
    ...house,
    takeIn: (heard, source) => takeIn(heard, source, { db, newId, memory }),
  })
  await onStop(listening.stop)

  const app = await buildApp(house)
  await onStop(() => app.close())
  await listenOn(app, config)
  await printWayIn(house)
})
