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
import { keepAccounts, keepDeletes, keepOurs, whoIsKnown } from './cases/follow.jobs.ts'
import { type Hearing, hear, hearAgain, keysOf, type WatchCache } from './cases/hear.jobs.ts'
import { keepPosts, plausible } from './cases/keep.jobs.ts'
import type { Heard, HeardEvent, Source } from './connectors/connector.ts'
import { type Batch, sortBatch } from './listen/batch.ts'
import { findWorkspacesOfSource, saveBookmark } from './listen/bookmark.sql.ts'
import { noteHeardOn } from './listen/house.sql.ts'
import { type InHand, makeInHand } from './listen/in-hand.ts'
import { type DeadLetter, saveDeadLetters } from './listen/letter.sql.ts'
import { takePieces } from './listen/pieces.jobs.ts'
import { makeRecents, type Recents } from './listen/recent.ts'
import { keepTroubles } from './listen/trouble.jobs.ts'

/** What listening remembers between batches: one for all sources of a process. */
export type IntakeMemory = { recents: Recents; inHand: InHand; watches: WatchCache }
export type IntakeTools = { db: Db; newId: typeof newId; memory: IntakeMemory }
type From = Pick<Source, 'sourceId' | 'kind'>

export const makeMemory = (): IntakeMemory => ({
  recents: makeRecents(),
  inHand: makeInHand(),
  watches: new Map(),
})

/** Throws when the database is away: nothing was taken then, and the same batch may come again. */
export async function takeIn(heard: Heard, source: From, tools: IntakeTools): Promise<void> {
  failpoint('after_recv')
  const clean = { ...heard, events: wellFormed(heard.events) }
  try {
    await store(clean, source, tools)
  } catch (error) {
    if (!isBadInput(error)) throw error
    // One event spoils the batch: take it in pieces, in order, and move the bookmark last.
    await takePieces(clean.events, {
      store: (events) => store({ ...clean, bookmark: null, events: [...events] }, source, tools),
      layAside: (event, why, attempts) => layAside(event, why, attempts, source, tools),
    })
    await store({ ...clean, events: [] }, source, tools)
  }
  failpoint('after_commit')
}

async function layAside(
  event: HeardEvent,
  why: unknown,
  attempts: number,
  source: From,
  { db }: IntakeTools,
) {
  const error = wellFormed(`not stored: ${why}`)
  const letter = { ...asLetter(event), error, cursor: null, attempts }
  await db.transaction().execute((tx) => saveDeadLetters(tx, source.sourceId, [letter]))
}

/** Whose it is goes with it: it leaves when they do (P7). What could not be read stays the bytes that came. */
function asLetter(event: HeardEvent): Pick<DeadLetter, 'raw' | 'uri' | 'authorId'> {
  if (event.type === 'poison') return { raw: event.raw, uri: event.uri, authorId: event.authorId }
  const raw = new TextEncoder().encode(JSON.stringify(event))
  if (event.type === 'post') return { raw, uri: event.post.uri, authorId: event.post.author.accountId }
  const { uri, authorId }: { uri?: string; authorId?: string | undefined } = event
  return { raw, uri, authorId }
}

async function store(heard: Heard, source: From, tools: IntakeTools): Promise<void> {
  const { recents, inHand } = tools.memory
  const batch = sortBatch(heard.events)
  // Before anything is written: a create of the same post may be on its way in through another source. Either it
  // hears of this in time, or it is in hand already, and this waits until it can be seen.
  recents.remember(source.sourceId, batch)
  await inHand.whenFree(subjectsOf(batch))
  await untilNoCollision(async () => {
    const holding = inHand.open()
    try {
      await tools.db.transaction().execute((tx) => storeBatch(tx, heard, batch, source, tools, holding.hold))
    } finally {
      holding.done()
    }
  })
}

/** The posts and accounts that this batch changes, when others may be storing them. */
function subjectsOf({ posts, deletes, statuses }: Batch): string[] {
  const edited = posts.flatMap((it) => (it.edited ? it.newest.uri : []))
  return [...deletes.keys(), ...statuses.keys(), ...edited]
}

async function storeBatch(
  tx: Tx,
  heard: Heard,
  batch: Batch,
  source: From,
  { memory, newId }: IntakeTools,
  hold: (keys: readonly string[]) => void,
): Promise<void> {
  const hearings = await hearForEach(tx, batch, source, memory, hold)
  await lockThreads(tx, hearings.flatMap(threadsOf))

  const at = heard.heardAt
  const known = new Set<string>()
  const lost = batch.gaps.flatMap((it) => it.authorId ?? [])
  for (const hearing of hearings) {
    await enterWorkspace(tx, hearing.house.workspaceId)
    await keepAccounts(tx, hearing, batch, at)
    await keepPosts(tx, hearing, { at, newId })
    await keepOurs(tx, hearing, { at, newId })
    await keepDeletes(tx, hearing, batch, at)
    await noteHeardOn(tx, channelsIn(batch, hearing), source.sourceId)
    for (const accountId of await whoIsKnown(tx, hearing, lost)) known.add(accountId)
  }
  await keepTroubles(tx, source.sourceId, batch, {
    isKnown: (accountId) => known.has(accountId),
    isOurs: (accountId) => hearings.some((it) => it.house.channels.some((ch) => ch.accountId === accountId)),
    seen: hearings.map((it) => it.seen),
  })
  failpoint('after_insert')
  await saveBookmark(tx, source.sourceId, heard, lastSaidAt(heard))
  failpoint('before_commit')
}

async function hearForEach(
  tx: Tx,
  batch: Batch,
  source: From,
  memory: IntakeMemory,
  hold: (keys: readonly string[]) => void,
): Promise<Hearing[]> {
  const network = source.kind === 'rehearsal' ? 'rehearsal' : 'bluesky'
  const hearings: Hearing[] = []
  for (const workspaceId of await findWorkspacesOfSource(tx, source.sourceId)) {
    await enterWorkspace(tx, workspaceId)
    const hearing = await hear(tx, network, batch, memory)
    if (hearing) hearings.push(hearing)
  }
  // In one breath: what another source says from here on waits for this transaction, what it said before counts.
  hold(hearings.flatMap(keysOf))
  return hearings.map(hearAgain)
}

/** Our own accounts of which this batch tells something that they wrote or took back. */
function channelsIn({ posts, deletes }: Batch, { house }: Hearing): string[] {
  const heard = new Set([
    ...posts.map((it) => it.newest.author.accountId),
    ...[...deletes.values()].map((it) => it.authorId),
  ])
  return house.channels.filter((it) => heard.has(it.accountId)).map((it) => it.channelId)
}

function threadsOf({ house: { workspaceId }, network, mentions, ours, edits }: Hearing) {
  const posts = [...mentions.map((it) => it.post), ...ours, ...edits]
  return posts.map(({ threadUri }) => ({ workspaceId, network, threadUri }))
}

function lastSaidAt({ events, heardAt }: Heard): Date | null {
  const said = events.flatMap((it) =>
    it.type === 'post' ? plausible(it.post.saidAt, heardAt).getTime() : [],
  )
  return said.length > 0 ? new Date(said.reduce((a, b) => Math.max(a, b))) : null
}

async function untilNoCollision(work: () => Promise<void>): Promise<void> {
  for (let left = 5; ; left--) {
    try {
      return await work()
    } catch (error) {
      if (left === 0 || !isCollision(error)) throw error
    }
  }
}
