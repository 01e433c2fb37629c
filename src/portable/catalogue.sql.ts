/** What the database itself says of its tenant tables. */
import { sql } from 'kysely'
import { type Db, findAll } from '../base/db.ts'

export type TenantTable = { table: string; columns: string[]; key: string[]; needs: string[] }

/** Every table with a workspace in its rows, after those that it refers to. */
export async function findTenantTables(db: Db): Promise<TenantTable[]> {
  const found = await findAll(
    db,
    sql<TenantTable>`select c.relname as "table",
        array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0
          and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
        array(select a.attname::text from pg_index i
          cross join unnest(i.indkey::int2[]) with ordinality as k (attnum, nth)
          join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
          where i.indrelid = c.oid and i.indisprimary order by k.nth) as key,
        array(select distinct r.relname::text from pg_constraint f join pg_class r on r.oid = f.confrelid
          where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) as needs
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and exists (select from pg_attribute w where w.attrelid = c.oid and w.attname = 'workspace_id'
          and not w.attisdropped)
      order by c.relname`,
  )
  return inOrderOfNeed(found)
}

function inOrderOfNeed(tables: readonly TenantTable[]): TenantTable[] {
  const names = new Set(tables.map((it) => it.table))
  const done = new Map<string, TenantTable>()
  while (done.size < tables.length) {
    const ready = tables.filter(
      (it) => !done.has(it.table) && it.needs.every((need) => done.has(need) || !names.has(need)),
    )
    if (ready.length === 0) throw new Error('tenant tables refer to each other in a circle')
    for (const it of ready) done.set(it.table, it)
  }
  return [...done.values()]
}
