/** S-02: the walls of every table that the database has, tried from both sides by the role that the program uses. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { findAll, inWorkspace, type Tx } from '../src/base/db.ts'
import { freshDb, type TestDb } from './db.ts'
import { aPlace, digestOf, type Place } from './walls/place.ts'

// Some hundred transactions: a moment on an idle machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let it: TestDb
let theirs: Place
let ours: Place
let tables: string[]
beforeAll(async () => {
  it = await freshDb()
  theirs = (await aPlace(it, 'kestrel')).place
  ours = (await aPlace(it, 'heron')).place
  const found = await findAll(
    it.owner,
    sql<{ name: string }>`select c.relname as name from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        -- Somebody on the way to a provider belongs to no workspace yet (test/walls.test.ts).
        and c.relname <> 'sso_attempts' order by 1`,
  )
  tables = found.map((table) => table.name)
})
afterAll(() => it[Symbol.asyncDispose]())

type Outcome = { seen: number } | { refused: string }
const fenced = /row-level security|permission denied/
/** Where a rule of the table speaks before the wall does: it looked for the thing inside the walls, and found none. */
const speaksFirst: Record<string, RegExp> = { contact_uses: /contact point is not confirmed/ }

/** Each statement in a transaction of its own: an error ends it. */
async function trying(run: (work: (tx: Tx) => Promise<number>) => Promise<number>, statement: string) {
  const work = async (tx: Tx) => {
    const { rows, numAffectedRows } = await sql.raw(statement).execute(tx)
    return rows.length + Number(numAffectedRows ?? 0)
  }
  return run(work).then(
    (seen): Outcome => ({ seen }),
    (error: Error): Outcome => ({ refused: error.message }),
  )
}
const isFenced = (outcome: Outcome, table: string) =>
  'seen' in outcome
    ? outcome.seen === 0
    : fenced.test(outcome.refused) || speaksFirst[table]?.test(outcome.refused) === true

const asOurs = (work: (tx: Tx) => Promise<number>) => inWorkspace(it.db, ours.workspaceId, work)
const asNobody = (work: (tx: Tx) => Promise<number>) => it.db.transaction().execute(work)

/** Reading, changing, taking away and planting their rows; and moving our own over to them. */
const attacks = (table: string) => {
  const rows = `where workspace_id = '${theirs.workspaceId}'`
  return {
    select: `select 1 from ${table} ${rows}`,
    update: `update ${table} set workspace_id = '${ours.workspaceId}' ${rows}`,
    touch: `update ${table} set workspace_id = workspace_id ${rows}`,
    delete: `delete from ${table} ${rows}`,
    insert: `insert into ${table} (workspace_id) values ('${theirs.workspaceId}')`,
    move: `update ${table} set workspace_id = '${theirs.workspaceId}' where workspace_id <> '${theirs.workspaceId}'`,
  }
}

async function holes(as: typeof asOurs): Promise<string[]> {
  const found: string[] = []
  for (const table of tables)
    for (const [what, statement] of Object.entries(attacks(table))) {
      const outcome = await trying(as, statement)
      // What is planted is refused by name; no row would mean that nothing was tried.
      const isHeld = isFenced(outcome, table) && (what !== 'insert' || 'refused' in outcome)
      if (!isHeld) found.push(`${what} ${table}: ${JSON.stringify(outcome)}`)
    }
  return found
}

test('from one workspace no row of another is seen, changed, taken away, planted or given, in any table', async () => {
  const before = [await digestOf(it, theirs), await digestOf(it, ours)]

  expect(await holes(asOurs)).toEqual([])

  expect([await digestOf(it, theirs), await digestOf(it, ours)]).toEqual(before)
})

test('without a workspace no row of any table is seen, changed, taken away or planted', async () => {
  const before = await digestOf(it, theirs)

  expect(await holes(asNobody)).toEqual([])
  for (const table of tables) {
    const outcome = await trying(asNobody, `select 1 from ${table}`)
    expect(isFenced(outcome, table), `${table}: ${JSON.stringify(outcome)}`).toBe(true)
  }

  expect(await digestOf(it, theirs)).toEqual(before)
})

test('the rows that were tried for are there, and a table that is empty here is held by the same rule', async () => {
  const empty: string[] = []
  for (const table of tables) {
    const rows = sql`select 1 from ${sql.id(table)} where workspace_id = ${theirs.workspaceId} limit 1`
    if ((await findAll(it.owner, rows)).length === 0) empty.push(table)
  }
  const rules = await findAll(
    it.owner,
    sql<{ rule: string; tables: string[] }>`select concat_ws(' / ', cmd, qual, with_check) as rule,
        array_agg(tablename::text) as tables
      from pg_policies where schemaname = 'public' and permissive = 'PERMISSIVE'
        -- What only the owner of the tables may do, while it starts and migrates, is not the program's.
        and roles <> array[(select tableowner from pg_tables where tablename = 'workspaces')] group by 1`,
  )

  expect(tables.length - empty.length).toBeGreaterThan(25)
  expect(rules.map((it) => it.rule)).toHaveLength(1)
  expect(rules[0]!.tables.sort()).toEqual(tables)
})
