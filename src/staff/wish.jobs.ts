/** Idempotency keys are remembered for a day: whoever tries again later than that asks anew. */
import { type Db, inWorkspace } from '../base/db.ts'
import { inEveryWorkspace } from '../base/every-workspace.ts'
import { listWorkspaces } from '../base/workspaces.sql.ts'
import { forgetWishes } from './wish.sql.ts'

const dayMs = 24 * 60 * 60 * 1000

export async function forgetOldWishes({ db, now }: { db: Db; now: () => Date }): Promise<void> {
  const before = new Date(now().getTime() - dayMs)
  await inEveryWorkspace(await listWorkspaces(db), (workspaceId) =>
    inWorkspace(db, workspaceId, (tx) => forgetWishes(tx, before)),
  )
}
