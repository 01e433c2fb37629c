/** A new tenant table, or a new column with a secret's name, fails here until somebody says what becomes of it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDb, type TestDb } from '../../test/db.ts'
import { findTenantTables } from './catalogue.sql.ts'
import { exported, leftOut, whatIsUnsaid } from './kinds.ts'
import { schemaTable } from './schema-words.ts'

let it: TestDb
beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())

test('every tenant table is exported, or left out with a reason; no secret goes along', async () => {
  const tables = await findTenantTables(it.owner)

  expect(tables.flatMap(({ table, columns }) => whatIsUnsaid(table, columns))).toEqual([])
  const named = [...Object.keys(exported), ...Object.keys(leftOut)].sort()
  expect(named).toEqual(tables.map((table) => table.table).sort())
})

test('a table that nobody spoke of is told, and so is a column with a secret’s name', () => {
  expect(whatIsUnsaid('brand_new', ['workspace_id'])).toEqual([
    'brand_new: neither exported nor left out with a reason',
  ])
  expect(whatIsUnsaid('notes', ['text', 'api_token'])).toEqual([
    "notes.api_token: has a secret's name and is not spoken of",
  ])
  expect(whatIsUnsaid('channels', ['handle'])).toEqual(['channels.sealed_secret: no such column'])
})

test('the app sees the same catalogue as the owner: what it may not read is not forgotten for that', async () => {
  const [seen, owned] = await Promise.all([findTenantTables(it.db), findTenantTables(it.owner)])

  expect(seen).toEqual(owned)
})

test('docs/portable.md holds the table that the database tells', async () => {
  const table = schemaTable(await findTenantTables(it.owner))
  const marks = /(<!-- schema -->\n)[\s\S]*(\n<!-- \/schema -->)/
  // `UPDATE_DOCS=1 npx vitest run src/portable/kinds.test.ts` writes it anew.
  const was = readFileSync('docs/portable.md', 'utf8')
  if (process.env.UPDATE_DOCS)
    writeFileSync(
      'docs/portable.md',
      was.replace(marks, (_all, head, tail) => head + table + tail),
    )
  const doc = readFileSync('docs/portable.md', 'utf8')

  expect(doc).toContain(table)
})
