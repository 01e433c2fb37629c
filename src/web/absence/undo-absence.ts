/** Takes an absence back that has just begun: it ends, and what it gave to the queue comes back to who had it. */
import { caseRoutes } from '../../cases/case-contract.ts'
import { presenceRoutes } from '../../cases/presence-contract.ts'
import { absenceRoutes } from '../../staff/absence-contract.ts'
import { call } from '../api.ts'

/** Answers how many could not be taken back: somebody else has them by now. */
export async function undoAbsence({
  absenceId,
  agentId,
}: {
  absenceId: string
  agentId: string
}): Promise<number> {
  const params = { id: absenceId }
  // First: who is away takes no cases.
  await call(absenceRoutes.end, { params })
  const returned = await call(presenceRoutes.returned, { params })
  let missed = 0
  for (const { caseId, status } of returned) {
    if (status === 'closed') continue
    // Version 0 takes only what nobody has.
    await call(caseRoutes.assign, { params: { id: caseId }, body: { agentId, version: 0 } }).catch(() => {
      missed += 1
    })
  }
  return missed
}
