/** The table in docs/portable.md, from the database's catalogue and kinds.ts. `npx vitest run src/portable` compares. */
import type { TenantTable } from './catalogue.sql.ts'
import { exported, leftOut } from './kinds.ts'

export function schemaTable(tables: readonly TenantTable[]): string {
  const sorted = tables.toSorted((a, b) => (a.table < b.table ? -1 : 1))
  const rows = sorted
    .filter((it) => it.table in exported)
    .map((it) => {
      const { omit = {}, notImported } = exported[it.table]!
      const columns = it.columns.map((name) => (name in omit ? `~~${name}~~` : name)).join(', ')
      return `| \`${it.table}.jsonl\` | ${columns} | ${notImported ? `no: ${notImported}` : 'yes'} |`
    })
  const stays = sorted
    .filter((it) => it.table in leftOut)
    .map((it) => `| \`${it.table}\` | ${leftOut[it.table]} |`)
  return [
    '| file | columns (struck out: never leaves) | imported |',
    '|---|---|---|',
    ...rows,
    '',
    '| table that stays | why |',
    '|---|---|',
    ...stays,
  ].join('\n')
}
