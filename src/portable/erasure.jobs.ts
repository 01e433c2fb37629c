/**
 * What a network erased stays erased, whichever backup comes back (V-07, R-20).
 *
 * In:  the ledger in the database, and the file beside it that no restore of the database can turn back.
 * Out: `fileErasures` copies new lines of the one into the other; `replayErasures` erases again what came back.
 */
import { existsSync } from 'node:fs'
import { type FileHandle, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Now } from '../base/clock.ts'
import { type Db, inWorkspace, type Tx } from '../base/db.ts'
import { syncFolder } from '../base/durable.ts'
import { inEveryWorkspace } from '../base/every-workspace.ts'
import { listWorkspaces } from '../base/workspaces.sql.ts'
import { noteErased } from '../cases/follow.jobs.ts'
import { erasePosts, erasePostsOfAccount } from '../listen/post.sql.ts'
import { saveStatus } from '../people/author.sql.ts'
import {
  type Erasure,
  findErasures,
  findRevivedAuthors,
  findRevivedPosts,
  findUnfiled,
  findUnknown,
  forgetRevivedLetters,
  saveErasures,
  saveFiled,
} from './erasure.sql.ts'

const ledgerOf = (folder: string): string => join(folder, 'erasures.jsonl')

/** On disk before it is marked: a crash between writes a line twice, which changes nothing. */
export async function fileErasures({ db, folder }: { db: Db; folder: string }): Promise<void> {
  for (;;) {
    const fresh = await findUnfiled(db)
    if (fresh.length === 0) return
    await appendLedger(folder, fresh)
    await saveFiled(db, fresh)
  }
}

/** All that the database knows and the file does not: before this database is put aside. */
export async function fileAllErasures({ db, folder }: { db: Db; folder: string }): Promise<void> {
  const filed = new Set((await readLedger(folder)).map((it) => it.digest))
  const missing = (await findErasures(db)).filter((it) => !filed.has(it.digest))
  if (missing.length > 0) await appendLedger(folder, missing)
}

/** All of it or an error: a full disk takes the beginning and says so only when it is asked for the rest. */
async function appendLedger(folder: string, erasures: readonly Erasure[]): Promise<void> {
  const lines = erasures.map((it) => `${JSON.stringify(it)}\n`).join('')
  const file = await open(ledgerOf(folder), 'a+', 0o600)
  try {
    await file.appendFile((await endsInLine(file)) ? `\n${lines}` : lines)
    await file.sync()
  } finally {
    await file.close()
  }
  await syncFolder(folder)
}

/** What was cut short before would swallow the first of the new lines. */
async function endsInLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat()
  if (size === 0) return false
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0] !== 10
}

async function readLedger(folder: string): Promise<Erasure[]> {
  if (!existsSync(ledgerOf(folder))) return []
  const lines = (await readFile(ledgerOf(folder), 'utf8')).split('\n')
  return lines.flatMap((line) => erasureIn(line) ?? [])
}

/** A line that a full disk cut short is none; it was not marked as filed, so it stands again further down. */
function erasureIn(line: string): Erasure | null {
  const found = /^\{"digest":"([0-9a-f]{64})","kind":"(post|account)","at":"([0-9TZ:.-]+)"\}$/.exec(line)
  return found && { digest: found[1]!, kind: found[2] as Erasure['kind'], at: found[3]! }
}

/** Before anything is served. Answers how many posts and people were erased again. */
export async function replayErasures(tools: { db: Db; folder: string; now: Now }): Promise<number> {
  const { db, folder, now } = tools
  const unknown = await findUnknown(db, await readLedger(folder))
  if (unknown.length === 0) return 0
  let erased = 0
  // One that fails keeps what was erased elsewhere, and the start is refused all the same.
  await inEveryWorkspace(await listWorkspaces(db), async (workspaceId) => {
    erased += await inWorkspace(db, workspaceId, (tx) => eraseAgain(tx, unknown, now()))
  })
  await forgetRevivedLetters(db, unknown)
  // Last: only what is known here will not be replayed again.
  await saveErasures(db, unknown)
  return erased
}

async function eraseAgain(tx: Tx, erasures: readonly Erasure[], at: Date): Promise<number> {
  const posts = await findRevivedPosts(tx, erasures)
  for (const [network, ofIt] of Map.groupBy(posts, (it) => it.network)) {
    const uris = ofIt.map((it) => it.uri)
    await noteErased(tx, await erasePosts(tx, network, uris, at), at)
  }
  const authors = await findRevivedAuthors(tx, erasures)
  for (const { network, accountId } of authors) {
    await saveStatus(tx, network, accountId, 'deleted')
    await noteErased(tx, await erasePostsOfAccount(tx, network, accountId, at), at)
  }
  return posts.length + authors.length
}
