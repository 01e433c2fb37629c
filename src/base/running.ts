/** From the first step to the last: starts, waits for the end, and stops what was started in reverse order. */
import { readFileSync } from 'node:fs'
import { CannotStart } from './cannot-start.ts'
import { say } from './terminal.ts'

type Step = () => Promise<unknown>
type Tools = {
  /** Remembered for the end. Throws when the end came while this step was being taken. */
  onStop(step: Step): Promise<void>
  /** While stopping, what breaks off is no news. */
  isStopping(): boolean
  /** The end, from within: with a sentence it counts as a failure. */
  stop(sentence?: string): void
}
class Ended extends Error {}

const patienceMs = 9_000

export async function runUntilStopped(start: (tools: Tools) => Promise<void>): Promise<void> {
  const steps: Step[] = []
  const ending = Promise.withResolvers<void>()
  let isEnding = false
  let failed = false

  function stop(sentence?: string): void {
    if (sentence) {
      failed = true
      console.error(sentence)
    }
    if (!isEnding && !sentence) say('Stopping.')
    isEnding = true
    ending.resolve()
  }
  // Ctrl-C reaches us once from the terminal and once from npm: any number of signals is one wish.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop())
  if (!isHangupIgnored()) process.on('SIGHUP', () => stop())
  process.on('uncaughtException', (error) => stop(`Something broke, so Evenhand stops: ${error.stack}`))

  try {
    await start({
      async onStop(step) {
        steps.push(step)
        if (isEnding) throw new Ended()
      },
      isStopping: () => isEnding,
      stop,
    })
    await ending.promise
  } catch (error) {
    if (!(error instanceof Ended)) stop(error instanceof CannotStart ? error.message : (error as Error).stack)
  }
  await Promise.race([stopAll(steps), new Promise((resolve) => setTimeout(resolve, patienceMs))])
  process.exit(failed ? 1 : 0)
}

async function stopAll(steps: Step[]): Promise<void> {
  for (const step of steps.toReversed()) {
    // One that cannot be stopped must not keep the others running.
    await step().catch((error) => console.error(`While stopping: ${error.message}`))
  }
}

/** Under `nohup` the house goes on when the terminal is closed; listening to the signal would undo that. */
function isHangupIgnored(): boolean {
  try {
    const [, mask = '0'] = readFileSync('/proc/self/status', 'utf8').match(/^SigIgn:\s*([\da-f]+)/m) ?? []
    return (BigInt(`0x${mask}`) & 1n) === 1n
  } catch {
    return false
  }
}
