/** A workspace's rows as JSON, page after page through a cursor, inside its walls and in one snapshot. */
import { sql } from 'kysely'
import { type Db, enterWorkspace, findAll, findOne, type Tx } from '../base/db.ts'

/** Everything that `work` reads is of one moment. It writes nothing. */
export async function inSnapshot<T>(db: Db, workspaceId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      await enterWorkspace(tx, workspaceId)
      // The same rows are the same words, wherever they are written.
      await sql`set local timezone = 'UTC'`.execute(tx)
      await sql`set local extra_float_digits = 1`.execute(tx)
      return work(tx)
    })
}

export async function countRows(tx: Tx, table: string): Promise<number> {
  const found = await findOne(tx, sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`)
  return found!.n
}

const rowsPerPage = 500

/** Lines of JSON with exactly these columns, in the order of the key. */
export async function* readRows(
  tx: Tx,
  { table, columns, key }: { table: string; columns: readonly string[]; key: readonly string[] },
): AsyncGenerator<string[]> {
  const list = (names: readonly string[]) => sql.join(names.map((it) => sql.id(it)))
  await sql`declare rows no scroll cursor for
    select to_jsonb(it)::text as line from (select ${list(columns)} from ${sql.table(table)}
      order by ${list(key)}) it`.execute(tx)
  for (;;) {
    const page = await findAll(tx, sql<{ line: string }>`fetch ${sql.raw(String(rowsPerPage))} from rows`)
    if (page.length > 0) yield page.map((it) => it.line)
    if (page.length < rowsPerPage) break
  }
  await sql`close rows`.execute(tx)
}

export async function findMaker(
  tx: Tx,
  agentId: string | null,
): Promise<{ agentId: string; name: string } | null> {
  const found = await findOne(
    tx,
    sql<{ agentId: string; name: string }>`select agent_id, name from agents where agent_id = ${agentId}`,
  )
  return found ?? null
}

export async function findIds(tx: Tx, table: string, id: string): Promise<string[]> {
  const found = await findAll(
    tx,
    sql<{ id: string }>`select ${sql.id(id)} as id from ${sql.table(table)} order by 1`,
  )
  return found.map((it) => it.id)
}

export async function readBytes(
  tx: Tx,
  table: string,
  { column, id }: { column: string; id: string },
  value: string,
): Promise<Buffer> {
  const found = await findOne(
    tx,
    sql<{
      bytes: Buffer
    }>`select ${sql.id(column)} as bytes from ${sql.table(table)} where ${sql.id(id)} = ${value}`,
  )
  return found!.bytes
}
