/** Watches over HTTP: every agent may say what to listen for. */
import { newId } from '../base/clock.ts'
import type { Tx } from '../base/db.ts'
import { Refusal, refuseIf } from '../base/refusal.ts'
import type { Mount } from '../staff/mount.ts'
import { changeWatch, countWatches, endWatch, findWatches, saveWatch, type WatchRecord } from './watch.sql.ts'
import { mostWatches, readTerms, whyNotWatch } from './watch.ts'
import { watchRoutes as contract } from './watch-contract.ts'

export function watchRoutes(mount: Mount): void {
  mount(contract.list, async ({ run }) => (await run(findWatches)).map(rowOf))

  mount(contract.add, async ({ body, agent, change, now }) =>
    change(async (tx, tell) => {
      const added = await addWatch(tx, { ...body, createdBy: agent.agentId, at: now() })
      tell({ onId: added.watchId })
      return rowOf(added)
    }),
  )

  mount(contract.change, async ({ params, body, change }) => {
    refuseIf(whyNotWatch(body.terms))
    return change(async (tx) => {
      const changed = await changeWatch(tx, params.id, body)
      if (!changed) throw new Refusal('not-found')
      return rowOf(changed)
    })
  })

  mount(contract.remove, async ({ params, change, now }) =>
    change(async (tx) => {
      if (!(await endWatch(tx, params.id, now()))) throw new Refusal('not-found')
      return { done: true as const }
    }),
  )
}

/** Also what the listen room is given, to begin with a watch. */
export async function addWatch(
  tx: Tx,
  watch: { name: string; terms: unknown; createdBy: string; at: Date },
): Promise<WatchRecord> {
  const terms = readTerms(watch.terms)
  refuseIf(whyNotWatch(terms))
  if ((await countWatches(tx)) >= mostWatches)
    throw new Refusal('bad-input', `no more than ${mostWatches} watches`)
  return saveWatch(tx, { ...watch, terms, watchId: newId(watch.at) })
}

const rowOf = ({ watchId, name, terms, createdAt }: WatchRecord) => ({
  watchId,
  name,
  terms,
  createdAt: createdAt.toISOString(),
})
