/**
 * Exports and imports behind a screen's back. The files are in the data folder for a day, under ids that nobody chose.
 *
 * In:  a carry, asked for by somebody who may.
 * Out: its file or its rows, with progress told on the way; what went wrong, in a sentence.
 */
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Now } from '../base/clock.ts'
import { type Db, inWorkspace } from '../base/db.ts'
import { inEveryWorkspace } from '../base/every-workspace.ts'
import { listWorkspaces } from '../base/workspaces.sql.ts'
import { badWords } from './bad-words.ts'
import { type Carry, failStopped, findCarry, forgetExamples, saveOutcome, saveProgress } from './carry.sql.ts'
import { exportWorkspace } from './export.jobs.ts'
import { carryIn, readForeign, reportOf } from './foreign.jobs.ts'
import type { ForeignKind } from './foreign-file.ts'
import { BadArchive } from './zip-in.ts'

export type CarryTools = { db: Db; now: Now; folder: string }
export type CarryJob = { workspaceId: string; carryId: string }

const keptMs = 24 * 3_600_000
const tellEveryMs = 500

const home = (folder: string) => join(folder, 'carried')
export const carriedFile = (
  { folder }: { folder: string },
  it: Pick<Carry, 'carryId' | 'direction'>,
): string => join(home(folder), `${it.carryId}.${it.direction === 'out' ? 'zip' : 'upload'}`)

export async function isHere(tools: { folder: string }, it: Carry): Promise<boolean> {
  return stat(carriedFile(tools, it)).then(
    () => true,
    () => false,
  )
}

export async function keepUpload(tools: { folder: string }, carryId: string, bytes: Buffer): Promise<void> {
  await mkdir(home(tools.folder), { recursive: true, mode: 0o700 })
  await writeFile(carriedFile(tools, { carryId, direction: 'in' }), bytes, { mode: 0o600 })
}

export async function runExport(tools: CarryTools, job: CarryJob, isLastTry = true): Promise<void> {
  await withCarry(tools, job, isLastTry, async (it) => {
    if (it.state !== 'running') return
    const file = carriedFile(tools, it)
    await mkdir(home(tools.folder), { recursive: true, mode: 0o700 })
    // What a killed try of the same left behind.
    await rm(file, { force: true })
    const { bytes } = await exportWorkspace(
      { ...tools, tellProgress: progressOf(tools, job) },
      { workspaceId: job.workspaceId, agentId: it.byAgentId, file },
    )
    await save(tools, job, { state: 'done', bytes })
  })
}

export async function readUpload(tools: CarryTools, job: CarryJob, isLastTry = true): Promise<void> {
  await withCarry(tools, job, isLastTry, async (it) => {
    if (it.state !== 'reading') return
    const read = await readForeign(it.kind as ForeignKind, carriedFile(tools, it))
    await save(tools, job, { state: 'read', report: await reportOf(tools.db, job.workspaceId, read) })
  })
}

export async function runImport(tools: CarryTools, job: CarryJob, isLastTry = true): Promise<void> {
  await withCarry(tools, job, isLastTry, async (it) => {
    if (it.state !== 'running') return
    const read = await readForeign(it.kind as ForeignKind, carriedFile(tools, it))
    const by = {
      workspaceId: job.workspaceId,
      agentId: it.byAgentId,
      fileName: it.fileName,
      digest: it.digest!,
      at: tools.now(),
      from: it.kind,
    }
    await carryIn(tools.db, read, by, progressOf(tools, job))
    await save(tools, job, { state: 'done' })
  })
}

/** What the giver of a file can do something about is said to them; anything else is tried again, and is ours. */
async function withCarry(
  tools: CarryTools,
  job: CarryJob,
  isLastTry: boolean,
  work: (it: Carry) => Promise<void>,
): Promise<void> {
  const it = await inWorkspace(tools.db, job.workspaceId, (tx) => findCarry(tx, job.carryId))
  if (!it) return
  try {
    await work(it)
  } catch (error) {
    const isGone = (error as { code?: string }).code === 'ENOENT'
    const isTheirs = error instanceof BadArchive || isGone
    if (!isTheirs && !isLastTry) throw error
    const problem =
      error instanceof BadArchive
        ? badWords(error)
        : isGone
          ? 'The file is not here any more: give it again.'
          : 'Something broke on our side. Try again; the log has more.'
    await save(tools, job, { state: 'failed', problem })
    if (!isTheirs) throw error
  }
}

const save = (tools: CarryTools, job: CarryJob, outcome: Omit<Parameters<typeof saveOutcome>[2], 'at'>) =>
  inWorkspace(tools.db, job.workspaceId, (tx) =>
    saveOutcome(tx, job.carryId, { ...outcome, at: tools.now() }),
  )

function progressOf(tools: CarryTools, job: CarryJob) {
  let told = 0
  return async (done: number, total: number) => {
    if (tools.now().getTime() - told < tellEveryMs) return
    told = tools.now().getTime()
    await inWorkspace(tools.db, job.workspaceId, (tx) => saveProgress(tx, job.carryId, done, total))
  }
}

/** Whose job is no more, because it died on its last try or its database was turned back: they are told, not kept waiting. */
export async function mendCarries(tools: CarryTools): Promise<void> {
  await inEveryWorkspace(await listWorkspaces(tools.db), (workspaceId) =>
    inWorkspace(tools.db, workspaceId, (tx) => failStopped(tx, tools.now())),
  )
}

export async function forgetCarried(tools: CarryTools): Promise<void> {
  const before = new Date(tools.now().getTime() - keptMs)
  for (const name of await readdir(home(tools.folder)).catch(() => [])) {
    const file = join(home(tools.folder), name)
    const { mtime } = await stat(file)
    if (mtime < before) await rm(file, { force: true })
  }
  await inEveryWorkspace(await listWorkspaces(tools.db), (workspaceId) =>
    inWorkspace(tools.db, workspaceId, (tx) => forgetExamples(tx, before)),
  )
}
