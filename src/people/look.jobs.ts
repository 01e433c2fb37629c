/** Keeps a look, and has it judged: in the transaction that shows the person. */

import type { Tx } from '../base/db.ts'
import { enqueue } from '../base/queue.ts'
import { type Look, saveCaseLooks, saveLooks } from './look.sql.ts'
import type { JudgeJob } from './unusual.jobs.ts'

export async function keepLooks(tx: Tx, look: Look & { workspaceId: string }): Promise<string[]> {
  const lookIds = await saveLooks(tx, look)
  await haveJudged(tx, look, lookIds)
  return lookIds
}

/** Of whatever shows the words of a case: the person whose case it is was looked at. */
export async function keepCaseLooks(
  tx: Tx,
  by: { workspaceId: string; agentId: string },
  caseIds: readonly (string | null)[],
  at: Date,
): Promise<void> {
  const { workspaceId, agentId } = by
  const known = caseIds.filter((it) => it !== null)
  await haveJudged(tx, { workspaceId, agentId }, await saveCaseLooks(tx, { agentId, caseIds: known, at }))
}

async function haveJudged(
  tx: Tx,
  { workspaceId, agentId }: { workspaceId: string; agentId: string },
  lookIds: readonly string[],
): Promise<void> {
  const job: JudgeJob = { workspaceId, agentId }
  // One waiting job per agent, however quickly they look.
  if (lookIds.length > 0) await enqueue(tx, 'judge-looks', job, { jobKey: `looks:${workspaceId}:${agentId}` })
}
