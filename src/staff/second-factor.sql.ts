/** The second factor of a person: what better-auth reads when it asks for a code, and which codes were used. */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { newId } from '../base/clock.ts'
import { type Db, findOne, type Tx } from '../base/db.ts'

/** Codes are good for a minute and a half at most. */
const codesLiveMinutes = 5

export type SecondFactor = { since: Date; verified: boolean; email: string }

export async function findSecondFactor(db: Db, userId: string): Promise<SecondFactor | undefined> {
  return findOne(
    db,
    sql<SecondFactor>`select f."createdAt" as since, f.verified, u.email
      from auth_two_factors f join auth_users u on u.id = f."userId" where f."userId" = ${userId}`,
  )
}

export type SealedFactor = { secret: string; recoveryCodes: string }

/** Not asked for until a code proved that the secret arrived. False when one is in use: it has to be turned off first. */
export async function beginSecondFactor(
  tx: Tx,
  userId: string,
  sealed: SealedFactor,
  at: Date,
): Promise<boolean> {
  const saved = await sql`insert into auth_two_factors (id, "userId", secret, "backupCodes", "createdAt")
    values (${newId(at)}, ${userId}, ${sealed.secret}, ${sealed.recoveryCodes}, ${at})
    on conflict ("userId") do update set secret = excluded.secret, "backupCodes" = excluded."backupCodes",
      "createdAt" = excluded."createdAt" where not auth_two_factors.verified`.execute(tx)
  return saved.numAffectedRows === 1n
}

export async function endSecondFactor(tx: Tx, userId: string): Promise<boolean> {
  await sql`update auth_users set "twoFactorEnabled" = false, "updatedAt" = now()
    where id = ${userId} and "twoFactorEnabled"`.execute(tx)
  const gone = await sql`delete from auth_two_factors where "userId" = ${userId}`.execute(tx)
  return gone.numAffectedRows === 1n
}

/** False when there is no second factor that they could stand in for. */
export async function saveRecoveryCodes(tx: Tx, userId: string, sealed: string): Promise<boolean> {
  const saved = await sql`update auth_two_factors set "backupCodes" = ${sealed}
    where "userId" = ${userId} and verified`.execute(tx)
  return saved.numAffectedRows === 1n
}

/** True for exactly one caller per person and code: whoever looks over a shoulder comes second. */
export async function claimCode(db: Db, userId: string, code: string): Promise<boolean> {
  await sql`delete from auth_used_codes where "userId" = ${userId}
    and "usedAt" < now() - make_interval(mins => ${codesLiveMinutes})`.execute(db)
  const digest = createHash('sha256').update(`${userId} ${code}`).digest()
  const claimed = await sql`insert into auth_used_codes ("userId", digest) values (${userId}, ${digest})
    on conflict do nothing`.execute(db)
  return claimed.numAffectedRows === 1n
}
