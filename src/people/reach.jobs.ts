/**
 * P3: how many people follow someone is read once, when their case opens, and put where nobody who serves them can
 * see it. The role that writes it may insert and do nothing else, so this job reads no table at all.
 */
import type { Now } from '../base/clock.ts'
import { type Db, inWorkspace } from '../base/db.ts'
import type { Outside } from '../base/outside.ts'
import type { Connectors, Network } from '../connectors/connector.ts'
import { saveReach } from './reach.sql.ts'

export type ReachJob = { workspaceId: string; caseId: string; network: Network; accountId: string }
export type ReachTools = {
  /** As the role evenhand_reach. */
  reachDb: Db
  connectors: Connectors
  outside: Outside
  now: Now
}

const patienceMs = 20_000

/** Nobody to ask is an answer: `unknown` is stored and not asked again. Who does not answer yet is asked again. */
export async function readReach(
  { reachDb, connectors, outside, now }: ReachTools,
  job: ReachJob,
  isLastTry = false,
): Promise<void> {
  const io = { outside, now, signal: AbortSignal.timeout(patienceMs) }
  const reach = await connectors[job.network].readReach(job.accountId, io).catch((error) => {
    if (!isLastTry) throw error
    return 'unknown' as const
  })
  await inWorkspace(reachDb, job.workspaceId, (tx) => saveReach(tx, job, reach))
}
