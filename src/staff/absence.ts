/**
 * Being out of office: from one time to another, with a note for colleagues.
 *
 * In:  who would be away and when, and who says so.
 * Out: null, or why not.
 */
import type { RefusalCode } from '../base/refusal.ts'
import type { Agent } from './agent.ts'

export type AbsenceWish = { agentId: string; startsAt: Date; endsAt: Date; deputyId: string | null }
type By = Pick<Agent, 'agentId' | 'may'>

const longestMs = 2 * 366 * 86_400_000

export function whyNotAbsent(wish: AbsenceWish, by: By, at: Date): RefusalCode | null {
  const { agentId, startsAt, endsAt, deputyId } = wish
  if (whyNotSpeakFor(agentId, by)) return 'not-allowed'
  const length = endsAt.getTime() - startsAt.getTime()
  if (length <= 0 || length > longestMs || endsAt <= at || deputyId === agentId) return 'bad-input'
  return null
}

export function whyNotSpeakFor(agentId: string, by: By): RefusalCode | null {
  return agentId === by.agentId || by.may.includes('absences.others') ? null : 'not-allowed'
}
