/** The whole database by COPY, in one snapshot, as its owner. */
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'

export type TableShape = { table: string; columns: string[] }

/** Every later question of this client sees the same moment, while the program goes on writing. */
export async function beginSnapshot(client: pg.Client): Promise<void> {
  await client.query('begin isolation level repeatable read read only')
  await client.query(`set local lock_timeout = '30s'`)
}

/** Every table of ours, with the columns that can be written. */
export async function findTables(client: pg.Client): Promise<TableShape[]> {
  const { rows } = await client.query<TableShape>(
    `select c.relname as "table", array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       and a.attgenerated = ''
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' group by 1 order by 1`,
  )
  return rows
}

export async function findAppliedMigrations(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>('select name from kysely_migration order by 1')
  return rows.map((it) => it.name)
}

export async function findSequences(client: pg.Client): Promise<{ name: string; value: number }[]> {
  const { rows } = await client.query(
    `select sequencename as name, last_value as value from pg_sequences
     where schemaname = 'public' and last_value is not null`,
  )
  return rows
}

export async function findJobs(client: pg.Client, tasks: readonly string[]): Promise<object[]> {
  const { rows } = await client.query(
    `select t.identifier as task, j.payload, j.run_at as "runAt", j.key, j.max_attempts as "maxAttempts"
     from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
     where t.identifier = any($1) and j.attempts < j.max_attempts`,
    [tasks],
  )
  return rows
}

const quoted = (client: pg.Client, { table, columns }: TableShape) =>
  `public.${client.escapeIdentifier(table)} (${columns.map((it) => client.escapeIdentifier(it)).join(', ')})`

export function readTable(client: pg.Client, shape: TableShape): Readable & { rowCount: number } {
  return client.query(copyTo(`copy ${quoted(client, shape)} to stdout`)) as unknown as Readable & {
    rowCount: number
  }
}

export async function writeTable(client: pg.Client, shape: TableShape, rows: Readable): Promise<void> {
  await client.query(`delete from public.${client.escapeIdentifier(shape.table)}`)
  await pipeline(rows, client.query(copyFrom(`copy ${quoted(client, shape)} from stdin`)))
}

/** What refers to what was checked where it was written: nothing is checked, told or counted again. */
export async function beginLoading(client: pg.Client): Promise<void> {
  await client.query('begin')
  await client.query('set local session_replication_role = replica')
}

export async function setSequence(
  client: pg.Client,
  { name, value }: { name: string; value: number },
): Promise<void> {
  await client.query('select setval(format($1, $2::text)::regclass, $3)', ['public.%I', name, value])
}

type KeptJob = { task: string; payload: unknown; runAt: string; key: string | null; maxAttempts: number }

export async function addJob(client: pg.Client, job: KeptJob): Promise<void> {
  await client.query(
    `select graphile_worker.add_job($1, $2::json, run_at => $3::timestamptz, job_key => $4, max_attempts => $5)`,
    [job.task, JSON.stringify(job.payload), job.runAt, job.key, job.maxAttempts],
  )
}

export type Held = { replies: number; approvals: number; invitations: number; carries: number }

/** What waited when the backup was made may have been done since: a person looks before it goes on (F26). */
export async function holdWhatWaited(client: pg.Client): Promise<Held> {
  const { rows } = await client.query(
    `select replies::integer, approvals::integer, invitations::integer, carries::integer from hold_after_restore()`,
  )
  return rows[0]
}

export async function saveBackup(
  client: pg.Client,
  made: { fileName: string; bytes: number; tookMs: number; withKey: boolean },
): Promise<void> {
  const there = await client.query(`select to_regclass('public.backups') is not null as found`)
  if (!there.rows[0].found) return
  await client.query('insert into backups (file_name, bytes, took_ms, with_key) values ($1, $2, $3, $4)', [
    made.fileName,
    made.bytes,
    made.tookMs,
    made.withKey,
  ])
}
