/**
 * The story of one mention, from heard to case. Read this first.
 *
 * In:  a batch as a connector brought it, in stream order.
 * Out: posts stored once per workspace that they matched, cases opened, joined and reopened, what was deleted there
 *      deleted here, and the bookmark: all of it in one transaction, or none (P1). What matches nothing is forgotten.
 *
 * Safe to run twice with the same batch, beside batches of other sources, and in any order.
 */
import type { newId } from './base/clock.ts'
import { type Db, enterWorkspace, type Tx } from './base/db.ts'
import { isBadInput, isCollision } from './base/db-errors.ts'
import { failpoint } from './base/failpoint.ts'
import { wellFormed } from './base/well-formed.ts'
import { lockThreads } from './cases/case.sql.ts'
import { keepAccounts, keepDeletes, keepOurs } from './cases/follow.jobs.ts'
import { type Hearing, hear, type WatchCache } from './cases/hear.jobs.ts'
import { type Keeping, keepPosts, plausible } from './cases/keep.jobs.ts'
import type { Heard, HeardEvent, Source } from './connectors/connector.ts'
import { type Batch, sortBatch } from './listen/batch.ts'
import {
  burnDeadLetters,
  findWorkspacesOfSource,
  saveBookmark,
  saveDeadLetter,
  saveGap,
} from './listen/bookmark.sql.ts'
import { makeRecent, type Recent } from './listen/recent.ts'

/** What listening remembers between batches: one for all sources of a process. */
export type IntakeMemory = { recent: Recent; watches: WatchCache }
export type IntakeTools = { db: Db; newId: typeof newId; memory: IntakeMemory }
type From = Pick<Source, 'sourceId' | 'kind'>

export const makeMemory = (): IntakeMemory => ({ recent: makeRecent(), watches: new Map() })

/** Throws when the database is away: nothing was taken then, and the same batch may come again. */
export async function takeIn(heard: Heard, source: From, tools: IntakeTools): Promise<void> {
  failpoint('after_recv')
  const clean = { ...heard, events: wellFormed(heard.events) }
  try {
    await store(clean, source, tools)
  } catch (error) {
    if (!isBadInput(error)) throw error
    // One event spoils the batch: take it in pieces, in order, and move the bookmark last.
    await takePieces(clean, source, tools)
    await store({ ...clean, events: [] }, source, tools)
  }
  failpoint('after_commit')
}

async function takePieces(heard: Heard, source: From, tools: IntakeTools): Promise<void> {
  const middle = Math.ceil(heard.events.length / 2)
  for (const events of [heard.events.slice(0, middle), heard.events.slice(middle)]) {
    if (events.length === 0) continue
    const piece = { ...heard, bookmark: null, events }
    try {
      await store(piece, source, tools)
    } catch (error) {
      if (!isBadInput(error)) throw error
      if (events.length > 1) await takePieces(piece, source, tools)
      else await tryAgainOrLayAside(piece, source, tools)
    }
  }
}

async function tryAgainOrLayAside(piece: Heard, source: From, tools: IntakeTools): Promise<void> {
  for (let attempts = 2; ; attempts++) {
    try {
      return await store(piece, source, tools)
    } catch (error) {
      if (!isBadInput(error)) throw error
      if (attempts < 3) continue
      const raw = new TextEncoder().encode(JSON.stringify(piece.events[0]))
      const letter = { raw, error: wellFormed(`not stored: ${error}`), cursor: null, attempts }
      return await tools.db.transaction().execute((tx) => saveDeadLetter(tx, source.sourceId, letter))
    }
  }
}

async function store(heard: Heard, source: From, tools: IntakeTools): Promise<void> {
  const { recent } = tools.memory
  const batch = sortBatch(heard.events, recent)
  // Before anything is written: a create of the same post may be on its way in through another source.
  for (const uri of batch.deletes.keys()) recent.deleted.set(uri, true)
  for (const [accountId, status] of batch.statuses) recent.accounts.set(accountId, status)

  const hearings = await untilNoCollision(() =>
    tools.db.transaction().execute((tx) => storeBatch(tx, heard, batch, source, tools)),
  )
  for (const it of batch.posts.filter((post) => post.edited)) recent.edited.set(it.newest.uri, it.newest)

  const stored = hearings.flatMap((it) => [...it.mentions.map((mention) => mention.post), ...it.ours])
  const late = stored.filter((it) => recent.deleted.get(it.uri))
  const events = late.map(
    (it): HeardEvent => ({ type: 'delete', uri: it.uri, authorId: it.author.accountId, rev: it.rev }),
  )
  if (events.length > 0) await store({ ...heard, bookmark: null, events }, source, tools)
}

async function storeBatch(tx: Tx, heard: Heard, batch: Batch, source: From, tools: IntakeTools) {
  const { memory, newId } = tools
  const network = source.kind === 'rehearsal' ? 'rehearsal' : 'bluesky'
  const hearings: Hearing[] = []
  for (const workspaceId of await findWorkspacesOfSource(tx, source.sourceId)) {
    await enterWorkspace(tx, workspaceId)
    const hearing = await hear(tx, network, batch, memory.watches)
    if (hearing) hearings.push(hearing)
  }
  await lockThreads(tx, hearings.flatMap(threadsOf))

  const at = heard.heardAt
  const keeping: Keeping = { at, newId, statusOf: memory.recent.accounts.get }
  for (const hearing of hearings) {
    await enterWorkspace(tx, hearing.house.workspaceId)
    await keepAccounts(tx, hearing, batch, at)
    await keepPosts(tx, hearing, keeping)
    await keepOurs(tx, hearing, keeping)
    await keepDeletes(tx, hearing, batch, at)
  }
  await storeTroubles(tx, batch, source.sourceId)
  failpoint('after_insert')
  await saveBookmark(tx, source.sourceId, heard, lastSaidAt(heard))
  failpoint('before_commit')
  return hearings
}

function threadsOf({ house: { workspaceId }, network, mentions, ours }: Hearing) {
  const posts = [...mentions.map((it) => it.post), ...ours]
  return posts.map(({ threadUri }) => ({ workspaceId, network, threadUri }))
}

async function storeTroubles(tx: Tx, batch: Batch, sourceId: string): Promise<void> {
  for (const { raw, error, cursor } of batch.poisons)
    await saveDeadLetter(tx, sourceId, { raw, error, cursor, attempts: 1 })
  for (const gap of batch.gaps) await saveGap(tx, sourceId, gap)
  const accounts = [...batch.statuses].filter(([, status]) => status === 'deleted')
  await burnDeadLetters(tx, [
    ...[...batch.deletes].map(([uri, { authorId }]) => ({ accountId: authorId, uri })),
    ...accounts.map(([accountId]) => ({ accountId, uri: null })),
  ])
}

function lastSaidAt({ events, heardAt }: Heard): Date | null {
  const said = events.flatMap((it) =>
    it.type === 'post' ? plausible(it.post.saidAt, heardAt).getTime() : [],
  )
  return said.length > 0 ? new Date(said.reduce((a, b) => Math.max(a, b))) : null
}

async function untilNoCollision<T>(work: () => Promise<T>): Promise<T> {
  for (let left = 5; ; left--) {
    try {
      return await work()
    } catch (error) {
      if (left === 0 || !isCollision(error)) throw error
    }
  }
}
