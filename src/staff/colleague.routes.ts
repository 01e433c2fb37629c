/** The people who work here, for those who give the roles. */
import type { Tx } from '../base/db.ts'
import { Refusal, refuseIf } from '../base/refusal.ts'
import type { Agent } from './agent.ts'
import * as find from './colleague.sql.ts'
import { isAdminHere, whyNotDemote, whyNotGive, whyNotSuspend, whyNotTouch } from './colleague.ts'
import { type ColleagueRow, colleagueRoutes as contract } from './colleague-contract.ts'
import type { Mount } from './mount.ts'

type Tools = {
  /** Their cases in which a customer waits go back to the queue; answers which. */
  returnCases: (tx: Tx, agentId: string, at: Date, how: { byAgentId: string }) => Promise<string[]>
  returnUnseen: ReturnUnseen
}

/** What they hold of teams that they do not see now goes back to the queue; answers which. */
export type ReturnUnseen = (
  tx: Tx,
  agentIds: readonly string[],
  at: Date,
  byAgentId: string,
) => Promise<string[]>

const done = { done: true } as const

export function colleagueRoutes(mount: Mount, { returnCases, returnUnseen }: Tools): void {
  mount(contract.list, ({ run, query }) =>
    run(async (tx) => {
      const { limit } = query
      const found = await find.findColleaguePage(tx, { after: query.after ?? null, limit: limit + 1 })
      const rows = found.slice(0, limit)
      const accounts = await find.findLastSeen(
        tx,
        rows.map((it) => it.userId),
      )
      const last = rows.at(-1)
      return {
        rows: rows.map((it) => viewOf(it, accounts.get(it.userId))),
        next: last && found.length > limit ? last.agentId : null,
      }
    }),
  )

  mount(contract.change, ({ change, agent, now, params, body }) =>
    change(async (tx, tell) => {
      await find.lockAdmins(tx)
      const was = await findTouchable(tx, agent, params.id)
      const chosen = await findGiven(tx, agent, body)
      const isAdmin = isAdminHere(was)
      const stays = chosen.role === 'admin' && (body.sees === 'workspace' || was.sees === 'teams')
      if (!stays) refuseIf(whyNotDemote({ isAdmin, adminsLeft: await find.countAdmins(tx, was.sees) }))
      await find.saveRole(tx, params.id, { ...chosen, sees: body.sees })
      await find.saveTeams(tx, params.id, body.teamIds)
      await find.seeEveryTeam(tx)
      const caseIds = await returnUnseen(tx, [params.id], now(), agent.agentId)
      const to = { ...chosen, sees: body.sees, teamIds: body.teamIds }
      tell({ content: { from: standingOf(was), to, caseIds } })
      return done
    }),
  )

  mount(contract.suspend, ({ change, agent, now, params }) =>
    change(async (tx, tell) => {
      await find.lockAdmins(tx)
      const was = await findTouchable(tx, agent, params.id)
      if (was.suspendedAt) return { casesReturned: 0 }
      const isSelf = params.id === agent.agentId
      const adminsLeft = await find.countAdmins(tx, was.sees)
      refuseIf(whyNotSuspend({ isSelf, isAdmin: isAdminHere(was), adminsLeft }))
      await find.saveSuspension(tx, params.id, { at: now(), byAgentId: agent.agentId })
      await find.seeEveryTeam(tx)
      const caseIds = await returnCases(tx, params.id, now(), { byAgentId: agent.agentId })
      tell({ content: { caseIds } })
      return { casesReturned: caseIds.length }
    }),
  )

  mount(contract.bringBack, ({ change, agent, params }) =>
    change(async (tx) => {
      await findTouchable(tx, agent, params.id)
      await find.saveSuspension(tx, params.id, null)
      return done
    }),
  )
}

/** What may be given by this agent, of what is here. */
export async function findGiven(
  tx: Tx,
  by: Agent,
  wanted: { role: string; sees: 'workspace' | 'teams'; teamIds: readonly string[] },
): Promise<find.ChosenRole> {
  const chosen = await find.findRole(tx, wanted.role)
  const teamIds = await find.findTeamIds(tx, wanted.teamIds)
  if (!chosen || teamIds.length < new Set(wanted.teamIds).size) throw new Refusal('not-found')
  refuseIf(whyNotGive(by, { ...wanted, may: chosen.may }))
  return chosen
}

async function findTouchable(tx: Tx, by: Agent, agentId: string): Promise<find.ColleagueFound> {
  const found = await find.findColleague(tx, agentId)
  if (!found) throw new Refusal('not-found')
  refuseIf(whyNotTouch(by, found))
  return found
}

const standingOf = ({ role, roleId, sees, teamIds }: find.ColleagueFound) => ({ role, roleId, sees, teamIds })

function viewOf(
  { userId, ...row }: find.ColleagueFound,
  account?: { lastSeenAt: Date | null; secondFactor: boolean },
): ColleagueRow {
  return {
    ...row,
    lastSeenAt: account?.lastSeenAt?.toISOString() ?? null,
    secondFactor: account?.secondFactor ?? false,
    suspendedAt: row.suspendedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  }
}
