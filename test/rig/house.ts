/** A whole installation for rigs: a PostgreSQL that outlives our program, a PDS, and the way in. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { openDb } from '../../src/base/db.ts'
import { startPostgres } from '../../src/base/embedded-postgres.ts'
import { channelRoutes } from '../../src/connectors/channel-contract.ts'
import { watchRoutes } from '../../src/match/watch-contract.ts'
import { staffRoutes } from '../../src/staff/staff-contract.ts'
import type { TestPds } from '../pds.ts'
import type { Browser, Program } from './program.ts'

export type Ground = {
  folder: string
  ownerUrl: string
  env: Record<string, string>
  /** As a power cut would end it; its keeper starts it again. */
  killPostgres(): void
  stop(options?: { keep?: boolean }): Promise<void>
}

/** PostgreSQL with its own default settings: fsync on, as an operator runs it. */
export async function layGround(name: string, pds: Pick<TestPds, 'allow' | 'settings'>): Promise<Ground> {
  const folder = mkdtempSync(join(tmpdir(), `evenhand-${name}-`))
  // As root the server runs as the OS user postgres, who must be able to walk in.
  chmodSync(folder, 0o755)
  const server = await startPostgres({ dir: join(folder, 'postgres'), password: 'rig' })
  const admin = openDb(server.url, { max: 1 })
  await sql`create database evenhand`.execute(admin.db)
  await admin.db.destroy()
  const ownerUrl = server.url.replace(/postgres$/, 'evenhand')
  return {
    folder,
    ownerUrl,
    env: {
      DATABASE_URL: ownerUrl,
      EVENHAND_DATA: join(folder, 'data'),
      EVENHAND_KEY: '07'.repeat(32),
      EVENHAND_ALLOW: pds.allow.join(','),
      EVENHAND_PLC: pds.settings.plcUrl,
      EVENHAND_APPVIEW: 'off',
      EVENHAND_JETSTREAM: 'off',
      EVENHAND_UNDO_MS: '0',
      EVENHAND_WEB: 'off',
    },
    killPostgres() {
      const pid = readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]
      process.kill(Number(pid), 'SIGKILL')
    },
    async stop({ keep = false } = {}) {
      await server.stop()
      if (!keep) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Through the printed link, as the first admin, with an account connected and its server's own stream heard. */
export async function moveIn(
  program: Program,
  browser: Browser,
  brand: { handle: string; appPassword: string },
  serviceUrl: string,
): Promise<{ channelId: string }> {
  const token = await findSetupToken(program)
  const admin = { name: 'Ana Ruiz', email: 'ana@acme.test', password: 'a long enough password' }
  await browser.call(staffRoutes.setUp, { body: { token, ...admin, brand: 'Acme', timeZone: 'UTC' } })
  const account = { handle: brand.handle, appPassword: brand.appPassword, serviceUrl }
  const channel = await browser.call(channelRoutes.connectBluesky, { body: { ...account, ownStream: true } })
  const terms = { words: ['acme'], handles: [], hashtags: [], domains: [], exclusions: [] }
  await browser.call(watchRoutes.add, { body: { name: 'Acme', terms } })
  return { channelId: channel.channelId }
}

/** Printed a moment after the first answer. */
async function findSetupToken(program: Program): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const token = /\/setup#([\w-]{20,})/.exec(program.said())?.[1]
    if (token) return token
    await sleep(100)
  }
  throw new Error(`no setup link in: ${program.said()}`)
}
