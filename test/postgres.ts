/** Vitest's global setup: one real PostgreSQL for the whole run, with a migrated template to clone from. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { TestProject } from 'vitest/node'
import { openDb } from '../src/base/db.ts'
import { startPostgres } from '../src/base/embedded-postgres.ts'
import { migrate, prepareRoles, setErasureKey } from '../src/base/roles.ts'
import { testKey } from './key.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string
  }
}

export default async function setup(project: TestProject) {
  const home = mkdtempSync(join(tmpdir(), 'evenhand-test-'))
  // As root the server runs as the OS user postgres, who must be able to walk in.
  chmodSync(home, 0o755)
  const flags = [
    '-c',
    'fsync=off',
    '-c',
    'synchronous_commit=off',
    '-c',
    'full_page_writes=off',
    '-c',
    'max_connections=300',
  ]
  const server = await startPostgres({ dir: join(home, 'pg'), password: 'test', flags })

  const admin = openDb(server.url, { max: 1 })
  await prepareRoles(admin.db, testKey)
  await sql`create database template_evenhand`.execute(admin.db)
  const template = openDb(server.url.replace(/postgres$/, 'template_evenhand'), { max: 2 })
  await migrate(template.db, template.pool)
  await setErasureKey(template.db, testKey)
  await template.db.destroy()
  await admin.db.destroy()

  project.provide('postgresUrl', server.url)
  return async () => {
    await server.stop()
    rmSync(home, { recursive: true, force: true })
  }
}
