/** How listening is doing over the whole installation: states and counts, nobody's names. */
import { sql } from 'kysely'
import { type Db, findAll } from '../base/db.ts'

export async function findReadiness(db: Db) {
  try {
    const rows = await withinMs(
      3_000,
      findAll(db, sql<{ state: string; count: number }>`select state, count(*) from sources group by state`),
    )
    return { database: 'there' as const, sources: Object.fromEntries(rows.map((it) => [it.state, it.count])) }
  } catch {
    return { database: 'away' as const, sources: {} }
  }
}

async function withinMs<T>(ms: number, work: Promise<T>): Promise<T> {
  const timer = Promise.withResolvers<never>()
  const late = setTimeout(() => timer.reject(new Error('too late')), ms)
  try {
    return await Promise.race([work, timer.promise])
  } finally {
    clearTimeout(late)
  }
}
