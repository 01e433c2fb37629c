/** A database of one's own per test file: cloned from the migrated template, dropped at the end. */
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type pg from 'pg'
import { inject } from 'vitest'
import { newId } from '../src/base/clock.ts'
import { type Db, enterWorkspace, openDb } from '../src/base/db.ts'
import { closeDatabase, urlAs } from '../src/base/roles.ts'
import { testKey } from './key.ts'

export type TestDb = AsyncDisposable & {
  /** As the program runs: the role that owns nothing. */
  db: Db
  pool: pg.Pool
  url: string
  /** As the owner, for looking behind the walls. */
  owner: Db
  ownerUrl: string
  reachUrl: string
}

export async function freshDb(): Promise<TestDb> {
  const adminUrl = inject('postgresUrl')
  const name = `t_${randomBytes(6).toString('hex')}`
  const admin = openDb(adminUrl, { max: 1 })
  await cloneTemplate(admin.db, name)

  const ownerUrl = adminUrl.replace(/postgres$/, name)
  const url = urlAs(ownerUrl, 'evenhand_app', testKey)
  const owner = openDb(ownerUrl, { max: 3 })
  // A clone has its template's tables, and not what was granted or revoked on the database.
  await closeDatabase(owner.db)
  const app = openDb(url)
  return {
    db: app.db,
    pool: app.pool,
    url,
    owner: owner.db,
    ownerUrl,
    reachUrl: urlAs(ownerUrl, 'evenhand_reach', testKey),
    async [Symbol.asyncDispose]() {
      await app.db.destroy()
      await owner.db.destroy()
      await sql`drop database ${sql.id(name)} with (force)`.execute(admin.db)
      await admin.db.destroy()
    },
  }
}

/** Cloning locks the template for a moment, and test files start together. */
async function cloneTemplate(admin: Db, name: string): Promise<void> {
  for (let left = 40; ; left--) {
    try {
      await sql`create database ${sql.id(name)} template template_evenhand`.execute(admin)
      return
    } catch (error) {
      if (left === 0 || !String(error).includes('being accessed')) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

/** A workspace in London with office hours, and its first admin. */
export async function aWorkspace(db: Db, over: { name?: string; brand?: string; timeZone?: string } = {}) {
  const workspaceId = newId()
  const agentId = newId()
  await db.transaction().execute(async (tx) => {
    await enterWorkspace(tx, workspaceId)
    await sql`insert into workspaces (workspace_id, name, brand, time_zone)
      values (${workspaceId}, ${over.name ?? 'Acme care'}, ${over.brand ?? 'Acme'}, ${over.timeZone ?? 'Europe/London'})`.execute(
      tx,
    )
    await sql`insert into agents (workspace_id, agent_id, user_id, name, email, role)
      values (${workspaceId}, ${agentId}, ${`user-${agentId}`}, 'Ana Ruiz', 'ana@acme.test', 'admin')`.execute(
      tx,
    )
  })
  return { workspaceId, agentId }
}
