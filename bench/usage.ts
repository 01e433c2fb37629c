/** How much processor a process of the bench has used: it answers when it is asked. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export type Child<Up> = { child: ChildProcess; up: Up; micros(): Promise<number>; stop(): Promise<void> }

export function reportUsage(): void {
  process.on('message', (said) => {
    if (said !== 'usage') return
    const { user, system } = process.cpuUsage()
    process.send!({ kind: 'usage', micros: user + system })
  })
  process.once('disconnect', () => process.exit())
}

/** Resolves when it says that it is up. */
export async function startChild<Up>(file: string, given: object): Promise<Child<Up>> {
  const child = fork(join(import.meta.dirname, file), [JSON.stringify(given)])
  const failed = once(child, 'exit').then(() => {
    throw new Error(`${file} ended`)
  })
  failed.catch(() => {})
  const told = async <T>(kind: string): Promise<T> => {
    for (;;) {
      const [said] = (await Promise.race([once(child, 'message'), failed])) as [{ kind: string }]
      if (said.kind === kind) return said as T
    }
  }
  const up = await told<Up>('up')
  return {
    child,
    up,
    async micros() {
      const answer = told<{ micros: number }>('usage')
      child.send('usage')
      return (await answer).micros
    },
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}
