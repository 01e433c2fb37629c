/** Coming in, going out, and who I am. */
import type { FastifyRequest } from 'fastify'
import { type Db, inWorkspace, type Tx } from '../base/db.ts'
import { Refusal, refuseIf } from '../base/refusal.ts'
import type { Agent } from './agent.ts'
import { appendAudit } from './audit.sql.ts'
import { type Admin, createHouse, findFirstAdmin, isSetUp, lockHouse } from './house.sql.ts'
import type { Mount } from './mount.ts'
import type { Sessions } from './session.ts'
import { consumeLink, isLinkOpen } from './setup-link.sql.ts'
import { digestOf } from './setup-link.ts'
import { changeWorkspace, findColleagues, findTeams, findWorkspace, hasBegun } from './staff.sql.ts'
import { staffRoutes as contract } from './staff-contract.ts'
import { isTimeZone } from './time-zone.ts'
import { findPersonOfSession, findWorkspaceIds, findWorkspaceNames } from './workspace-switch.sql.ts'

const done = { done: true } as const

export function staffRoutes(mount: Mount, tools: { db: Db; sessions: Sessions }): void {
  const { db, sessions } = tools

  mount(contract.door, async ({ request }) => {
    const inside = await sessions.findAgent(request)
    const phase = inside
      ? ('inside' as const)
      : (await isSetUp(db))
        ? ('sign-in' as const)
        : ('setup' as const)
    return { phase, blocked: sessions.whyBlocked(request), rehearsal: sessions.rehearsal }
  })

  mount(contract.setUp, async (call) => {
    refuseIf(sessions.whyBlocked(call.request))
    const { token, password, ...house } = call.body
    refuseUnlessTimeZone(house.timeZone)
    const digest = digestOf(token)
    if (await isSetUp(db)) throw new Refusal('already-set-up')
    // Asked before the costly hash, so that strangers cannot keep us busy.
    if (!(await isLinkOpen(db, digest, 'setup', call.now()))) throw new Refusal('link-used')

    const passwordHash = await sessions.hashPassword(password)
    const admin = await db.transaction().execute(async (tx) => {
      await lockHouse(tx)
      if (await isSetUp(tx)) throw new Refusal('already-set-up')
      if (!(await consumeLink(tx, digest, 'setup', call.now()))) throw new Refusal('link-used')
      return createHouse(tx, { ...house, passwordHash, at: call.now() })
    })
    await sessions.enter(admin.userId, call)
    await tellEntered(admin, 'workspace.made', call.now())
    return done
  })

  mount(contract.openLink, async (call) => {
    refuseIf(sessions.whyBlocked(call.request))
    if (!sessions.rehearsal) throw new Refusal('not-found')
    const admin = await findFirstAdmin(db)
    const opened = admin && (await consumeLink(db, digestOf(call.body.token), 'sign-in', call.now()))
    if (!opened) throw new Refusal('link-used')
    await sessions.enter(admin.userId, call)
    await tellEntered(admin, 'session.begun', call.now())
    return done
  })

  async function tellEntered(admin: Admin, act: string, at: Date): Promise<void> {
    const { workspaceId, agentId } = admin
    const entry = { act, at, byAgentId: agentId, onId: workspaceId, content: { by: 'link' } }
    await inWorkspace(db, workspaceId, (tx) => appendAudit(tx, entry))
  }

  mount(contract.signIn, async (call) => {
    refuseIf(sessions.whyBlocked(call.request))
    const way = await sessions.signIn(call.body, call)
    return { next: way === 'half' ? ('code' as const) : way }
  })

  mount(contract.signOut, async (call) => {
    await call.change(async () => done)
    await sessions.signOut(call)
    return done
  })

  mount(contract.me, async ({ agent, run, request }) =>
    run(async (tx) => {
      const colleagues = await findColleagues(tx, agent.agentId)
      const self = colleagues.find((it) => it.agentId === agent.agentId)
      if (!self) throw new Refusal('not-signed-in')
      const { may, teamIds } = agent
      return {
        agent: { ...self, may: [...may], teamIds: teamIds && [...teamIds] },
        workspace: await findWorkspace(tx),
        colleagues,
        teams: await findTeams(tx),
        workspaces: await findPlaces(tx, agent, request),
        begun: await hasBegun(tx),
      }
    }),
  )

  /** A key is of one workspace, and so is a session that came by the single sign-on of one. */
  async function findPlaces(tx: Tx, agent: Agent, request: FastifyRequest) {
    const token = agent.keyId === null ? await sessions.tokenOf(request) : null
    const person = token ? await findPersonOfSession(tx, token) : null
    const only = person ? person.onlyWorkspaceId : agent.workspaceId
    const all = only ? [only] : await findWorkspaceIds(tx, agent.userId)
    return findWorkspaceNames(tx, all, agent.workspaceId)
  }

  mount(contract.changeWorkspace, async ({ body, change }) => {
    refuseUnlessTimeZone(body.timeZone)
    return change(async (tx, tell) => {
      const was = await findWorkspace(tx)
      tell({ content: auditOf(was, body) })
      await changeWorkspace(tx, body)
      return done
    })
  })
}

type Settings = { name?: string | undefined; brand: string; timeZone: string; answerWithinMinutes: number }

/** Only what differs. */
function auditOf(was: Settings, is: Settings): Record<string, unknown> {
  const fields = ['name', 'brand', 'timeZone', 'answerWithinMinutes'] as const
  const changed = fields.filter((it) => is[it] !== undefined && is[it] !== was[it])
  const of = (it: Settings) => Object.fromEntries(changed.map((field) => [field, it[field]]))
  return { from: of(was), to: of(is) }
}

function refuseUnlessTimeZone(name: string): void {
  if (!isTimeZone(name)) throw new Refusal('bad-input', 'timeZone is not one that we know')
}
