/**
 * Rounds over what waits for webhooks: a bound on it, and forgetting the log.
 *
 * In:  every destination, now and then. A flood between two rounds passes the bound by as much as comes meanwhile.
 * Out: destinations that overflow say so since when; what happens from then on is put among the dead letters by the
 *      trigger that writes it. What waits is never deleted: it becomes a dead letter first, for another month.
 */
import { type Db, inWorkspace } from './db.ts'
import { inEveryWorkspace } from './every-workspace.ts'
import { isOverflowing, mostWaiting } from './webhook-attempt.ts'
import { buryDeliveries, findBacklogs, forgetDeliveries, saveOverflowing } from './webhook-backlog.sql.ts'
import { listWorkspaces } from './workspaces.sql.ts'

const keptDays = 30
const most = 10_000

export async function boundBacklogs({ db }: { db: Db }): Promise<void> {
  await inEveryWorkspace(await listWorkspaces(db), (workspaceId) =>
    inWorkspace(db, workspaceId, async (tx) => {
      for (const it of await findBacklogs(tx, mostWaiting)) {
        const is = isOverflowing(it)
        if (is !== it.isOverflowing) await saveOverflowing(tx, it.destinationId, is)
      }
    }),
  )
}

/** The log is kept for a month. */
export async function forgetOldDeliveries({ db }: { db: Db }): Promise<void> {
  await inEveryWorkspace(await listWorkspaces(db), async (workspaceId) => {
    const places = await inWorkspace(db, workspaceId, (tx) => findBacklogs(tx, 1))
    for (const { destinationId } of places) {
      const old = { destinationId, days: keptDays, most }
      await untilFew(() => inWorkspace(db, workspaceId, (tx) => buryDeliveries(tx, old)))
      await untilFew(() => inWorkspace(db, workspaceId, (tx) => forgetDeliveries(tx, old)))
    }
  })
}

/** Many are not written in one transaction: its locks would last. */
async function untilFew(some: () => Promise<number>): Promise<void> {
  while ((await some()) === most);
}
