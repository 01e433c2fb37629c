/** Keeps a look, and has it judged: in the transaction that shows the person. */

import type { Tx } from '../base/db.ts'
import { enqueue } from '../base/queue.ts'
import { type Look, saveLooks } from './look.sql.ts'
import type { JudgeJob } from './unusual.jobs.ts'

export async function keepLooks(tx: Tx, look: Look & { workspaceId: string }): Promise<string[]> {
  const { workspaceId, agentId } = look
  const lookIds = await saveLooks(tx, look)
  const job: JudgeJob = { workspaceId, agentId }
  // One waiting job per agent, however quickly they look.
  if (lookIds.length > 0) await enqueue(tx, 'judge-looks', job, { jobKey: `looks:${workspaceId}:${agentId}` })
  return lookIds
}
