/** The first workspace of an installation and its first admin. */
import { sql } from 'kysely'
import { newId } from '../base/clock.ts'
import { type Db, enterWorkspace, findOne, type Tx } from '../base/db.ts'
import { listWorkspaces } from '../base/workspaces.sql.ts'
import { hasArrived } from './colleague.sql.ts'
import { adoptImported } from './invitation.sql.ts'

/** Whoever sets up at the same moment waits here, then finds the house already standing. */
export async function lockHouse(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('evenhand setting up', 0))`.execute(tx)
}

/** A workspace that was imported waits for its first person as a house without one does. */
export async function isSetUp(db: Db | Tx): Promise<boolean> {
  const found = sql`select 1 from list_workspaces() where exists (select from auth_users) limit 1`
  return (await findOne(db, found)) !== undefined
}

export type NewHouse = {
  brand: string
  timeZone: string
  name: string
  email: string
  /** Null: they come in by a link, and may set one. */
  passwordHash: string | null
  at: Date
}

export async function createHouse(
  tx: Tx,
  house: NewHouse,
): Promise<{ workspaceId: string; agentId: string; userId: string }> {
  const { at } = house
  const [imported] = await listWorkspaces(tx)
  const workspaceId = imported ?? newId(at)
  const userId = newId(at)
  const email = house.email.toLowerCase()
  await enterWorkspace(tx, workspaceId)
  // Whoever holds the link on the console answers for the address that they type.
  await sql`insert into auth_users (id, name, email, "emailVerified", "createdAt", "updatedAt")
    values (${userId}, ${house.name}, ${email}, true, ${at}, ${at})`.execute(tx)
  await sql`insert into auth_accounts (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
    values (${newId(at)}, ${userId}, 'credential', ${userId}, ${house.passwordHash}, ${at}, ${at})`.execute(
    tx,
  )
  if (!imported)
    await sql`insert into workspaces (workspace_id, name, brand, time_zone, created_at)
      values (${workspaceId}, ${`${house.brand} care`}, ${house.brand}, ${house.timeZone}, ${at})`.execute(tx)
  const agent = {
    userId,
    name: house.name,
    email,
    role: 'admin',
    roleId: null,
    sees: 'workspace',
    at,
  } as const
  const known = await adoptImported(tx, agent)
  if (known) return { workspaceId, agentId: known, userId }
  const agentId = newId(at)
  await sql`insert into agents (workspace_id, agent_id, user_id, name, email, role, created_at)
    values (${workspaceId}, ${agentId}, ${userId}, ${house.name}, ${email}, 'admin', ${at})`.execute(tx)
  return { workspaceId, agentId, userId }
}

export type Admin = { workspaceId: string; agentId: string; userId: string }

/** Who a printed sign-in link lets in: the admin that came first and is still there. */
export async function findFirstAdmin(db: Db): Promise<Admin | undefined> {
  return db.transaction().execute(async (tx) => {
    await sql`select set_config('evenhand.workspace', id::text, true) from list_workspaces() id limit 1`.execute(
      tx,
    )
    return findOne<Admin>(
      tx,
      sql`select workspace_id, agent_id, user_id from agents
        where role = 'admin' and suspended_at is null and ${hasArrived(sql`user_id`)}
        order by created_at, agent_id limit 1`,
    )
  })
}
