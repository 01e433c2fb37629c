/** Opening the link of an invitation: as somebody new here, or as who has an account already. */
import type { FastifyRequest } from 'fastify'
import { newId } from '../base/clock.ts'
import { type Db, inWorkspace, type Tx } from '../base/db.ts'
import { Refusal, refuseIf } from '../base/refusal.ts'
import { appendAudit } from './audit.sql.ts'
import { countAgents, lockCount } from './bounds.sql.ts'
import { mostAgents } from './bounds.ts'
import { findRole, findTeamIds, saveTeams } from './colleague.sql.ts'
import * as kept from './invitation.sql.ts'
import { provesAddress, whyNotAccept, whyNotOpen } from './invitation.ts'
import { invitationRoutes as contract } from './invitation-contract.ts'
import type { Mount } from './mount.ts'
import { saveProved } from './reset.sql.ts'
import type { Sessions } from './session.ts'
import { digestOf } from './setup-link.ts'
import { findAgent, findWorkspace } from './staff.sql.ts'
import {
  findNameIn,
  findPersonOfSession,
  type Person,
  saveWorkspaceOfSession,
} from './workspace-switch.sql.ts'

type Tools = { db: Db; sessions: Sessions }
const done = { done: true } as const
type Joining = { userId: string; name: string; at: Date }

export function joiningRoutes(mount: Mount, { db, sessions }: Tools): void {
  mount(contract.look, async ({ request, body, now }) => {
    const person = await personAt(request)
    const signedInAs = person && (await nameOf(person))
    return inInvitation(body.token, async (tx, invitationId) => {
      const it = await findOpen(tx, invitationId, now())
      const { name } = await findWorkspace(tx)
      const { email, role, roleName } = it
      return { workspace: name, email, role, roleName, signedInAs }
    })
  })

  mount(contract.join, async (call) => {
    const { body, request, now } = call
    refuseIf(sessions.whyBlocked(request))
    if (await personAt(request)) throw new Refusal('invited-another')
    // Asked before the costly hash, so that strangers cannot keep us busy.
    const { email } = await inInvitation(body.token, (tx, id) => findOpen(tx, id, now()))
    if (await kept.hasAccount(db, email)) throw new Refusal('address-has-account')
    const passwordHash = await sessions.hashPassword(body.password)
    const at = now()
    const userId = newId(at)
    await inInvitation(body.token, async (tx, id) => {
      const it = await findOpen(tx, id, at)
      const isProved = provesAddress(it)
      const account = {
        userId,
        accountId: newId(at),
        name: body.name,
        email: it.email,
        isProved,
        passwordHash,
        at,
      }
      if (!(await kept.insertAccount(tx, account))) throw new Refusal('address-has-account')
      await take(tx, it, { userId, name: body.name, at })
    })
    await sessions.enter(userId, call)
    return done
  })

  mount(contract.accept, async ({ body, request, now }) => {
    const token = await sessions.tokenOf(request)
    const person = token && (await findPersonOfSession(db, token))
    if (!person) throw new Refusal('not-signed-in')
    await inInvitation(body.token, async (tx, id) => {
      const it = await findOpen(tx, id, now())
      refuseIf(whyNotAccept(it, person))
      if (provesAddress(it)) await saveProved(tx, person.userId, now())
      await take(tx, it, { userId: person.userId, name: person.name, at: now() })
      await saveWorkspaceOfSession(tx, token, it.workspaceId)
    })
    await sessions.moved(token)
    return done
  })

  async function personAt(request: FastifyRequest) {
    const token = await sessions.tokenOf(request)
    return token ? findPersonOfSession(db, token) : null
  }

  async function nameOf({ userId, name, email, onlyWorkspaceId }: Person) {
    return onlyWorkspaceId ? findNameIn(db, { userId, workspaceId: onlyWorkspaceId }) : { name, email }
  }

  async function inInvitation<T>(
    token: string,
    work: (tx: Tx, invitationId: string) => Promise<T>,
  ): Promise<T> {
    const found = await kept.findByToken(db, digestOf(token))
    if (!found) throw new Refusal('invitation-void')
    return inWorkspace(db, found.workspaceId, (tx) => work(tx, found.invitationId))
  }
}

/** Locked, and still what it was: of two at the same moment one comes in. */
export async function findOpen(tx: Tx, invitationId: string, at: Date): Promise<kept.Invitation> {
  const it = await kept.lockInvitation(tx, invitationId)
  if (!it) throw new Refusal('invitation-void')
  const by = await findAgent(tx, it.invitedBy)
  const role = await findRole(tx, it.roleId ?? it.role)
  refuseIf(whyNotOpen(it, by, role && { ...it, may: role.may }, at))
  return it
}

export async function take(tx: Tx, it: kept.Invitation, { userId, name, at }: Joining): Promise<void> {
  const { email, role, roleId, sees, invitationId } = it
  const agent = { userId, name, email, role, roleId, sees, at }
  const known = await kept.adoptImported(tx, agent)
  const agentId = known ?? newId(at)
  if (!known) await addAgent(tx, { ...agent, agentId })
  // A team that was dissolved meanwhile is no reason to stay outside.
  await saveTeams(tx, agentId, await findTeamIds(tx, it.teamIds))
  await kept.saveAccepted(tx, invitationId, agentId, at)
  const content = { invitationId, role, roleId, sees }
  await appendAudit(tx, { act: 'invitation.accepted', at, byAgentId: agentId, onId: agentId, content })
}

/** Counted once more: who was invited, or comes by single sign-on, may be the last that fits. */
export async function addAgent(tx: Tx, it: kept.NewAgent): Promise<void> {
  await lockCount(tx, 'agents')
  if ((await countAgents(tx)) >= mostAgents) throw new Refusal('too-many-agents')
  if (!(await kept.insertAgent(tx, it))) throw new Refusal('agent-known')
}
