/**
 * Whether an agent looks at people in an unusual way (0-25). It is told to admins and never blocks anybody's work.
 *
 * In:  what they looked at in the last hour and week, and how many it usually is in an hour in which they look at all:
 *      their own hours, and while they are new those of the team.
 * Out: what is unusual about it, with the numbers that say so. People of their own cases do not count anywhere.
 */
export type Recently = {
  /** People whose case they opened within the hour. */
  people: number
  /** Searches by name within the hour. */
  searches: number
  /** People they came back to within the week, and in how many different hours. */
  again: readonly { authorId: string; hours: number }[]
}
/** A number per hour in which there was any. */
export type Hours = { own: readonly number[]; team: readonly number[] }
export type Habits = { people: Hours; searches: Hours }
export type Unusual = {
  kind: 'many-people' | 'many-searches' | 'one-person'
  authorId: string | null
  found: number
  usual: number
}

const alwaysFine = { people: 30, searches: 10, hoursAtOnePerson: 4 }
const timesUsual = 4
/** Fewer hours than this are no habit yet. */
const hoursOfHabit = 10

/** Below this no history can make it unusual, so none needs to be read. */
export const isWorthAsking = (it: Recently): boolean =>
  it.people > alwaysFine.people ||
  it.searches > alwaysFine.searches ||
  it.again.some((one) => one.hours > alwaysFine.hoursAtOnePerson)

export function findUnusual(it: Recently, habits: Habits): Unusual[] {
  const found: Unusual[] = []
  const people = usualOf(habits.people)
  const searches = usualOf(habits.searches)
  if (it.people > Math.max(alwaysFine.people, timesUsual * people))
    found.push({ kind: 'many-people', authorId: null, found: it.people, usual: Math.round(people) })
  if (it.searches > Math.max(alwaysFine.searches, timesUsual * searches))
    found.push({ kind: 'many-searches', authorId: null, found: it.searches, usual: Math.round(searches) })
  for (const { authorId, hours } of it.again)
    if (hours > alwaysFine.hoursAtOnePerson)
      found.push({ kind: 'one-person', authorId, found: hours, usual: alwaysFine.hoursAtOnePerson })
  return found
}

function usualOf({ own, team }: Hours): number {
  if (own.length >= hoursOfHabit) return medianOf(own)
  return team.length >= hoursOfHabit ? medianOf(team) : 0
}

function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
