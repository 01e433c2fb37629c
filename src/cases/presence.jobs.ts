/**
 * Who has the same case open, for the live stream.
 *
 * In:  cases to or from which somebody's screen moved.
 * Out: for each agent who has one of them open, who else does. Nobody else hears of it, and loading is one question.
 */
import { type Db, inWorkspace } from '../base/db.ts'
import { findLooking } from './presence.sql.ts'
import { lookingForMs } from './presence.ts'
import type { Onlooker } from './presence-contract.ts'

export type Company = { caseId: string; others: Onlooker[] }

export async function findCompany(
  db: Db,
  workspaceId: string,
  caseIds: readonly string[],
): Promise<Map<string, Company>> {
  if (caseIds.length === 0) return new Map()
  const since = new Date(Date.now() - lookingForMs)
  const looking = await inWorkspace(db, workspaceId, (tx) => findLooking(tx, caseIds, since))
  const of = Map.groupBy(looking, (it) => it.caseId)
  return new Map(
    looking.map(({ caseId, agentId }) => {
      const others = of.get(caseId)!.filter((it) => it.agentId !== agentId)
      return [
        agentId,
        { caseId, others: others.map((it) => ({ agentId: it.agentId, isWriting: it.isWriting })) },
      ]
    }),
  )
}
