/** Teams over HTTP. Who sees only their own teams changes only those. */
import { newId } from '../base/clock.ts'
import type { Tx } from '../base/db.ts'
import { Refusal, refuseIf } from '../base/refusal.ts'
import { countTeams, lockCount } from './bounds.sql.ts'
import { mostTeams } from './bounds.ts'
import type { ReturnUnseen } from './colleague.routes.ts'
import type { Mount } from './mount.ts'
import { whyNotThere } from './permissions.ts'
import { isTeamHere } from './staff.sql.ts'
import * as teams from './team.sql.ts'
import { teamRoutes as routes, type TeamRow } from './team-contract.ts'

export function teamRoutes(mount: Mount, { returnUnseen }: { returnUnseen: ReturnUnseen }): void {
  mount(routes.list, ({ run }) => run(teams.findTeamRows))

  mount(routes.make, ({ change, now, body }) =>
    change(async (tx, tell) => {
      await lockCount(tx, 'teams')
      if ((await countTeams(tx)) >= mostTeams) throw new Refusal('too-many-teams')
      const teamId = newId(now())
      if (!(await teams.insertTeam(tx, teamId, body))) throw new Refusal('team-known')
      await saveMembers(tx, teamId, body.memberIds)
      tell({ onId: teamId, content: { memberIds: body.memberIds, needsApproval: body.needsApproval } })
      return findRow(tx, teamId)
    }),
  )

  mount(routes.change, ({ change, agent, now, params, body }) =>
    change(async (tx, tell) => {
      const saved = await teams.updateTeam(tx, params.id, body)
      if (!saved) throw new Refusal('not-found')
      refuseIf(whyNotThere(agent, { teamId: params.id }))
      if (saved.isTaken) throw new Refusal('team-known')
      const left = await saveMembers(tx, params.id, body.memberIds)
      const caseIds = await returnUnseen(tx, left, now(), agent.agentId)
      const { memberIds, needsApproval } = body
      tell({ content: { memberIds, needsApproval, neededApproval: saved.neededApproval, caseIds } })
      return findRow(tx, params.id)
    }),
  )

  mount(routes.remove, ({ change, agent, now, params }) =>
    change(async (tx) => {
      if (!(await isTeamHere(tx, params.id))) throw new Refusal('not-found')
      refuseIf(whyNotThere(agent, { teamId: params.id }))
      await teams.removeTeam(tx, params.id, now())
      return { done: true } as const
    }),
  )

  mount(routes.changeChannel, ({ change, agent, params, body }) =>
    change(async (tx, tell) => {
      const channel = await teams.lockChannel(tx, params.id)
      if (!channel || (body.teamId && !(await isTeamHere(tx, body.teamId)))) throw new Refusal('not-found')
      refuseIf(whyNotThere(agent, channel) ?? whyNotThere(agent, body))
      await teams.saveChannelTeam(tx, params.id, body)
      const { teamId: fromTeamId, needsApproval: neededApproval } = channel
      tell({ content: { ...body, fromTeamId, neededApproval } })
      return { done: true } as const
    }),
  )
}

/** Answers who left. */
async function saveMembers(tx: Tx, teamId: string, memberIds: readonly string[]): Promise<string[]> {
  const { unknown, left } = await teams.saveMembers(tx, teamId, memberIds)
  if (unknown.length > 0) throw new Refusal('not-found')
  return left
}

async function findRow(tx: Tx, teamId: string): Promise<TeamRow> {
  const row = (await teams.findTeamRows(tx)).find((it) => it.teamId === teamId)
  if (!row) throw new Refusal('not-found')
  return row
}
