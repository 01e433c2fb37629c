/** What became of the letter of an invitation: said beside it, for whoever waits for its answer. */
import { type Db, inWorkspace } from '../base/db.ts'
import type { LetterJob } from '../base/mail.jobs.ts'
import { saveMailState } from './invitation.sql.ts'

export async function tellInvitation(
  db: Db,
  { workspaceId, invitationId }: LetterJob,
  state: 'sent' | 'refused',
): Promise<void> {
  if (workspaceId && invitationId)
    await inWorkspace(db, workspaceId, (tx) => saveMailState(tx, invitationId, state))
}
