/**
 * The database's roles and migrations, run as the owner before anything else.
 *
 * evenhand_app   what the program runs as: owns nothing, walled by row-level security
 * evenhand_reach may insert into sealed_reach and do nothing else (P3)
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runMigrations as migrateJobs } from 'graphile-worker'
import { sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import type pg from 'pg'
import type { Db } from './db.ts'
import { deriveKey, type MasterKey } from './secret.ts'

const folder = join(import.meta.dirname, '../../migrations')
export const roles = ['evenhand_app', 'evenhand_reach'] as const
export type Role = (typeof roles)[number]

/** The data was written by a newer release: going on could damage it. */
export class NewerData extends Error {
  override name = 'NewerData'
}

export function passwordOf(role: Role, master: MasterKey): string {
  return deriveKey(master, `database role ${role}`).toString('base64url')
}

/** What the erasure ledger's digests are made with: the padded halves of an HMAC key (RFC 2104). */
export async function setErasureKey(owner: Db, master: MasterKey): Promise<void> {
  const key = Buffer.concat([deriveKey(master, 'erasure ledger'), Buffer.alloc(32)])
  const [inner, outer] = [0x36, 0x5c].map((pad) => Buffer.from(key.map((byte) => byte ^ pad)))
  await sql`insert into erasure_key (inner_pad, outer_pad) values (${inner}, ${outer})
    on conflict (only_one) do update set inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad`.execute(
    owner,
  )
}

/** The same database as another role. */
export function urlAs(ownerUrl: string, role: Role, master: MasterKey): string {
  const url = new URL(ownerUrl)
  url.username = role
  url.password = passwordOf(role, master)
  return url.href
}

/** Safe to repeat: creates what is missing and sets the passwords that follow from the key. */
export async function prepareRoles(owner: Db, master: MasterKey): Promise<void> {
  for (const role of roles) {
    // Two installations starting at once on one cluster must not both create the role.
    await sql`do ${sql.raw(
      `$$ begin create role ${role} login; exception when duplicate_object or unique_violation then null; end $$`,
    )}`.execute(owner)
    await sql`alter role ${sql.id(role)} login password ${sql.lit(passwordOf(role, master))}`.execute(owner)
  }
}

/** `upTo` stops after that one: a backup is read into the schema it was written from. */
export async function migrate(
  owner: Db,
  ownerPool: pg.Pool,
  { from = folder, upTo }: { from?: string; upTo?: string } = {},
): Promise<string[]> {
  const migrations = readMigrations(from)
  const migrator = new Migrator({ db: owner, provider: { getMigrations: async () => migrations } })
  const foreign = (await appliedMigrations(owner)).filter((name) => !(name in migrations))
  if (foreign.length > 0) throw new NewerData(foreign.join(', '))

  const { error, results = [] } = upTo ? await migrator.migrateTo(upTo) : await migrator.migrateToLatest()
  if (error) throw error
  await migrateJobs({ pgPool: ownerPool })
  await openJobsToApp(owner)
  await closeDatabase(owner)
  return results.map((it) => it.migrationName)
}

export const knownMigrations = (): string[] => Object.keys(readMigrations(folder)).sort()

function readMigrations(folder: string): Record<string, Migration> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'))
  return Object.fromEntries(
    names.map((name) => {
      const text = readFileSync(join(folder, name), 'utf8')
      return [
        name.replace(/\.sql$/, ''),
        { up: async (db) => void (await sql.raw(text).execute(db)) } satisfies Migration,
      ]
    }),
  )
}

export async function appliedMigrations(owner: Db): Promise<string[]> {
  const there = await sql<{
    found: boolean
  }>`select to_regclass('kysely_migration') is not null as found`.execute(owner)
  if (!there.rows[0]?.found) return []
  return (await sql<{ name: string }>`select name from kysely_migration`.execute(owner)).rows.map(
    (it) => it.name,
  )
}

/** Everybody may make temporary tables in a new database: ours has no use for them, and a thief has. */
export async function closeDatabase(owner: Db): Promise<void> {
  await sql`do $$ begin
    if has_database_privilege('public', current_database(), 'temporary') then
      execute format('revoke temporary on database %I from public', current_database());
    end if;
  end $$`.execute(owner)
}

/** graphile-worker walls its tables off for their owner; the app's role enqueues and works jobs. */
async function openJobsToApp(owner: Db): Promise<void> {
  await sql`
    do $$
    declare it record;
    begin
      grant usage on schema graphile_worker to evenhand_app;
      grant select, insert, update, delete on all tables in schema graphile_worker to evenhand_app;
      grant usage on all sequences in schema graphile_worker to evenhand_app;
      grant execute on all functions in schema graphile_worker to evenhand_app;
      for it in select tablename from pg_tables where schemaname = 'graphile_worker' loop
        execute format('drop policy if exists app on graphile_worker.%I', it.tablename);
        execute format('create policy app on graphile_worker.%I to evenhand_app using (true) with check (true)', it.tablename);
      end loop;
    end $$`.execute(owner)
}
