/** Lets in whom a provider names: the core decides, this makes or finds the agent. Inside the provider's workspace. */
import { createHash } from 'node:crypto'
import { newId } from '../base/clock.ts'
import type { Tx } from '../base/db.ts'
import { Refusal } from '../base/refusal.ts'
import { appendAudit } from './audit.sql.ts'
import { addAgent, findOpen, take } from './invitation-joining.routes.ts'
import { adoptInto, findKnown, insertSsoUser, linkIdentity, type ProviderRow } from './sso.sql.ts'
import { type Claims, welcome } from './sso.ts'
import { findAgentOfUser } from './staff.sql.ts'

export async function letIn(
  tx: Tx,
  provider: ProviderRow,
  claims: Claims,
  at: Date,
): Promise<{ userId: string }> {
  const { providerId } = provider
  const { subject, email } = claims
  const known = await findKnown(tx, { providerId, subject, email, at })
  const decided = welcome(claims, known, provider)
  if (decided.as === 'nobody') throw new Refusal(decided.why)

  const userId =
    decided.as === 'known' || decided.as === 'agent'
      ? decided.userId
      : await join(tx, provider, claims, decided, at)
  if (decided.as !== 'known') await linkIdentity(tx, { providerId, subject, userId, at })
  const agentId = await findAgentOfUser(tx, userId)
  await appendAudit(tx, {
    act: 'session.begun',
    at,
    byAgentId: agentId,
    content: { by: 'single-sign-on', as: decided.as, providerId },
  })
  return { userId }
}

type Joining =
  | { as: 'invited'; invitationId: string; email: string }
  | { as: 'imported'; agentId: string; email: string }
  | { as: 'newcomer'; role: string; email: string }

async function join(
  tx: Tx,
  provider: ProviderRow,
  claims: Claims,
  joining: Joining,
  at: Date,
): Promise<string> {
  const { email } = joining
  const userId = newId(at)
  const name = claims.name ?? email.slice(0, email.lastIndexOf('@'))
  // The account is this provider's alone: what it claims of an address gives it nothing anywhere else.
  const mark = createHash('sha256').update(claims.subject).digest('hex').slice(0, 32)
  await insertSsoUser(tx, { userId, name, address: `${mark}@${provider.providerId}.sso.invalid`, at })
  if (joining.as === 'invited') {
    await take(tx, await findOpen(tx, joining.invitationId, at), { userId, name, at })
    return userId
  }
  if (joining.as === 'imported') {
    await adoptInto(tx, joining.agentId, userId)
    return userId
  }
  const newcomer = { agentId: newId(at), userId, name, email, role: provider.newcomerRole!, roleId: null, at }
  await addAgent(tx, { ...newcomer, sees: 'workspace' })
  return userId
}
