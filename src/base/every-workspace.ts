/**
 * A round through workspaces: one that fails does not stop those behind it.
 *
 * In:  which workspaces, and the work in one of them.
 * Out: nothing when all went well; else an error that names each workspace in which it did not, thrown when the others
 *      are done. A database that is away ends the round at once: it would be the same everywhere.
 */
import { isAway } from './db-errors.ts'

export class FailedSomewhere extends Error {
  readonly failures: readonly { workspaceId: string; error: unknown }[]
  constructor(failures: readonly { workspaceId: string; error: unknown }[]) {
    super(failures.map((it) => `workspace ${it.workspaceId}: ${wordsOf(it.error)}`).join('; '))
    this.name = 'FailedSomewhere'
    this.failures = failures
    // Where it broke is of use, not where it was gathered.
    const [first] = failures
    if (first?.error instanceof Error && first.error.stack) this.stack = first.error.stack
  }
}

export async function inEveryWorkspace(
  workspaceIds: readonly string[],
  work: (workspaceId: string) => Promise<unknown>,
): Promise<void> {
  const failures: { workspaceId: string; error: unknown }[] = []
  for (const workspaceId of workspaceIds) {
    try {
      await work(workspaceId)
    } catch (error) {
      if (isAway(error)) throw error
      failures.push({ workspaceId, error })
    }
  }
  if (failures.length > 0) throw new FailedSomewhere(failures)
}

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
