/**
 * Small changes that many ask for at the same moment, in one transaction per workspace. A commit that tells something
 * (NOTIFY) waits for the one before it, through its fsync: one by one they would come to some 250 a second.
 *
 * In:  what one request wants, who asks, and what stands beside it (its Idempotency-Key, its row of the audit log).
 * Out: its own answer or refusal, after the commit. What comes while one batch is being saved is the next batch.
 *
 * One that fails does not fail its neighbours: refusals are answered one by one, and a batch that the database refuses is
 * done again in pieces of one. Order is kept. Two that must not meet in one batch (`keyOf`) come one after the other.
 */
import { type Db, inWorkspace, type Tx } from '../base/db.ts'
import { isBadInput, isCollision } from '../base/db-errors.ts'
import { failpoint } from '../base/failpoint.ts'
import { Refusal } from '../base/refusal.ts'
import type { MasterKey } from '../base/secret.ts'
import type { Agent } from './agent.ts'
import { appendAudits } from './audit.sql.ts'
import type { Beside, Tell } from './mount.ts'
import { claimWishes, grantWishes, nameOf, releaseWishes } from './wish.sql.ts'

export type Asked<Item> = Beside & { item: Item; agent: Agent }
export type Done<Out> = { answer: Out; about: Parameters<Tell>[0] }
/** One result per item, in their order. Nothing here is narrowed to anybody's teams: it is several people's work. */
export type Joint<Item, Out> = (
  tx: Tx,
  asked: readonly Asked<Item>[],
) => Promise<readonly (Done<Out> | Refusal)[]>
type Tools = { db: Db; master: MasterKey }

const mostTogether = 100
const mostTries = 3

type Waiting<Item, Out> = Asked<Item> & { done: PromiseWithResolvers<Out> }
/** An answer, or what to throw: a refusal, or the answer to the same key before. */
type Settled<Out> = { answer: Out } | { error: Error }

export function makeTogether<Item, Out>(
  tools: Tools,
  work: Joint<Item, Out>,
  keyOf: (item: Item) => string,
): (asked: Asked<Item>) => Promise<Out> {
  const lines = new Map<string, Waiting<Item, Out>[]>()

  async function serve(workspaceId: string, line: Waiting<Item, Out>[]): Promise<void> {
    // Those that came in the same breath come along.
    await new Promise(setImmediate)
    while (line.length > 0) {
      const batch = takeBatch(line, keyOf)
      try {
        await saveOrSplit(workspaceId, batch)
      } catch (error) {
        for (const it of batch) it.done.reject(error)
      }
    }
    lines.delete(workspaceId)
  }

  async function saveOrSplit(workspaceId: string, batch: Waiting<Item, Out>[]): Promise<void> {
    try {
      settle(batch, await untilNoCollision(() => save(workspaceId, batch)))
    } catch (error) {
      if (batch.length === 1 || !isBadInput(error)) throw error
      for (const one of batch) await saveOrSplit(workspaceId, [one]).catch((why) => one.done.reject(why))
    }
  }

  function save(workspaceId: string, batch: Waiting<Item, Out>[]): Promise<Settled<Out>[]> {
    return inWorkspace(tools.db, workspaceId, async (tx) => {
      const wishes = batch.flatMap(({ wish }) => wish ?? [])
      const told = await claimWishes(tx, wishes, tools)
      const fresh = batch.filter(({ wish }) => !wish || !told.has(wish))
      const results = new Map(
        zip(fresh, fresh.length > 0 ? await work(tx, fresh) : []).map(([it, result]) => [it, result]),
      )
      const done = zip([...results.keys()], [...results.values()]).flatMap(([it, result]) =>
        result instanceof Refusal ? [] : [{ it, result }],
      )
      await appendAudits(
        tx,
        done.flatMap(({ it, result }) => it.entryOf(result.about) ?? []),
      )
      await grantWishes(
        tx,
        done.flatMap(({ it, result }) => (it.wish ? [{ wish: it.wish, answer: result.answer }] : [])),
        tools,
      )
      const refused = fresh.filter((it) => results.get(it) instanceof Refusal)
      await releaseWishes(
        tx,
        refused.flatMap(({ wish }) => wish ?? []),
      )
      failpoint('before_commit')
      return batch.map((it) => {
        const result = results.get(it) ?? told.get(it.wish!)!
        return result instanceof Error ? { error: result } : { answer: result.answer }
      })
    })
  }

  return (asked) => {
    const done = Promise.withResolvers<Out>()
    const { workspaceId } = asked.agent
    const line = lines.get(workspaceId)
    if (line) line.push({ ...asked, done })
    else {
      const begun = [{ ...asked, done }]
      lines.set(workspaceId, begun)
      void serve(workspaceId, begun)
    }
    return done.promise
  }
}

function settle<Item, Out>(batch: Waiting<Item, Out>[], settled: Settled<Out>[]): void {
  failpoint('after_commit')
  for (const [{ done }, it] of zip(batch, settled)) {
    if ('error' in it) done.reject(it.error)
    else done.resolve(it.answer)
  }
}

/** In their order; the same key or the same wish a second time stays for the next batch. */
function takeBatch<Item, Out>(line: Waiting<Item, Out>[], keyOf: (item: Item) => string) {
  const seen = new Set<string>()
  const batch: Waiting<Item, Out>[] = []
  const rest: Waiting<Item, Out>[] = []
  for (const it of line.splice(0)) {
    const names = [`item ${keyOf(it.item)}`, ...(it.wish ? [`wish ${nameOf(it.wish)}`] : [])]
    const waits = batch.length === mostTogether || names.some((name) => seen.has(name))
    for (const name of names) seen.add(name)
    ;(waits ? rest : batch).push(it)
  }
  line.push(...rest)
  return batch
}

async function untilNoCollision<T>(save: () => Promise<T>): Promise<T> {
  for (let left = mostTries; ; left--) {
    try {
      return await save()
    } catch (error) {
      if (left === 1 || !isCollision(error)) throw error
    }
  }
}

const zip = <A, B>(as: readonly A[], bs: readonly B[]): [A, B][] => as.map((a, n) => [a, bs[n]!])
