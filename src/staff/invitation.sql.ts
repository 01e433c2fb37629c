/** Invitations, and the accounts and agents that they become. Only digests of their links are kept. */
import { sql } from 'kysely'
import { type Db, findAll, findOne, type Tx } from '../base/db.ts'
import type { Role } from './agent.ts'
import type { ChosenRole } from './colleague.sql.ts'

export type Invitation = {
  workspaceId: string
  invitationId: string
  email: string
  role: Role
  roleId: string | null
  roleName: string | null
  sees: 'workspace' | 'teams'
  teamIds: string[]
  mailState: 'none' | 'waiting' | 'sent' | 'refused'
  invitedBy: string
  createdAt: Date
  expiresAt: Date
  acceptedAt: Date | null
  revokedAt: Date | null
}

const columns = sql`i.workspace_id, i.invitation_id, i.email, i.role, i.role_id, r.name as role_name, i.sees, i.team_ids,
  i.mail_state, i.invited_by, i.created_at, i.expires_at, i.accepted_at, i.revoked_at`
const joined = sql`invitations i left join roles r on r.workspace_id = i.workspace_id and r.role_id = i.role_id`

export async function findOpenInvitations(
  tx: Tx,
  page: { after: string | null; limit: number },
): Promise<Invitation[]> {
  return findAll(
    tx,
    sql<Invitation>`select ${columns} from ${joined} where i.workspace_id = current_workspace()
      and i.accepted_at is null and i.revoked_at is null
      and (${page.after}::uuid is null or i.invitation_id < ${page.after})
      order by i.invitation_id desc limit ${page.limit}`,
  )
}

/** Which invitation a link is for: asked before a workspace is known, answered with ids only. */
export async function findByToken(
  db: Db,
  digest: Buffer,
): Promise<{ workspaceId: string; invitationId: string } | undefined> {
  return findOne(
    db,
    sql<{ workspaceId: string; invitationId: string }>`select * from find_open_invitation(${digest})`,
  )
}

/** Locked to the end: of two who open one link at the same moment, one comes in. */
export async function lockInvitation(tx: Tx, invitationId: string): Promise<Invitation | undefined> {
  await sql`select 1 from invitations where workspace_id = current_workspace()
    and invitation_id = ${invitationId} for update`.execute(tx)
  return findInvitation(tx, invitationId)
}

export async function findInvitation(tx: Tx, invitationId: string): Promise<Invitation | undefined> {
  return findOne(
    tx,
    sql<Invitation>`select ${columns} from ${joined}
      where i.workspace_id = current_workspace() and i.invitation_id = ${invitationId}`,
  )
}

type NewInvitation = ChosenRole & {
  invitationId: string
  email: string
  sees: string
  teamIds: readonly string[]
  digest: Buffer
  mailState: 'none' | 'waiting'
  invitedBy: string
  at: Date
  expiresAt: Date
}

/** A newer invitation of an address replaces what was open. */
export async function insertInvitation(tx: Tx, it: NewInvitation): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('invite ' || current_workspace()::text || ${it.email}, 0))`.execute(
    tx,
  )
  await sql`update invitations set revoked_at = ${it.at} where workspace_id = current_workspace()
    and email = ${it.email} and accepted_at is null and revoked_at is null`.execute(tx)
  await sql`insert into invitations (workspace_id, invitation_id, email, role, role_id, sees, team_ids, token_digest,
      mail_state, invited_by, created_at, expires_at)
    values (current_workspace(), ${it.invitationId}, ${it.email}, ${it.role}, ${it.roleId}, ${it.sees},
      ${[...it.teamIds]}::uuid[], ${it.digest}, ${it.mailState}, ${it.invitedBy}, ${it.at}, ${it.expiresAt})`.execute(
    tx,
  )
}

/** From then on it is the invitation of whoever sends it. */
export async function saveLink(
  tx: Tx,
  invitationId: string,
  it: { digest: Buffer; mailState: 'none' | 'waiting'; invitedBy: string; expiresAt: Date },
): Promise<void> {
  await sql`update invitations set token_digest = ${it.digest}, mail_state = ${it.mailState},
    invited_by = ${it.invitedBy}, expires_at = ${it.expiresAt}
    where workspace_id = current_workspace() and invitation_id = ${invitationId}`.execute(tx)
}

export async function saveMailState(tx: Tx, invitationId: string, state: 'sent' | 'refused'): Promise<void> {
  await sql`update invitations set mail_state = ${state}
    where workspace_id = current_workspace() and invitation_id = ${invitationId}`.execute(tx)
}

export async function saveRevoked(tx: Tx, invitationId: string, at: Date): Promise<void> {
  await sql`update invitations set revoked_at = ${at}
    where workspace_id = current_workspace() and invitation_id = ${invitationId}`.execute(tx)
}

export async function saveAccepted(tx: Tx, invitationId: string, agentId: string, at: Date): Promise<void> {
  await sql`update invitations set accepted_at = ${at}, accepted_by = ${agentId}
    where workspace_id = current_workspace() and invitation_id = ${invitationId}`.execute(tx)
}

/** Accepted, taken back or too old since then: the address goes with it. */
export async function forgetInvitations(tx: Tx, before: Date): Promise<void> {
  await sql`delete from invitations where workspace_id = current_workspace()
    and least(accepted_at, revoked_at, expires_at) < ${before}`.execute(tx)
}

export async function isAddressHere(tx: Tx, email: string): Promise<boolean> {
  const found = await findOne(
    tx,
    sql`select 1 from agents a left join auth_users u on u.id = a.user_id
      where a.workspace_id = current_workspace() and lower(coalesce(u.email, a.email)) = ${email}
        and a.user_id not like 'imported:%'`,
  )
  return found !== undefined
}

/** False when the address has one already. */
export async function insertAccount(
  tx: Tx,
  it: {
    userId: string
    accountId: string
    name: string
    email: string
    isProved: boolean
    passwordHash: string
    at: Date
  },
): Promise<boolean> {
  const { userId, at } = it
  const made = await sql`insert into auth_users (id, name, email, "emailVerified", "createdAt", "updatedAt")
    values (${userId}, ${it.name}, ${it.email}, ${it.isProved}, ${at}, ${at}) on conflict (email) do nothing`.execute(
    tx,
  )
  if (made.numAffectedRows !== 1n) return false
  await sql`insert into auth_accounts (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
    values (${it.accountId}, ${userId}, 'credential', ${userId}, ${it.passwordHash}, ${at}, ${at})`.execute(
    tx,
  )
  return true
}

export async function hasAccount(db: Db, email: string): Promise<boolean> {
  return (await findOne(db, sql`select 1 from auth_users where email = ${email}`)) !== undefined
}

export type NewAgent = {
  agentId: string
  userId: string
  name: string
  email: string
  role: Role
  roleId: string | null
  sees: string
  at: Date
}

/** Who came with an imported workspace goes on as who they were. Their id, or undefined when nobody has that address. */
export async function adoptImported(tx: Tx, it: Omit<NewAgent, 'agentId'>): Promise<string | undefined> {
  const found = await findOne(
    tx,
    sql<{ agentId: string }>`update agents set user_id = ${it.userId}, name = ${it.name}, role = ${it.role},
        role_id = ${it.roleId}, sees = ${it.sees}, suspended_at = null, suspended_by = null
      where workspace_id = current_workspace() and agent_id = (
        select agent_id from agents where workspace_id = current_workspace() and user_id like 'imported:%'
          and lower(email) = lower(${it.email}) order by created_at limit 1)
      returning agent_id`,
  )
  if (found) await forgetImportedIdentities(tx, found.agentId)
  return found?.agentId
}

/** Whom a provider took for them before anybody was. */
async function forgetImportedIdentities(tx: Tx, agentId: string): Promise<void> {
  await sql`delete from sso_identities where workspace_id = current_workspace()
    and user_id = ${`imported:${agentId}`}`.execute(tx)
}

/** False when they work here already. */
export async function insertAgent(tx: Tx, it: NewAgent): Promise<boolean> {
  const made = await sql`insert into agents
      (workspace_id, agent_id, user_id, name, email, role, role_id, sees, created_at)
    values (current_workspace(), ${it.agentId}, ${it.userId}, ${it.name}, ${it.email}, ${it.role}, ${it.roleId},
      ${it.sees}, ${it.at}) on conflict (workspace_id, user_id) do nothing`.execute(tx)
  return made.numAffectedRows === 1n
}
