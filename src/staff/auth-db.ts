/**
 * The database as better-auth sees it: connections of its own, or one open transaction of ours, so that what it saves
 * stands and falls with the audit row, the letter and the answer that we write beside it.
 *
 * In:  work that calls better-auth, and the transaction it belongs to.
 * Out: what the work answers. Outside of it better-auth commits by itself, as it is used to.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { Kysely, PostgresDialect } from 'kysely'
import type pg from 'pg'
import type { Tx } from '../base/db.ts'

const current = new AsyncLocalStorage<Kysely<unknown>>()

export const withAuthIn = <T>(tx: Tx, work: () => Promise<T>): Promise<T> =>
  // Its columns are called as they are: no snake_case on the way.
  current.run(tx.withoutPlugins(), work)

export function makeAuthDb(pool: pg.Pool): Kysely<unknown> {
  const own = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  return new Proxy(own, {
    get(_own, name) {
      const db = current.getStore() ?? own
      // What it would do in a transaction is in one already.
      if (name === 'transaction' && db !== own) return () => ({ execute: (work: Work) => work(db) })
      const value: unknown = Reflect.get(db, name, db)
      return typeof value === 'function' ? value.bind(db) : value
    },
  })
}
type Work = (db: Kysely<unknown>) => Promise<unknown>
