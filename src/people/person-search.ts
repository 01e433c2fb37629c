/**
 * Searching for a person by name takes a reason (0-25), and shows a bounded number of people.
 *
 * In:  what an agent typed, and how many they were shown already.
 * Out: why not, or null; how many more they may be shown.
 */
import type { RefusalCode } from '../base/refusal.ts'

export const mostFound = 100
export const peoplePerPage = 20
const fewestLetters = 5

/** Full stops are no reason. */
export function whyNotSearch({ reason }: { reason: string }): RefusalCode | null {
  const letters = reason.match(/[\p{L}\p{N}]/gu)?.length ?? 0
  return letters < fewestLetters ? 'reason-needed' : null
}

/** Of a handle, people copy the sign too. */
export const wantedName = (typed: string): string => typed.trim().replace(/^@/, '')
