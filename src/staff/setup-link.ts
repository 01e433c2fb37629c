/** The link printed on the console: whoever can read the console may come in, and nobody else. */
import { createHash, randomBytes } from 'node:crypto'
import type { Now } from '../base/clock.ts'
import type { Db } from '../base/db.ts'
import { type LinkPurpose, saveLink, voidLinks } from './setup-link.sql.ts'

const hour = 60 * 60 * 1000
const lastsMs = { setup: 24 * hour, 'sign-in': hour } satisfies Record<LinkPurpose, number>

/** A new link makes older unused ones of its purpose worthless. */
export async function makeSetupLink(db: Db, purpose: LinkPurpose, now: Now): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  const createdAt = now()
  const expiresAt = new Date(createdAt.getTime() + lastsMs[purpose])
  await db.transaction().execute(async (tx) => {
    await voidLinks(tx, purpose, createdAt)
    await saveLink(tx, { digest: digestOf(token), purpose, createdAt, expiresAt })
  })
  return token
}

export function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
