/** Links for a forgotten password: only digests, of the link and of the password it replaces. */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { type Db, findOne, type Tx } from '../base/db.ts'

export const passwordDigestOf = (hash: string) => createHash('sha256').update(hash).digest()

type WithPassword = { userId: string; email: string; passwordHash: string }

/** Locked, so that of many letters at once the last allowed one is the last. Null without an account or a password. */
export async function lockAccount(tx: Tx, email: string): Promise<WithPassword | null> {
  const found = await findOne(
    tx,
    sql<WithPassword>`select u.id as user_id, u.email, a.password as password_hash from auth_users u
      join auth_accounts a on a."userId" = u.id and a."providerId" = 'credential' and a.password is not null
      where u.email = ${email} for update of u`,
  )
  return found ?? null
}

export async function countLinks(tx: Tx, userId: string, since: Date): Promise<number> {
  const found = await findOne(
    tx,
    sql<{ count: number }>`select count(*) as count from reset_links
      where user_id = ${userId} and by_mail and created_at > ${since}`,
  )
  return found?.count ?? 0
}

/**
 * Beside those before it, which hold as long as the password that they are for: whoever asks in somebody's name voids
 * nothing of theirs. Those that ran out long ago are forgotten.
 */
export async function saveLink(
  tx: Tx,
  it: { digest: Buffer; userId: string; passwordHash: string; byMail: boolean; at: Date; expiresAt: Date },
): Promise<void> {
  await sql`delete from reset_links where expires_at < ${it.at}::timestamptz - interval '1 day'`.execute(tx)
  await sql`insert into reset_links (token_digest, user_id, password_digest, by_mail, created_at, expires_at)
    values (${it.digest}, ${it.userId}, ${passwordDigestOf(it.passwordHash)}, ${it.byMail}, ${it.at}, ${it.expiresAt})`.execute(
    tx,
  )
}

export async function isLinkOpen(db: Db, digest: Buffer, at: Date): Promise<boolean> {
  const found = await findOne(
    db,
    sql`select 1 from reset_links where token_digest = ${digest} and used_at is null and expires_at > ${at}`,
  )
  return found !== undefined
}

export type OpenedLink = {
  userId: string
  byMail: boolean
  /** Somebody opened a letter to this address before, or the operator answers for it. */
  isProved: boolean
}

/** Whose link it was, for exactly one caller; null when the password was changed since it was made. */
export async function consumeLink(tx: Tx, digest: Buffer, at: Date): Promise<OpenedLink | null> {
  const used = await findOne(
    tx,
    sql<{ userId: string; passwordDigest: Buffer; byMail: boolean }>`update reset_links set used_at = ${at}
      where token_digest = ${digest} and used_at is null and expires_at > ${at}
      returning user_id, password_digest, by_mail`,
  )
  if (!used) return null
  const { userId, byMail, passwordDigest } = used
  const account = await findOne(
    tx,
    sql<{ password: string; isProved: boolean }>`select a.password, u."emailVerified" as is_proved
      from auth_accounts a join auth_users u on u.id = a."userId"
      where a."userId" = ${userId} and a."providerId" = 'credential' and a.password is not null for update`,
  )
  const isOpen = account && passwordDigestOf(account.password).equals(passwordDigest)
  return isOpen ? { userId, byMail, isProved: account.isProved } : null
}

/** Whoever opened a letter to this address has proved that it is theirs. */
export async function saveProved(tx: Tx, userId: string, at: Date): Promise<void> {
  await sql`update auth_users set "emailVerified" = true, "updatedAt" = ${at}
    where id = ${userId} and not "emailVerified"`.execute(tx)
}

export async function savePassword(tx: Tx, userId: string, passwordHash: string, at: Date): Promise<void> {
  await sql`update auth_accounts set password = ${passwordHash}, "updatedAt" = ${at}
    where "userId" = ${userId} and "providerId" = 'credential'`.execute(tx)
}
