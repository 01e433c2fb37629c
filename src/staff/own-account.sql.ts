/** A person, and their name. */
import { sql } from 'kysely'
import { newId } from '../base/clock.ts'
import { type Db, findOne, type Tx } from '../base/db.ts'

export type Person = { userId: string; name: string; email: string; hasPassword: boolean }

export async function findPerson(db: Db, userId: string): Promise<Person | undefined> {
  return findOne(
    db,
    sql<Person>`select u.id as user_id, u.name, u.email, exists (select 1 from auth_accounts a
        where a."userId" = u.id and a."providerId" = 'credential' and a.password is not null) as has_password
      from auth_users u where u.id = ${userId}`,
  )
}

/** Until the end of this transaction: of two changes to how they come in, the second sees what the first did. */
export async function lockPerson(tx: Tx, userId: string): Promise<void> {
  await sql`select 1 from auth_users where id = ${userId} for no key update`.execute(tx)
}

/** What colleagues here call them. */
export async function saveName(tx: Tx, agentId: string, name: string): Promise<void> {
  await sql`update agents set name = ${name} where agent_id = ${agentId}`.execute(tx)
}

/** False when there is one already. */
export async function saveFirstPassword(tx: Tx, userId: string, hash: string, at: Date): Promise<boolean> {
  const saved = await findOne(
    tx,
    sql`update auth_accounts set password = ${hash}, "updatedAt" = ${at}
      where "userId" = ${userId} and "providerId" = 'credential' and password is null returning id`,
  )
  if (saved) return true
  const made = await findOne(
    tx,
    sql`insert into auth_accounts (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
      select ${newId(at)}, u.id, 'credential', u.id, ${hash}, ${at}::timestamptz, ${at}::timestamptz from auth_users u where u.id = ${userId}
        and not exists (select from auth_accounts a where a."userId" = u.id and a."providerId" = 'credential')
      returning id`,
  )
  return made !== undefined
}
