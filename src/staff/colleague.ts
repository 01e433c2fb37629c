/**
 * What one colleague may do about another: give a role, widen what they see, suspend them.
 *
 * In:  who does it, what it is about, and how many admins there are.
 * Out: null, or the code of the reason why not. Nobody gives, takes or changes more than they have themselves.
 *
 * Imported by the screen: no clock, no database.
 */
import type { RefusalCode } from '../base/refusal.ts'
import type { Agent } from './agent.ts'
import type { Permission } from './permissions.ts'

export type Standing = {
  may: readonly Permission[]
  sees: 'workspace' | 'teams'
  teamIds: readonly string[]
}
type Asking = Pick<Agent, 'may' | 'teamIds'>

/** A role, and whose cases it is for. */
export function whyNotGive(by: Asking, given: Standing): RefusalCode | null {
  if (!isWithin(by.may, given.may)) return 'beyond-yours'
  if (by.teamIds === null) return null
  if (given.sees === 'workspace') return 'beyond-yours'
  return isWithin(by.teamIds, given.teamIds) ? null : 'beyond-yours'
}

/** Whoever has more than I have is not mine to change. */
export function whyNotTouch(by: Asking, whose: Standing): RefusalCode | null {
  if (!isWithin(by.may, whose.may)) return 'beyond-yours'
  if (by.teamIds === null) return null
  return whose.sees === 'teams' && isWithin(by.teamIds, whose.teamIds) ? null : 'beyond-yours'
}

type Whom = { isSelf: boolean; isAdmin: boolean; adminsLeft: number }

export function whyNotSuspend({ isSelf, isAdmin, adminsLeft }: Whom): RefusalCode | null {
  if (isAdmin && adminsLeft <= 1) return 'last-admin'
  return isSelf ? 'not-yourself' : null
}

export function whyNotDemote({ isAdmin, adminsLeft }: Omit<Whom, 'isSelf'>): RefusalCode | null {
  return isAdmin && adminsLeft <= 1 ? 'last-admin' : null
}

/** Who came with an import is nobody who could act until they arrive. */
export const isAdminHere = (it: { role: string; suspendedAt: Date | null; userId: string }): boolean =>
  it.role === 'admin' && it.suspendedAt === null && !it.userId.startsWith('imported:')

const isWithin = <T>(all: readonly T[], some: readonly T[]) => some.every((it) => all.includes(it))
