/** Unsent words: one draft per case and agent, the last save wins. */
import { sql } from 'kysely'
import { findOne, type Tx } from '../base/db.ts'

export type Draft = { text: string; channelId: string | null; savedAt: Date }
type DraftKey = { caseId: string; agentId: string }

export async function findDraft(tx: Tx, { caseId, agentId }: DraftKey): Promise<Draft | undefined> {
  return findOne(
    tx,
    sql<Draft>`select text, channel_id, saved_at from drafts
      where workspace_id = current_workspace() and case_id = ${caseId} and agent_id = ${agentId}`,
  )
}

/** Also one that was removed since: the words for it are still worth keeping. */
export async function isChannelHere(tx: Tx, channelId: string): Promise<boolean> {
  const found = await findOne(
    tx,
    sql`select 1 from channels where workspace_id = current_workspace() and channel_id = ${channelId}`,
  )
  return found !== undefined
}

export async function saveDraft(
  tx: Tx,
  { caseId, agentId, text, channelId, savedAt }: DraftKey & Draft,
): Promise<void> {
  await sql`insert into drafts (workspace_id, case_id, agent_id, channel_id, text, saved_at)
    values (current_workspace(), ${caseId}, ${agentId}, ${channelId}, ${text}, ${savedAt})
    on conflict (workspace_id, case_id, agent_id) do update
      set channel_id = excluded.channel_id, text = excluded.text, saved_at = excluded.saved_at
      where drafts.saved_at <= excluded.saved_at`.execute(tx)
}

/** Words that come back never overwrite words written since. */
export async function restoreDraft(tx: Tx, draft: DraftKey & Draft): Promise<void> {
  await sql`insert into drafts (workspace_id, case_id, agent_id, channel_id, text, saved_at)
    values (current_workspace(), ${draft.caseId}, ${draft.agentId}, ${draft.channelId}, ${draft.text},
      ${draft.savedAt})
    on conflict do nothing`.execute(tx)
}

export async function deleteDraft(tx: Tx, { caseId, agentId }: DraftKey): Promise<void> {
  await sql`delete from drafts where workspace_id = current_workspace() and case_id = ${caseId}
    and agent_id = ${agentId}`.execute(tx)
}
