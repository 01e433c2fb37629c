/**
 * A person starts anew: what a new password ends, in every workspace of theirs.
 *
 * In:  whose it is and what proved it: a letter that was opened, or a link of the operator's. Inside one transaction.
 * Out: what was ended; a row in the log of each workspace. A link proves a mailbox or an operator and nothing else, so
 *      sessions, passkeys and API keys end. The second factor stays, unless nobody had proved the address before: then
 *      whoever made the account may have been somebody else.
 */
import { enterWorkspace, type Tx } from '../base/db.ts'
import { endKeysOf } from './api-key.sql.ts'
import { appendAudit } from './audit.sql.ts'
import { endSessionsOf } from './own-session.sql.ts'
import { endPasskeysOf } from './passkey.sql.ts'
import { type OpenedLink, saveProved } from './reset.sql.ts'
import { endSecondFactor } from './second-factor.sql.ts'
import { findAgentsOfUser, type PlaceOfUser } from './workspace-switch.sql.ts'

export type Ended = { tokens: string[]; keyIds: string[]; passkeys: number; codes: boolean }

export async function startAnew(tx: Tx, link: OpenedLink, at: Date): Promise<Ended> {
  const { userId, byMail } = link
  const isFirstProof = byMail && !link.isProved
  if (byMail) await saveProved(tx, userId, at)
  const codes = isFirstProof && (await endSecondFactor(tx, userId))
  const passkeys = await endPasskeysOf(tx, userId)
  const tokens = await endSessionsOf(tx, userId)
  const by = byMail ? 'mail' : 'operator'
  const keyIds = await endKeysOfPerson(tx, userId, at, async ({ agentId }, ended) =>
    appendAudit(tx, {
      act: 'password.reset',
      at,
      byAgentId: agentId,
      content: { by, codes, keyIds: ended },
    }),
  )
  return { tokens, keyIds, passkeys, codes }
}

/** Visits each workspace, also where they are suspended: who is brought back brings no old keys. */
export async function endKeysOfPerson(
  tx: Tx,
  userId: string,
  at: Date,
  note: (place: PlaceOfUser, keyIds: string[]) => Promise<void>,
): Promise<string[]> {
  const all: string[] = []
  for (const place of await findAgentsOfUser(tx, userId)) {
    await enterWorkspace(tx, place.workspaceId)
    const keyIds = await endKeysOf(tx, place.agentId, at)
    await note(place, keyIds)
    all.push(...keyIds)
  }
  return all
}
