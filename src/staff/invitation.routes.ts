/** Inviting colleagues, for those who give the roles. Opening an invitation is in invitation-joining.routes.ts. */
import { randomBytes } from 'node:crypto'
import { newId } from '../base/clock.ts'
import type { Tx } from '../base/db.ts'
import { postLetter } from '../base/mail.jobs.ts'
import type { PostOffice } from '../base/mail.ts'
import { Refusal } from '../base/refusal.ts'
import type { MasterKey } from '../base/secret.ts'
import type { Agent } from './agent.ts'
import { countAgentsToBe } from './bounds.sql.ts'
import { mostAgents } from './bounds.ts'
import { findGiven } from './colleague.routes.ts'
import { findTeamIds } from './colleague.sql.ts'
import * as kept from './invitation.sql.ts'
import { invitationLastsMs } from './invitation.ts'
import { invitationRoutes as contract, type InvitationRow } from './invitation-contract.ts'
import { invitationLetter } from './invitation-mail.ts'
import type { Mount } from './mount.ts'
import { digestOf } from './setup-link.ts'
import { findWorkspace } from './staff.sql.ts'
import { makeThrottle } from './throttle.ts'

type Tools = { postOffice: PostOffice; master: MasterKey; publicUrl: string; now: () => Date }

const hour = 60 * 60 * 1000

export function invitationRoutes(mount: Mount, tools: Tools): void {
  const { postOffice, publicUrl } = tools
  const byMail = postOffice.kind !== 'none'
  // Nobody fills a stranger's mailbox from here, in however many workspaces.
  const perAddress = makeThrottle({ tries: 3, windowMs: hour, now: tools.now })

  mount(contract.list, ({ run, query }) =>
    run(async (tx) => {
      const { after = null, limit } = query
      const found = await kept.findOpenInvitations(tx, { after, limit: limit + 1 })
      const rows = found.slice(0, limit)
      const next = found.length > limit ? rows.at(-1)!.invitationId : null
      return { rows: rows.map(viewOf), next, byMail }
    }),
  )

  mount(contract.invite, ({ change, agent, now, body }) =>
    change(async (tx, tell) => {
      const email = body.email.toLowerCase()
      const chosen = await findGiven(tx, agent, body)
      if (await kept.isAddressHere(tx, email)) throw new Refusal('agent-known')
      const at = now()
      if ((await countAgentsToBe(tx, at)) >= mostAgents) throw new Refusal('too-many-agents')
      const invitationId = newId(at)
      const { token, ...link } = aLink(at, agent)
      const { sees, teamIds } = body
      await kept.insertInvitation(tx, { ...chosen, ...link, invitationId, email, sees, teamIds, at })
      const { role, roleId } = chosen
      tell({ onId: invitationId, content: { role, roleId, sees, teamIds } })
      return { invitationId, link: await handOut(tx, { invitationId, email, token, ...link }, agent, at) }
    }),
  )

  mount(contract.sendAgain, ({ change, agent, now, params }) =>
    change(async (tx) => {
      const it = await findOpen(tx, params.id)
      // It becomes the invitation of whoever sends it: they give it anew.
      const teamIds = await findTeamIds(tx, it.teamIds)
      await findGiven(tx, agent, { role: it.roleId ?? it.role, sees: it.sees, teamIds })
      const at = now()
      const { token, ...link } = aLink(at, agent)
      const { invitationId, email } = it
      await kept.saveLink(tx, invitationId, link)
      return { invitationId, link: await handOut(tx, { invitationId, email, token, ...link }, agent, at) }
    }),
  )

  mount(contract.revoke, ({ change, now, params }) =>
    change(async (tx) => {
      await findOpen(tx, params.id)
      await kept.saveRevoked(tx, params.id, now())
      return { done: true } as const
    }),
  )

  function aLink(at: Date, by: Agent) {
    const token = randomBytes(32).toString('base64url')
    const mailState = byMail ? ('waiting' as const) : ('none' as const)
    const expiresAt = new Date(at.getTime() + invitationLastsMs)
    return { token, digest: digestOf(token), mailState, invitedBy: by.agentId, expiresAt }
  }

  /** By mail, or as the answer: then an admin hands it over. */
  async function handOut(
    tx: Tx,
    it: { invitationId: string; email: string; token: string; expiresAt: Date },
    by: Agent,
    at: Date,
  ): Promise<string | null> {
    const link = `${publicUrl}/join#${it.token}`
    if (!byMail) return link
    if (!perAddress.take(it.email)) throw new Refusal('too-many-tries')
    const { name, workspaceId } = await findWorkspace(tx)
    const letter = invitationLetter({ workspace: name, invitedBy: by.name, link })
    const about = { workspaceId, invitationId: it.invitationId }
    await postLetter(tx, { ...letter, to: it.email, until: it.expiresAt }, about, { ...tools, at })
    return null
  }
}

async function findOpen(tx: Tx, invitationId: string): Promise<kept.Invitation> {
  const found = await kept.lockInvitation(tx, invitationId)
  if (!found || found.acceptedAt || found.revokedAt) throw new Refusal('not-found')
  return found
}

function viewOf(it: kept.Invitation): InvitationRow {
  return { ...it, createdAt: it.createdAt.toISOString(), expiresAt: it.expiresAt.toISOString() }
}
