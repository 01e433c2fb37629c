/**
 * Letters that wait to be sent. They hold links that let people in, so their job carries them sealed.
 *
 * In:  a letter, in the transaction that causes it.
 * Out: sent at least once, tried again for hours with growing pauses; then whoever it is about is told how it went.
 */
import { newId } from './clock.ts'
import type { Db } from './db.ts'
import type { Log } from './log.ts'
import type { Letter, PostOffice } from './mail.ts'
import { enqueue } from './queue.ts'
import { type MasterKey, seal, unseal } from './secret.ts'

export type LetterJob = {
  letterId: string
  workspaceId: string | null
  /** What it invites to, for the answer. */
  invitationId: string | null
  sealed: string
}
type Sealed = Omit<Letter, 'letterId'> & { until: string }

/** Pauses of e, e², … seconds: ten tries reach over nine hours. */
const mostTries = 10

export async function postLetter(
  tx: Db,
  letter: Omit<Letter, 'letterId'> & { until: Date },
  about: { workspaceId: string | null; invitationId?: string },
  { master, at }: { master: MasterKey; at: Date },
): Promise<void> {
  const letterId = newId(at)
  const { to, subject, text } = letter
  const plain: Sealed = { to, subject, text, until: letter.until.toISOString() }
  const job: LetterJob = {
    letterId,
    workspaceId: about.workspaceId,
    invitationId: about.invitationId ?? null,
    sealed: seal(JSON.stringify(plain), master, `letter:${letterId}`),
  }
  await enqueue(tx, 'send-mail', job, { maxAttempts: mostTries })
}

export type LetterTools = {
  postOffice: PostOffice
  master: MasterKey
  now: () => Date
  log?: Pick<Log, 'warn'>
  /** What became of the letter of an invitation. */
  tellInvitation: (about: LetterJob, state: 'sent' | 'refused') => Promise<void>
}

export async function sendLetter(tools: LetterTools, job: LetterJob, isLastTry: boolean): Promise<void> {
  const opened: Sealed = JSON.parse(unseal(job.sealed, tools.master, `letter:${job.letterId}`))
  const { until, ...letter } = opened
  // Its link has run out meanwhile: it would only confuse.
  if (new Date(until) <= tools.now()) return
  const about = { workspaceId: job.workspaceId, at: tools.now() }
  const sent = await tools.postOffice.send({ ...letter, letterId: job.letterId }, about)
  if (sent.outcome === 'later' && !isLastTry)
    throw new Error(`the mail server did not take a letter: ${sent.detail}`)
  if (job.invitationId) await tools.tellInvitation(job, sent.outcome === 'sent' ? 'sent' : 'refused')
  if (sent.outcome !== 'sent') tools.log?.warn({ detail: sent.detail }, 'a letter was given up')
}
