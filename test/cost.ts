/** Whether work grows with its input or with the square of it: told from one run, by the thread's own clock. */

/** Four times the input costs four times as much, a square of it sixteen times. */
const generous = 10
/** Below this, one pause of the garbage collector decides. */
const floorMs = 30

/** By how many milliseconds four times `n` costs more than in proportion; nothing to speak of when not above 0. */
export function excessOf(work: (n: number) => void, n: number): number {
  const few = cheapestOf(() => work(n))
  const many = cheapestOf(() => work(4 * n))
  return many - generous * few - floorMs
}

function cheapestOf(work: () => void): number {
  return Math.min(...[1, 2].map(() => costOf(work)))
}

function costOf(work: () => void): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}
