/** Whose session this is, beyond any one workspace; and making another workspace. */
import { sql } from 'kysely'
import { type Db, enterWorkspace, findAll, findOne, inWorkspace, type Tx } from '../base/db.ts'
import { mostWorkspaces } from './bounds.ts'

export type Person = {
  userId: string
  name: string
  email: string
  /** Single sign-on of one workspace lets into that one only. */
  onlyWorkspaceId: string | null
}

/** Also of somebody who works nowhere at the moment. `email` is the account's: not for a session of single sign-on. */
export async function findPersonOfSession(db: Db, token: string): Promise<Person | null> {
  const found = await findOne(
    db,
    sql<Person>`select u.id as user_id, u.name, u.email, s."onlyWorkspaceId" as only_workspace_id
      from auth_sessions s join auth_users u on u.id = s."userId"
      where s.token = ${token} and s."expiresAt" > now()`,
  )
  return found ?? null
}

/** What one workspace calls them; theirs of the account is not for a session that its single sign-on let in. */
export async function findNameIn(
  db: Db,
  { userId, workspaceId }: { userId: string; workspaceId: string },
): Promise<{ name: string; email: string } | null> {
  return inWorkspace(db, workspaceId, async (tx) => {
    const found = await findOne(
      tx,
      sql<{ name: string; email: string }>`select name, email from agents
        where workspace_id = current_workspace() and user_id = ${userId}`,
    )
    return found ?? null
  })
}

/** Where they work now. */
export async function findWorkspaceIds(db: Db, userId: string): Promise<string[]> {
  const rows = await findAll(
    db,
    sql<{
      workspaceId: string
    }>`select workspace_id from find_workspaces_of_user(${userId}) limit ${mostWorkspaces}`,
  )
  return rows.map((it) => it.workspaceId)
}

export type PlaceOfUser = { workspaceId: string; agentId: string }

/** Where they work, and where they are suspended. */
export async function findAgentsOfUser(tx: Tx, userId: string): Promise<PlaceOfUser[]> {
  return findAll(tx, sql<PlaceOfUser>`select workspace_id, agent_id from find_agents_of_user(${userId})`)
}

/** Visits each in turn: the transaction is back where it was afterwards. */
export async function findWorkspaceNames(
  tx: Tx,
  workspaceIds: readonly string[],
  here: string,
): Promise<{ workspaceId: string; name: string; brand: string }[]> {
  const named: { workspaceId: string; name: string; brand: string }[] = []
  for (const id of workspaceIds) {
    await enterWorkspace(tx, id)
    const found = await findOne(
      tx,
      sql<{
        workspaceId: string
        name: string
        brand: string
      }>`select workspace_id, name, brand from workspaces`,
    )
    if (found) named.push(found)
  }
  await enterWorkspace(tx, here)
  return named
}

export async function saveWorkspaceOfSession(db: Db, token: string, workspaceId: string): Promise<void> {
  await sql`update auth_sessions set "workspaceId" = ${workspaceId} where token = ${token}`.execute(db)
}

/** The oldest: its admins look after the installation. */
export async function findFirstWorkspaceId(db: Db): Promise<string | null> {
  const found = await findOne(db, sql<{ id: string }>`select list_workspaces() as id limit 1`)
  return found?.id ?? null
}

export async function insertWorkspace(
  tx: Tx,
  it: { workspaceId: string; name: string; brand: string; timeZone: string; at: Date },
): Promise<void> {
  await sql`insert into workspaces (workspace_id, name, brand, time_zone, created_at)
    values (${it.workspaceId}, ${it.name}, ${it.brand}, ${it.timeZone}, ${it.at})`.execute(tx)
}
