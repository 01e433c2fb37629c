/** A measured figure: the median of several runs with their spread, and whether it is good enough. */
export type Figure = {
  bench: string
  name: string
  value: number
  unit: string
  spread: [lowest: number, highest: number]
  against: { name: string; value: number } | null
  goal: number | null
  met: boolean | null
}

export function figureOf(given: {
  bench: string
  name: string
  unit: string
  runs: number[]
  goal?: { atMost: number } | { atLeast: number }
  /** A peer measured in the same run. */
  against?: { name: string; value: number }
}): Figure {
  const { bench, name, unit, runs, goal } = given
  const value = round(medianOf(runs))
  const spread: Figure['spread'] = [round(Math.min(...runs)), round(Math.max(...runs))]
  const wanted = goal && ('atMost' in goal ? goal.atMost : goal.atLeast)
  const met = goal ? ('atMost' in goal ? value <= goal.atMost : value >= goal.atLeast) : null
  const against = given.against ? { ...given.against, value: round(given.against.value) } : null
  return { bench, name, value, unit, spread, against, goal: wanted ?? null, met }
}

/** The smallest value that `share` of all stay at or below. */
export function percentileOf(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

export const medianOf = (values: number[]) => percentileOf(values, 0.5)
const round = (value: number) => Math.round(value * 10) / 10

export function inWords({ name, value, unit, spread, against, goal, met }: Figure): string {
  const judged = goal === null ? '' : `  goal ${goal} ${met ? 'met' : 'MISSED'}`
  const peer = against ? `  against ${against.value} ${against.name}` : ''
  return `${name.padEnd(52)} ${String(value).padStart(8)} ${unit}  (${spread[0]} to ${spread[1]})${judged}${peer}`
}
