/** The passkeys of a person. Each query names whose they are. */
import { sql } from 'kysely'
import { type Db, findAll, type Tx } from '../base/db.ts'
import { mostPasskeys } from './bounds.ts'

export type PasskeyRow = {
  passkeyId: string
  name: string | null
  madeAt: Date
  lastUsedAt: Date | null
  isSynced: boolean
}

export async function findPasskeys(db: Db, userId: string): Promise<PasskeyRow[]> {
  return findAll(
    db,
    sql<PasskeyRow>`select id as passkey_id, name, "createdAt" as made_at, "lastUsedAt" as last_used_at,
      "backedUp" as is_synced from auth_passkeys where "userId" = ${userId} order by "createdAt" desc, id
      limit ${mostPasskeys}`,
  )
}

export async function renamePasskey(
  tx: Tx,
  userId: string,
  passkeyId: string,
  name: string,
): Promise<boolean> {
  const saved = await sql`update auth_passkeys set name = ${name}
    where id = ${passkeyId} and "userId" = ${userId}`.execute(tx)
  return saved.numAffectedRows === 1n
}

export async function removePasskey(tx: Tx, userId: string, passkeyId: string): Promise<boolean> {
  const gone = await sql`delete from auth_passkeys where id = ${passkeyId} and "userId" = ${userId}`.execute(
    tx,
  )
  return gone.numAffectedRows === 1n
}

/** All of a person's; answers how many. */
export async function endPasskeysOf(tx: Tx, userId: string): Promise<number> {
  const gone = await sql`delete from auth_passkeys where "userId" = ${userId}`.execute(tx)
  return Number(gone.numAffectedRows ?? 0n)
}

export async function savePasskeyUse(db: Db, credentialId: string, at: Date): Promise<void> {
  await sql`update auth_passkeys set "lastUsedAt" = ${at} where "credentialID" = ${credentialId}`.execute(db)
}
