/** Several workspaces: going from one to another, and making one. */
import { newId } from '../base/clock.ts'
import { type Db, enterWorkspace } from '../base/db.ts'
import { Refusal } from '../base/refusal.ts'
import { appendAudit } from './audit.sql.ts'
import { countWorkspaces } from './bounds.sql.ts'
import { mostWorkspaces } from './bounds.ts'
import { findColleague } from './colleague.sql.ts'
import { insertAgent } from './invitation.sql.ts'
import type { Mount } from './mount.ts'
import type { Sessions } from './session.ts'
import { isTimeZone } from './time-zone.ts'
import * as find from './workspace-switch.sql.ts'
import { workspaceRoutes as contract } from './workspace-switch-contract.ts'

const done = { done: true } as const

type Tools = { db: Db; sessions: Pick<Sessions, 'tokenOf' | 'moved'> }

export function workspaceRoutes(mount: Mount, { db, sessions }: Tools): void {
  mount(contract.switch, async ({ change, agent, request, body }) => {
    const { workspaceId } = body
    // A key is of one workspace, and has no session that could go elsewhere.
    const token = agent.keyId === null ? await sessions.tokenOf(request) : null
    const person = token && (await find.findPersonOfSession(db, token))
    if (!token || !person) throw new Refusal('not-allowed')
    const isTheirs = (await find.findWorkspaceIds(db, person.userId)).includes(workspaceId)
    if (!isTheirs) throw new Refusal('not-found')
    if (person.onlyWorkspaceId !== null && person.onlyWorkspaceId !== workspaceId)
      throw new Refusal('only-this-workspace')
    await change(async (tx, tell) => {
      await find.saveWorkspaceOfSession(tx, token, workspaceId)
      tell({ content: { to: workspaceId } })
      return done
    })
    await sessions.moved(token)
    return done
  })

  mount(contract.make, async ({ change, agent, now, body }) => {
    if (!isTimeZone(body.timeZone)) throw new Refusal('bad-input', 'timeZone is not one that we know')
    if ((await find.findFirstWorkspaceId(db)) !== agent.workspaceId) throw new Refusal('only-first-workspace')
    return change(async (tx, tell) => {
      if ((await countWorkspaces(tx)) >= mostWorkspaces) throw new Refusal('too-many-workspaces')
      const at = now()
      const workspaceId = newId(at)
      const agentId = newId(at)
      const self = await findColleague(tx, agent.agentId)
      if (!self) throw new Refusal('not-signed-in')
      await enterWorkspace(tx, workspaceId)
      await find.insertWorkspace(tx, { ...body, workspaceId, at })
      const { userId, name, email } = self
      const place = { role: 'admin', roleId: null, sees: 'workspace', at } as const
      await insertAgent(tx, { agentId, userId, name, email, ...place })
      await appendAudit(tx, { act: 'workspace.made', at, byAgentId: agentId, onId: workspaceId })
      await enterWorkspace(tx, agent.workspaceId)
      tell({ onId: workspaceId })
      return { workspaceId }
    })
  })
}
