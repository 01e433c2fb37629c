/**
 * The database as the rooms see it: SQL in full view through Kysely's `sql` tag, snake_case there, camelCase here.
 *
 * Every tenant query runs inside `inWorkspace`: row-level security is forced, so a query that forgets the
 * workspace sees nothing instead of everything.
 */
import { CamelCasePlugin, Kysely, PostgresDialect, type RawBuilder, sql, type Transaction } from 'kysely'
import pg from 'pg'

export type Db = Kysely<unknown>
/** An open transaction. `Db` and `Tx` are told apart so that a function says whether it needs one. */
export type Tx = Transaction<unknown>

// Times as Date is pg's default; bigints (counts) as numbers, they never pass 2^53 here.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

export function openDb(
  url: string,
  options: { max?: number; name?: string } = {},
): { db: Db; pool: pg.Pool } {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.name ?? 'evenhand',
    connectionTimeoutMillis: 5_000,
  })
  // Without a listener a lost idle connection would end the process; the pool heals by itself.
  pool.on('error', () => {})
  // The same for a connection that is in use: its query fails, and that is how we hear of it.
  pool.on('connect', (client) => {
    client.on('error', () => {})
    keepPlans(client)
  })
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
  return { db, pool }
}

/**
 * At the head of a query whose plan is kept by each connection: for what is asked all the time and takes longer to plan
 * than to answer. Not for queries whose best plan hangs on their values.
 */
export const kept: RawBuilder<unknown> = sql.raw('/* kept */')
const names = new Map<string, string>()

function keepPlans(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...asked: unknown[]) => unknown
  const keeping = (asked: unknown, ...more: unknown[]) => {
    if (typeof asked !== 'string' || !asked.startsWith('/* kept */')) return query(asked, ...more)
    const name = names.get(asked) ?? `kept_${names.size}`
    names.set(asked, name)
    return query({ name, text: asked, values: more[0] })
  }
  client.query = keeping as typeof client.query
}

/** One transaction that sees one workspace only. */
export async function inWorkspace<T>(db: Db, workspaceId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    await enterWorkspace(tx, workspaceId)
    return work(tx)
  })
}

/** For work that visits several workspaces in one transaction: the stream's batches. */
export async function enterWorkspace(tx: Tx, workspaceId: string): Promise<void> {
  await sql`select set_config('evenhand.workspace', ${workspaceId}, true)`.execute(tx)
}

/** Of the workspace, only cases of these teams and of none; null is all of them. Inside the walls, for this transaction. */
export async function narrowToTeams(tx: Tx, teamIds: readonly string[] | null): Promise<void> {
  if (teamIds) await sql`select set_config('evenhand.teams', ${`{${teamIds.join(',')}}`}, true)`.execute(tx)
}

export async function findAll<T>(db: Db, query: RawBuilder<T>): Promise<T[]> {
  return (await query.execute(db)).rows
}

export async function findOne<T>(db: Db, query: RawBuilder<T>): Promise<T | undefined> {
  return (await query.execute(db)).rows[0]
}

/** A value for a jsonb column: pg would send a JavaScript array as a PostgreSQL array. */
export function json(value: unknown): RawBuilder<unknown> {
  return sql`${JSON.stringify(value)}::jsonb`
}
