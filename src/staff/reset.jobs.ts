/**
 * A forgotten password: the letter is written apart from the request, so that asking takes the same time whether or not
 * there is such an address.
 *
 * In:  an address that somebody typed, sealed.
 * Out: a link in a letter to it, when it has an account with a password, at most three times an hour.
 */
import { randomBytes } from 'node:crypto'
import { newId } from '../base/clock.ts'
import type { Db, Tx } from '../base/db.ts'
import { postLetter } from '../base/mail.jobs.ts'
import { enqueue } from '../base/queue.ts'
import { type MasterKey, seal, unseal } from '../base/secret.ts'
import { countLinks, lockAccount, saveLink } from './reset.sql.ts'
import { resetLetter } from './reset-mail.ts'
import { digestOf } from './setup-link.ts'
import { findWorkspaceIds } from './workspace-switch.sql.ts'

export const linkLastsMs = 60 * 60 * 1000
export const mostLetters = 3

export type ResetJob = { resetId: string; sealed: string }
export type ResetTools = { db: Db; master: MasterKey; publicUrl: string; now: () => Date }

export async function askForReset(
  tx: Db,
  email: string,
  tools: Pick<ResetTools, 'master' | 'now'>,
): Promise<void> {
  const resetId = newId(tools.now())
  const sealed = seal(email.toLowerCase(), tools.master, `reset:${resetId}`)
  await enqueue(tx, 'write-reset', { resetId, sealed } satisfies ResetJob, { maxAttempts: 5 })
}

export async function writeReset(tools: ResetTools, job: ResetJob): Promise<void> {
  const email = unseal(job.sealed, tools.master, `reset:${job.resetId}`)
  await tools.db.transaction().execute(async (tx) => {
    const at = tools.now()
    const account = await lockAccount(tx, email)
    if (!account) return
    if ((await countLinks(tx, account.userId, new Date(at.getTime() - linkLastsMs))) >= mostLetters) return
    const { link, expiresAt } = await makeResetLink(tx, account, { ...tools, at, byMail: true })
    // For the rehearsal, which shows letters in the workspace of who gets them.
    const [workspaceId = null] = await findWorkspaceIds(tx, account.userId)
    await postLetter(
      tx,
      { ...resetLetter(link), to: account.email, until: expiresAt },
      { workspaceId },
      { ...tools, at },
    )
  })
}

export async function makeResetLink(
  tx: Tx,
  account: { userId: string; passwordHash: string },
  { publicUrl, at, byMail }: { publicUrl: string; at: Date; byMail: boolean },
): Promise<{ link: string; expiresAt: Date }> {
  const token = randomBytes(32).toString('base64url')
  const expiresAt = new Date(at.getTime() + linkLastsMs)
  await saveLink(tx, { ...account, digest: digestOf(token), byMail, at, expiresAt })
  return { link: `${publicUrl}/reset#${token}`, expiresAt }
}
