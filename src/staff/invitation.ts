/**
 * An invitation: who may come in as what, for a week, once.
 *
 * In:  the invitation as it is kept, who made it as they are now, and who opens its link.
 * Out: null, or the code of the reason why not. Whatever makes it worthless reads the same: a link tells a stranger
 *      nothing of what became of it.
 */
import type { RefusalCode } from '../base/refusal.ts'
import type { Agent } from './agent.ts'
import { type Standing, whyNotGive } from './colleague.ts'

export const invitationLastsMs = 7 * 24 * 60 * 60 * 1000

type Kept = { email: string; expiresAt: Date; acceptedAt: Date | null; revokedAt: Date | null }

/** `by` is null when they were suspended; `standing` when the role is gone. */
export function whyNotOpen(
  it: Kept,
  by: Agent | null,
  standing: Standing | null,
  at: Date,
): RefusalCode | null {
  if (it.acceptedAt || it.revokedAt || it.expiresAt <= at) return 'invitation-void'
  // It gives what the inviter may give today, not what they might on the day they wrote it.
  if (!by?.may.includes('agents.change') || !standing) return 'invitation-void'
  return whyNotGive(by, standing) && 'invitation-void'
}

/** Only a letter that was opened proves a mailbox; a link that was handed over was seen by who handed it over. */
export const provesAddress = ({ mailState }: { mailState: string }): boolean => mailState !== 'none'

type Person = { email: string; onlyWorkspaceId: string | null }

/** `person` is who is signed in where the link was opened. */
export function whyNotAccept(it: { email: string; workspaceId: string }, person: Person): RefusalCode | null {
  // First: it must not learn by trying which address the person has elsewhere.
  const { onlyWorkspaceId } = person
  if (onlyWorkspaceId !== null && onlyWorkspaceId !== it.workspaceId) return 'only-this-workspace'
  return person.email.toLowerCase() === it.email ? null : 'invited-another'
}
