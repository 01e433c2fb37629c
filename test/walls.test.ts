/** P8 and P3: what the database itself refuses, whatever the code above it does. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findAll, inWorkspace, openDb } from '../src/base/db.ts'
import { aWorkspace, freshDb, type TestDb } from './db.ts'

/** What belongs to the installation and not to a workspace. A new name here is a decision, not a convenience. */
const ofTheInstallation = [
  // How a person comes in is theirs, whatever workspaces they work in.
  'auth_accounts', 'auth_passkeys', 'auth_sessions', 'auth_two_factors', 'auth_used_codes', 'auth_users',
  'auth_verifications', 'backups', 'dead_letters',
  // What a network erased is erased for every workspace; the key of its digests belongs to the key of the house.
  'erasure_key', 'erasures', 'gaps',
  'kysely_migration', 'kysely_migration_lock', 'reset_links', 'setup_links', 'sources',
  // On the way to a provider one belongs to no workspace yet.
  'sso_attempts',
] // biome-ignore format: a list to read

let it: TestDb
beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())

test('every tenant table is walled by forced row-level security and keyed by workspace first', async () => {
  const tables = await findAll(
    it.owner,
    sql<{ name: string; walled: boolean; forced: boolean; firstKey: string | null }>`
      select c.relname as name, c.relrowsecurity as walled, c.relforcerowsecurity as forced,
        (select a.attname from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
         where i.indrelid = c.oid and i.indisprimary) as first_key
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`,
  )

  const tenant = tables.filter((table) => !ofTheInstallation.includes(table.name))
  expect(tables.filter((table) => ofTheInstallation.includes(table.name)).map((table) => table.name)).toEqual(
    ofTheInstallation,
  )
  expect(tenant.length).toBeGreaterThan(10)
  expect(
    tenant.filter((t) => !t.walled || !t.forced || t.firstKey !== 'workspace_id').map((t) => t.name),
  ).toEqual([])
})

test('every index of a tenant table is led by the workspace, so that a cluster can shard on it', async () => {
  const indexes = await findAll(
    it.owner,
    sql<{ name: string; firstColumn: string; tableName: string }>`
      select i.indexrelid::regclass::text as name, c.relname as table_name, a.attname as first_column
      from pg_index i join pg_class c on c.oid = i.indrelid
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
      where c.relnamespace = 'public'::regnamespace`,
  )

  const astray = indexes.filter(
    (ix) => !ofTheInstallation.includes(ix.tableName) && ix.firstColumn !== 'workspace_id',
  )
  expect(astray.map((ix) => ix.name)).toEqual([])
})

test("the app's role owns nothing and cannot step over the walls", async () => {
  const owned = await findAll(
    it.owner,
    sql`select relname from pg_class where relowner = 'evenhand_app'::regrole`,
  )
  const powers = await findAll(
    it.owner,
    sql`select rolname from pg_roles where rolname like 'evenhand\\_%' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)`,
  )

  expect(owned).toEqual([])
  expect(powers).toEqual([])
})

test('what the owner answers for others reads no table that who asks has made', async () => {
  const astray = await findAll(
    it.owner,
    sql<{ name: string }>`select p.oid::regprocedure::text as name from pg_proc p
      join pg_namespace n on n.oid = p.pronamespace
      where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')
        and not coalesce((select setting ~ '^search_path=.*, ?pg_temp$'
          from unnest(p.proconfig) as setting where setting like 'search_path=%'), false) order by 1`,
  )

  expect(astray).toEqual([])
})

test("the program's roles make neither tables nor functions, for a moment or for good", async () => {
  for (const url of [it.url, it.reachUrl]) {
    const program = openDb(url, { max: 1 })
    try {
      for (const making of [
        'create temporary table agents (agent_id uuid)',
        'create temporary view workspaces as select 1',
        'create function pg_temp.steal() returns int language sql return 1',
        'create table loot (what text)',
        'create function steal() returns int language sql return 1',
        'create function graphile_worker.steal() returns int language sql return 1',
        'create schema ours',
      ])
        await expect(sql.raw(making).execute(program.db), making).rejects.toThrow(/permission denied/)
    } finally {
      await program.db.destroy()
    }
  }
})

test('who may make temporary views all the same reads no reach through a function of the owner', async () => {
  const { workspaceId } = await aWorkspace(it.db)
  await sql`insert into sealed_reach (workspace_id, case_id, account_id, known, followers)
    values (${workspaceId}, uuidv7(), 'did:plc:secret', true, 4242)`.execute(it.owner)
  await sql`do $$ begin execute format('grant temporary on database %I to evenhand_app', current_database()); end $$`.execute(
    it.owner,
  )
  const thief = openDb(it.url, { max: 1 })
  try {
    await sql
      .raw(`create temporary table loot (what text); grant all on loot to public;
      create function pg_temp.steal() returns uuid language plpgsql as $f$ begin
        insert into pg_temp.loot select account_id || followers from public.sealed_reach; return null; end $f$;
      create temporary view workspaces as select pg_temp.steal() as workspace_id, now() as created_at;
      grant all on workspaces to public`)
      .execute(thief.db)
    await sql`select public.list_workspaces()`.execute(thief.db)

    expect(await findAll(thief.db, sql`select * from loot`)).toEqual([])
  } finally {
    await thief.db.destroy()
    await sql`do $$ begin execute format('revoke temporary on database %I from evenhand_app', current_database()); end $$`.execute(
      it.owner,
    )
  }
})

test('one workspace cannot see, change or plant a row of another', async () => {
  const ours = await aWorkspace(it.db, { name: 'Ours' })
  const theirs = await aWorkspace(it.db, { name: 'Theirs' })

  const seen = await inWorkspace(it.db, ours.workspaceId, (tx) =>
    findAll(tx, sql<{ name: string }>`select name from workspaces`),
  )
  const changed = await inWorkspace(it.db, ours.workspaceId, (tx) =>
    sql`update workspaces set name = 'stolen' where workspace_id = ${theirs.workspaceId}`.execute(tx),
  )
  const planting = inWorkspace(it.db, ours.workspaceId, (tx) =>
    sql`insert into notes (workspace_id, case_id, by_agent_id, text)
      values (${theirs.workspaceId}, ${theirs.workspaceId}, ${ours.agentId}, 'x')`.execute(tx),
  )

  expect(seen.map((row) => row.name)).toEqual(['Ours'])
  expect(Number(changed.numAffectedRows)).toBe(0)
  await expect(planting).rejects.toThrow(/row-level security/)
})

test('without a workspace nothing is seen at all', async () => {
  await aWorkspace(it.db)

  expect(await findAll(it.db, sql`select * from workspaces`)).toEqual([])
})

test('the role behind matching, triage, queue and screens cannot select reach', async () => {
  const { workspaceId } = await aWorkspace(it.db)

  const looking = inWorkspace(it.db, workspaceId, (tx) =>
    findAll(tx, sql`select followers from sealed_reach`),
  )

  await expect(looking).rejects.toThrow(/permission denied/)
})

test('the reach job may insert and can read nothing, not even what it wrote', async () => {
  const { workspaceId } = await aWorkspace(it.db)
  const reach = openDb(it.reachUrl, { max: 1 })
  try {
    await inWorkspace(reach.db, workspaceId, (tx) =>
      sql`insert into sealed_reach (workspace_id, case_id, account_id, known, followers)
        values (${workspaceId}, uuidv7(), 'did:plc:kim', true, 12)`.execute(tx),
    )
    for (const table of ['sealed_reach', 'posts', 'cases', 'authors', 'auth_users']) {
      const looking = inWorkspace(reach.db, workspaceId, (tx) =>
        sql`select * from ${sql.id(table)}`.execute(tx),
      )
      await expect(looking).rejects.toThrow(/permission denied/)
    }
  } finally {
    await reach.db.destroy()
  }
})

test("the history of a case and its notes cannot be rewritten by the app's role", async () => {
  const { workspaceId } = await aWorkspace(it.db)

  for (const statement of [
    'update case_events set type = type',
    'delete from case_events',
    'update notes set text = text',
  ]) {
    const rewriting = inWorkspace(it.db, workspaceId, (tx) => sql.raw(statement).execute(tx))
    await expect(rewriting).rejects.toThrow(/permission denied/)
  }
})
