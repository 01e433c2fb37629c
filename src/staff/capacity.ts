/**
 * Whether a case may be given to someone.
 *
 * In:  the one who would get it as they are now, and the one who gives (the same, when they take it).
 * Out: null, or why not. Asked by the server, which holds the row meanwhile, and by the screen to say it before.
 */
import type { RefusalCode } from '../base/refusal.ts'
import type { Agent } from './agent.ts'
import { type Where, whyNotThere } from './permissions.ts'

export type Worker = {
  agentId: string
  may: readonly string[]
  teamIds: readonly string[] | null
  /** Or came with an import and has not arrived: nobody would see the case. */
  isSuspended: boolean
  /** By their own choice, or out of office. */
  isAway: boolean
  /** Open cases at most; null is no bound. */
  capacity: number | null
  openCases: number
}

export const isFull = ({ capacity, openCases }: Pick<Worker, 'capacity' | 'openCases'>): boolean =>
  capacity !== null && openCases >= capacity

/** Who may give to others may also go beyond a bound, knowingly. */
export function whyNotGive(to: Worker, by: Pick<Agent, 'agentId' | 'may'>, where: Where): RefusalCode | null {
  const mayGive = by.may.includes('cases.assign')
  if (to.agentId !== by.agentId) {
    if (!mayGive) return 'not-allowed'
    if (to.isSuspended) return 'agent-suspended'
    if (!to.may.includes('cases.work')) return 'agent-does-not-answer'
    if (whyNotThere(to, where)) return 'agent-not-in-team'
    if (to.isAway) return 'agent-away'
  }
  return isFull(to) && !mayGive ? 'at-capacity' : null
}
