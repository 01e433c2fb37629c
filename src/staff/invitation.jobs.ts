/** What comes after an invitation: what became of its letter, and forgetting it when it has ended. */
import { type Db, inWorkspace } from '../base/db.ts'
import { inEveryWorkspace } from '../base/every-workspace.ts'
import type { LetterJob } from '../base/mail.jobs.ts'
import { listWorkspaces } from '../base/workspaces.sql.ts'
import { forgetInvitations, saveMailState } from './invitation.sql.ts'

/** Said beside it, for whoever waits for its answer. */
export async function tellInvitation(
  db: Db,
  { workspaceId, invitationId }: LetterJob,
  state: 'sent' | 'refused',
): Promise<void> {
  if (workspaceId && invitationId)
    await inWorkspace(db, workspaceId, (tx) => saveMailState(tx, invitationId, state))
}

const keptMs = 30 * 24 * 60 * 60 * 1000

/** Who did not come, or is an agent since, has their address here for no reason any more. */
export async function forgetOldInvitations({ db, now }: { db: Db; now: () => Date }): Promise<void> {
  const before = new Date(now().getTime() - keptMs)
  await inEveryWorkspace(await listWorkspaces(db), (workspaceId) =>
    inWorkspace(db, workspaceId, (tx) => forgetInvitations(tx, before)),
  )
}
