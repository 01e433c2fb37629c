/** Starts the program again and again, and lets no life of it end well. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Failpoint } from '../../src/base/failpoint.ts'
import type { Program } from '../../test/rig/program.ts'
import { oneOf } from './truth.ts'

const points: Failpoint[] = [
  'after_recv', 'after_insert', 'before_commit', 'after_commit',
  'before_send', 'after_send_before_mark', 'after_mark',
] // biome-ignore format: a list to read
const patienceMs = 12_000
const recoveryMs = 30_000

export type Death = { how: 'random' | 'starting' | Failpoint; afterMs: number }

export async function killAgainAndAgain(tools: {
  kills: number
  chance: () => number
  start(failpoint: string | null): Program
  /** The first life is already running. */
  running: Program
  /** Kills the database under it, which is started again by its keeper. */
  killPostgres(): void
  onDeath(deaths: Death[]): void
  onRecovery(afterMs: number): void
}): Promise<Death[]> {
  const { kills, chance, start, onDeath, killPostgres, onRecovery } = tools
  const deaths: Death[] = []
  let program = tools.running
  let wanted: { point: Failpoint; pass: number } | null = null

  while (deaths.length < kills) {
    const bornAt = Date.now()
    const how: Death['how'] = wanted ? await dieAt(wanted.point) : await dieAnyTime()
    deaths.push({ how, afterMs: Date.now() - bornAt })
    onDeath(deaths)
    // Every point gets its turn; chance takes the other half of the lives.
    const isPointsTurn = deaths.length % 2 === 1 && deaths.length < kills
    const point = points[Math.floor(deaths.length / 2) % points.length]!
    wanted = isPointsTurn ? { point, pass: oneOf(chance, [1, 1, 2, 3]) } : null
    program = start(wanted && `${wanted.point}:${wanted.pass}`)
  }
  // The last life begins without a wish, and is left in peace.
  return deaths

  async function dieAt(point: Failpoint): Promise<Death['how']> {
    await program.isUp()
    await Promise.race([program.exited, sleep(patienceMs)])
    if (program.child.signalCode === 'SIGKILL') return point
    if (program.child.exitCode !== null) throw new Error(`the program ended by itself: ${program.said()}`)
    await program.kill()
    return 'random'
  }

  async function dieAnyTime(): Promise<Death['how']> {
    const losesDatabase = deaths.length % 10 === 2
    const isStarting = !losesDatabase && chance() < 0.2
    if (isStarting) {
      await sleep(100 + chance() * 1_500)
      await program.kill()
      return 'starting'
    }
    if (!(await program.isUp())) throw new Error(`the program ended by itself: ${program.said()}`)
    await sleep(300 + chance() * 3_500)
    if (losesDatabase) await recover()
    await program.kill()
    return 'random'
  }

  /** The database dies and the program has to come back by itself, with nobody's help. */
  async function recover(): Promise<void> {
    const diedAt = Date.now()
    killPostgres()
    // Readiness is remembered for a moment: an answer within it may still be of the time before.
    await sleep(500)
    while (!(await isReady())) {
      if (program.child.exitCode !== null)
        throw new Error(`the program ended with its database: ${program.said()}`)
      if (Date.now() - diedAt > recoveryMs)
        throw new Error(`not ready ${recoveryMs / 1000} s after its database died`)
      await sleep(100)
    }
    onRecovery(Date.now() - diedAt)
    await sleep(1_000 + chance() * 2_000)
  }

  function isReady(): Promise<boolean> {
    return fetch(`${program.url}/readyz`, { signal: AbortSignal.timeout(5_000) }).then(
      (it) => it.ok,
      () => false,
    )
  }
}
