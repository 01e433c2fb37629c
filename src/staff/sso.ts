/**
 * Who comes in by single sign-on.
 *
 * In:  what a provider says of somebody (already verified: signature, issuer, audience, nonce), and whom we know here;
 *      or who would set a provider.
 * Out: whom to let in and how, or why not. A provider speaks only for addresses of its own domains, and only those that
 *      it has verified; whom it once named by subject stays that person when the address moves on. Because it may let in
 *      everybody of its domains, admins among them, only who could make an admin sets one.
 */
import type { RefusalCode } from '../base/refusal.ts'
import type { Agent } from './agent.ts'
import { whyNotGive } from './colleague.ts'
import { type BuiltInRole, mayOf } from './permissions.ts'

export type Claims = { subject: string; email: string | null; isVerified: boolean; name: string | null }
export type Known = {
  /** By the provider's subject; `isHere` while they work here. */
  identity: { userId: string; isHere: boolean } | null
  /** By the address: someone who works here, suspended or not. */
  agent: { userId: string; isSuspended: boolean } | null
  /** By the address: someone who came with an imported workspace and was not here since. */
  imported: { agentId: string; isSuspended: boolean } | null
  /** Open, for exactly this address. */
  invitation: { invitationId: string } | null
}
export type Rules = { domains: readonly string[]; newcomerRole: BuiltInRole | null }

export type Welcome =
  | { as: 'known'; userId: string }
  | { as: 'agent'; userId: string }
  | { as: 'invited'; invitationId: string; email: string }
  | { as: 'imported'; agentId: string; email: string }
  | { as: 'newcomer'; role: BuiltInRole; email: string }
  | { as: 'nobody'; why: RefusalCode }

export function welcome(claims: Claims, known: Known, rules: Rules): Welcome {
  const { identity } = known
  if (identity) return identity.isHere ? { as: 'known', userId: identity.userId } : nobody('sso-not-invited')
  const { email } = claims
  if (!email || !claims.isVerified) return nobody('sso-unverified')
  if (!rules.domains.includes(domainOf(email))) return nobody('sso-other-domain')
  if (known.agent?.isSuspended) return nobody('sso-not-invited')
  if (known.agent) return { as: 'agent', userId: known.agent.userId }
  if (known.invitation) return { as: 'invited', invitationId: known.invitation.invitationId, email }
  if (known.imported?.isSuspended) return nobody('sso-not-invited')
  if (known.imported) return { as: 'imported', agentId: known.imported.agentId, email }
  if (rules.newcomerRole) return { as: 'newcomer', role: rules.newcomerRole, email }
  return nobody('sso-not-invited')
}

/** A provider speaks for every address of its domains: setting one is giving all that anybody here may have. */
export function whyNotTrust(by: Pick<Agent, 'may' | 'teamIds'>): RefusalCode | null {
  return whyNotGive(by, { may: mayOf('admin'), sees: 'workspace', teamIds: [] })
}

/** The secret that it keeps is for the issuer it was entered for. */
export function whyNotKeepSecret(was: { issuer: string }, next: { issuer: string }): RefusalCode | null {
  return was.issuer === next.issuer ? null : 'sso-secret-needed'
}

const nobody = (why: RefusalCode): Welcome => ({ as: 'nobody', why })

/** What stands behind the last @, as `"admin@brand.example"@elsewhere.example` is of elsewhere. */
export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1).toLowerCase()
}
