/**
 * Sealing: what was logged is linked into its workspace's chain within a second of its commit.
 *
 * Rows append freely, for a lock held until commit would let one change at a time through. A round comes every quarter
 * of a second instead of by NOTIFY, whose commits wait for each other in all of the database. Several processes may
 * run this; a workspace is sealed by one at a time. Killed anywhere, the next round goes on.
 */
import { randomBytes } from 'node:crypto'
import { type Db, inWorkspace } from '../base/db.ts'
import { FailedSomewhere, inEveryWorkspace } from '../base/every-workspace.ts'
import { sealRows, unverified, type Verified, verifyOn } from './audit-chain.ts'
import {
  claimSealing,
  findChained,
  findHead,
  findLate,
  findUnsealed,
  findWorkspacesToSeal,
  saveSeals,
} from './audit-seal.sql.ts'

const roundMs = 250
const againMs = 1_000
const mostPerRound = 1_000
const perPage = 2_000
const lateMs = 5_000

export type Sealing = { stop(): Promise<void> }

export function startSealing({
  db,
  onError,
}: {
  db: Db
  onError: (error: Error, what: string) => void
}): Sealing {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let isInTrouble = false
  let round: Promise<void> = Promise.resolve()

  const wait = (ms: number) => {
    if (isStopped) return
    timer = setTimeout(() => {
      round = begin()
    }, ms)
  }
  async function begin(): Promise<void> {
    try {
      const isMore = await sealAll(db)
      isInTrouble = false
      wait(isMore ? 0 : roundMs)
    } catch (error) {
      // What goes on failing is told once; then what waits is sealed as soon as that is possible.
      if (!isInTrouble) onError(error as Error, 'sealing the audit log')
      isInTrouble = true
      // Where it failed in one workspace the others go on at their pace.
      wait(error instanceof FailedSomewhere ? roundMs : againMs)
    }
  }
  wait(0)

  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await round
    },
  }
}

/** One round through all workspaces. True when there was more than one round takes; throws when the others are done. */
export async function sealAll(db: Db): Promise<boolean> {
  let isMore = false
  await inEveryWorkspace(await findWorkspacesToSeal(db), async (workspaceId) => {
    const sealed = await sealWorkspace(db, workspaceId)
    isMore ||= sealed === mostPerRound
  })
  return isMore
}

/** How many rows got their seal. None when another process is at it. */
export async function sealWorkspace(db: Db, workspaceId: string): Promise<number> {
  return inWorkspace(db, workspaceId, async (tx) => {
    if (!(await claimSealing(tx))) return 0
    const rows = await findUnsealed(tx, mostPerRound)
    if (rows.length === 0) return 0
    await saveSeals(
      tx,
      sealRows(await findHead(tx), rows, () => randomBytes(32)),
    )
    return rows.length
  })
}

export type Verdict = Verified & { late: { count: number; oldest: Date | null } }

/** From the first row to the last, a page at a time; each page is a transaction of its own. */
export async function verifyWorkspace(db: Db, workspaceId: string, now: Date): Promise<Verdict> {
  let verified: Verified = unverified
  for (;;) {
    const after = verified.head.seq
    const page = await inWorkspace(db, workspaceId, (tx) => findChained(tx, after, perPage))
    verified = verifyOn(verified, page)
    if (verified.broken || page.length < perPage) break
  }
  const late = await inWorkspace(db, workspaceId, (tx) => findLate(tx, new Date(now.getTime() - lateMs)))
  return { ...verified, late }
}
