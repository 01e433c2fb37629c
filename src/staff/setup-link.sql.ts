/** Links that were printed once. Only digests are kept. */
import { sql } from 'kysely'
import { type Db, findOne, type Tx } from '../base/db.ts'

export type LinkPurpose = 'setup' | 'sign-in'

export async function saveLink(
  tx: Tx,
  link: { digest: Buffer; purpose: LinkPurpose; createdAt: Date; expiresAt: Date },
): Promise<void> {
  await sql`insert into setup_links (token_digest, purpose, created_at, expires_at)
    values (${link.digest}, ${link.purpose}, ${link.createdAt}, ${link.expiresAt})`.execute(tx)
}

/** Ends what was not used, and forgets what ran out long ago. */
export async function voidLinks(tx: Tx, purpose: LinkPurpose, at: Date): Promise<void> {
  await sql`delete from setup_links
    where purpose = ${purpose} and (used_at is null or expires_at < ${at})`.execute(tx)
}

export async function isLinkOpen(db: Db, digest: Buffer, purpose: LinkPurpose, at: Date): Promise<boolean> {
  const found = await findOne(
    db,
    sql`select 1 from setup_links
      where token_digest = ${digest} and purpose = ${purpose} and used_at is null and expires_at > ${at}`,
  )
  return found !== undefined
}

/** True for exactly one caller: the row's lock decides a race. */
export async function consumeLink(
  db: Db | Tx,
  digest: Buffer,
  purpose: LinkPurpose,
  at: Date,
): Promise<boolean> {
  const done = await sql`update setup_links set used_at = ${at}
    where token_digest = ${digest} and purpose = ${purpose} and used_at is null and expires_at > ${at}`.execute(
    db,
  )
  return done.numAffectedRows === 1n
}
