/** Which workspaces there are: ids only, for rounds that then enter each of them. */
import { sql } from 'kysely'
import { type Db, findAll, type Tx } from './db.ts'

/** The oldest first. */
export async function listWorkspaces(db: Db | Tx): Promise<string[]> {
  return (await findAll(db, sql<{ id: string }>`select list_workspaces() as id`)).map((it) => it.id)
}
