/**
 * Cases of people who are not here: returned when an absence begins or someone is suspended, and in rounds while it
 * lasts, for a customer may write into an answered case at any time. And cases of teams that their assignee has left.
 *
 * In:  an agent, or the time.
 * Out: their waiting cases in the queue, or with their deputy as far as that one is here and has room.
 */
import { type Db, inWorkspace, type Tx } from '../base/db.ts'
import { inEveryWorkspace } from '../base/every-workspace.ts'
import { listWorkspaces } from '../base/workspaces.sql.ts'
import { lockWorker } from '../staff/capacity.sql.ts'
import { isFull, type Worker } from '../staff/capacity.ts'
import { whyNotThere } from '../staff/permissions.ts'
import { changeCase } from './case.sql.ts'
import { findGone, findUnseenCases, isHere, lockWaitingCases, saveReturned } from './returning.sql.ts'
import { leaveUnseen, returnCase } from './returning.ts'

type How = {
  /** The absence it is for; without one they were suspended. */
  absenceId?: string | null
  deputyId?: string | null
  byAgentId?: string | null
}

/** Inside their workspace, with no team walls narrower than their own. Answers the cases that were returned. */
export async function returnCases(tx: Tx, agentId: string, at: Date, how: How = {}): Promise<string[]> {
  const { absenceId = null, deputyId = null, byAgentId: by = null } = how
  // One order for everybody who locks two agents.
  const locked = new Map<string, Worker | null>()
  for (const id of [agentId, ...(deputyId ? [deputyId] : [])].sort())
    locked.set(id, await lockWorker(tx, id, at))
  const deputy = deputyId && (await isHere(tx, deputyId, at)) ? (locked.get(deputyId) ?? null) : null

  const waiting = await lockWaitingCases(tx, agentId)
  let taken = 0
  for (const { caseId, teamId } of waiting) {
    const to = deputy && takes(deputy, taken, teamId) ? deputy.agentId : null
    if (to) taken++
    const why = absenceId ? ('away' as const) : ('suspended' as const)
    await changeCase(tx, caseId, (was) => returnCase(was, agentId, { why, to, by }, at))
    if (absenceId) await saveReturned(tx, absenceId, { caseId, to }, at)
  }
  return waiting.map((it) => it.caseId)
}

function takes(deputy: Worker, taken: number, teamId: string | null): boolean {
  const { isSuspended, isAway, may, openCases } = deputy
  if (isSuspended || isAway || !may.includes('cases.work') || whyNotThere(deputy, { teamId })) return false
  return !isFull({ ...deputy, openCases: openCases + taken })
}

/**
 * What these agents hold and do not see since this transaction changed their teams: to the queue. Inside their
 * workspace, with no team walls. Null is everybody, for the round: a closed case that is opened again, or an agent who
 * came with an import, may be of a team that its assignee has left meanwhile.
 */
export async function returnUnseen(
  tx: Tx,
  agentIds: readonly string[] | null,
  at: Date,
  byAgentId: string | null,
): Promise<string[]> {
  const unseen = await findUnseenCases(tx, agentIds)
  for (const { caseId, agentId } of unseen)
    await changeCase(tx, caseId, (was) => leaveUnseen(was, agentId, byAgentId, at))
  return unseen.map((it) => it.caseId)
}

export type ReturnJob = { workspaceId?: string }

/** Of one workspace, when an absence begins there; of all of them in rounds. */
export async function returnCasesOfGone(
  tools: { db: Db; now: () => Date },
  { workspaceId }: ReturnJob,
): Promise<void> {
  const at = tools.now()
  await inEveryWorkspace(workspaceId ? [workspaceId] : await listWorkspaces(tools.db), async (id) => {
    const gone = await inWorkspace(tools.db, id, (tx) => findGone(tx, at))
    for (const { agentId, absenceId, deputyId } of gone)
      await inWorkspace(tools.db, id, (tx) => returnCases(tx, agentId, at, { absenceId, deputyId }))
    await inWorkspace(tools.db, id, (tx) => returnUnseen(tx, null, at, null))
  })
}
