/** Providers, who their subjects are here, and who is on the way. */
import { sql } from 'kysely'
import { type Db, findAll, findOne, type Tx } from '../base/db.ts'
import type { BuiltInRole } from './permissions.ts'
import type { Known } from './sso.ts'

export type ProviderRow = {
  workspaceId: string
  providerId: string
  name: string
  issuer: string
  client: string
  sealedSecret: string
  domains: string[]
  newcomerRole: Exclude<BuiltInRole, 'admin'> | null
  createdAt: Date
}
const columns = sql`workspace_id, provider_id, name, issuer, client_id as client, sealed_secret, domains, newcomer_role, created_at`
export const mostProviders = 20

export async function findProviders(tx: Tx): Promise<ProviderRow[]> {
  return findAll(
    tx,
    sql<ProviderRow>`select ${columns} from sso_providers where workspace_id = current_workspace()
      order by lower(name), provider_id limit ${mostProviders}`,
  )
}

export async function findProvider(tx: Tx, providerId: string): Promise<ProviderRow | undefined> {
  return findOne(
    tx,
    sql<ProviderRow>`select ${columns} from sso_providers
      where workspace_id = current_workspace() and provider_id = ${providerId}`,
  )
}

export async function findWorkspaceOfProvider(db: Db, providerId: string): Promise<string | null> {
  const found = await findOne(
    db,
    sql<{ id: string | null }>`select find_workspace_of_provider(${providerId}) as id`,
  )
  return found?.id ?? null
}

export async function listOnlyProviders(db: Db): Promise<{ providerId: string; name: string }[]> {
  return findAll(db, sql`select provider_id, name from list_only_providers()`)
}

export async function saveProvider(tx: Tx, it: Omit<ProviderRow, 'workspaceId'>): Promise<void> {
  await sql`insert into sso_providers (workspace_id, provider_id, name, issuer, client_id, sealed_secret, domains,
      newcomer_role, created_at)
    values (current_workspace(), ${it.providerId}, ${it.name}, ${it.issuer}, ${it.client}, ${it.sealedSecret},
      ${it.domains}::text[], ${it.newcomerRole}, ${it.createdAt})
    on conflict (workspace_id, provider_id) do update set name = excluded.name, issuer = excluded.issuer,
      client_id = excluded.client_id, sealed_secret = excluded.sealed_secret, domains = excluded.domains,
      newcomer_role = excluded.newcomer_role`.execute(tx)
}

/** Subjects are another issuer's from now on. */
export async function forgetIdentities(tx: Tx, providerId: string): Promise<void> {
  await sql`delete from sso_identities where workspace_id = current_workspace() and provider_id = ${providerId}`.execute(
    tx,
  )
}

export async function deleteProvider(tx: Tx, providerId: string): Promise<boolean> {
  const done =
    await sql`delete from sso_providers where workspace_id = current_workspace() and provider_id = ${providerId}`.execute(
      tx,
    )
  return done.numAffectedRows === 1n
}

/** Sessions that can enter this workspace only; answers their tokens. */
export async function endSsoSessions(tx: Tx): Promise<string[]> {
  const ended = await findAll(
    tx,
    sql<{
      token: string
    }>`delete from auth_sessions where "onlyWorkspaceId" = current_workspace() returning token`,
  )
  return ended.map((it) => it.token)
}

export async function findKnown(
  tx: Tx,
  of: { providerId: string; subject: string; email: string | null; at: Date },
): Promise<Known> {
  const identity = await findOne(
    tx,
    sql<{ userId: string; isHere: boolean }>`select i.user_id, exists (select from agents a
        where a.workspace_id = i.workspace_id and a.user_id = i.user_id and a.suspended_at is null) as is_here
      from sso_identities i where i.workspace_id = current_workspace() and i.user_id not like 'imported:%'
        and i.provider_id = ${of.providerId} and i.subject = ${of.subject}`,
  )
  const agent = await findOne(
    tx,
    sql<{
      userId: string
      isSuspended: boolean
    }>`select user_id, suspended_at is not null as is_suspended from agents
      where workspace_id = current_workspace() and lower(email) = ${of.email} and user_id not like 'imported:%'`,
  )
  const imported = await findOne(
    tx,
    sql<{
      agentId: string
      isSuspended: boolean
    }>`select agent_id, suspended_at is not null as is_suspended from agents
      where workspace_id = current_workspace() and lower(email) = ${of.email} and user_id like 'imported:%'
      order by created_at limit 1`,
  )
  const invitation = await findOne(
    tx,
    sql<{
      invitationId: string
    }>`select invitation_id from invitations where workspace_id = current_workspace()
      and email = ${of.email} and accepted_at is null and revoked_at is null and expires_at > ${of.at}`,
  )
  return {
    identity: identity ?? null,
    agent: agent ?? null,
    imported: imported ?? null,
    invitation: invitation ?? null,
  }
}

export async function linkIdentity(
  tx: Tx,
  it: { providerId: string; subject: string; userId: string; at: Date },
): Promise<void> {
  await sql`insert into sso_identities (workspace_id, provider_id, subject, user_id, linked_at)
    values (current_workspace(), ${it.providerId}, ${it.subject}, ${it.userId}, ${it.at})
    on conflict do nothing`.execute(tx)
}

/** They go on as who they were in the place they came from, with what they were there. */
export async function adoptInto(tx: Tx, agentId: string, userId: string): Promise<void> {
  await sql`update agents set user_id = ${userId} where workspace_id = current_workspace()
    and agent_id = ${agentId} and user_id like 'imported:%'`.execute(tx)
}

/** Somebody who comes in by this provider and by nothing else: their address is a claim, and stays out of the accounts. */
export async function insertSsoUser(
  tx: Tx,
  it: { userId: string; name: string; address: string; at: Date },
): Promise<void> {
  await sql`insert into auth_users (id, name, email, "createdAt", "updatedAt")
    values (${it.userId}, ${it.name}, ${it.address}, ${it.at}, ${it.at})`.execute(tx)
}

export type Attempt = { workspaceId: string; providerId: string; sealedChecks: string }

/** Those that never came back are forgotten with the next one. */
export async function saveAttempt(
  db: Db,
  it: Attempt & { stateDigest: Buffer; browserDigest: Buffer; expiresAt: Date; at: Date },
): Promise<void> {
  await sql`delete from sso_attempts where expires_at < ${it.at}`.execute(db)
  await sql`insert into sso_attempts (state_digest, browser_digest, workspace_id, provider_id, sealed_checks, expires_at)
    values (${it.stateDigest}, ${it.browserDigest}, ${it.workspaceId}, ${it.providerId}, ${it.sealedChecks},
      ${it.expiresAt})`.execute(db)
}

/** Used up by whoever asks first. Another browser's question leaves it alone. */
export async function takeAttempt(
  db: Db,
  it: { stateDigest: Buffer; browserDigest: Buffer; at: Date },
): Promise<Attempt | undefined> {
  return findOne(
    db,
    sql<Attempt>`delete from sso_attempts where state_digest = ${it.stateDigest}
      and browser_digest = ${it.browserDigest} and expires_at > ${it.at}
      returning workspace_id, provider_id, sealed_checks`,
  )
}
