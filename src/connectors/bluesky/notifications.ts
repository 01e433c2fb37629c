/**
 * What the network tells our own account: mentions, replies and quotes. Polled, newest first there and oldest first
 * here; the bookmark is the time and content of the newest one handed over.
 *
 * A post may carry an earlier date than its arrival, so each poll looks a few minutes further back than the
 * bookmark; what comes twice is left out here while we remember it, and by the unique key afterwards.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bookmark, Channel, Heard, HeardPost, Io, Source } from '../connector.ts'
import type { Settings } from './identity.ts'
import type { Sessions } from './session.ts'
import { readView } from './view.ts'
import { type Failure, type Json, listOf, textOf } from './xrpc.ts'

const reasons = ['mention', 'reply', 'quote']
const pages = 20
const overlapMs = 10 * 60_000
const pollMs = 20_000
const troubleMs = 60_000
/** Without an AppView there is nothing to hear: look again now and then. */
const noAppViewMs = 10 * 60_000
/** Whatever a server asks for: then it is asked again. */
const longestMs = 60 * 60_000

export async function* listenToNotifications(
  source: Source,
  since: Bookmark | null,
  sessions: Sessions,
  settings: Settings,
  io: Io,
): AsyncGenerator<Heard> {
  const channel = source.channel
  if (!channel) throw new Error('notifications are listened to as a channel')
  const host = new URL(channel.serviceUrl).host
  const seen = new Set<string>()
  let bookmark = since
  while (!io.signal.aborted) {
    const found = await readSince(channel, bookmark, sessions, io)
    if ('ok' in found) {
      await pause(waitAfter(found), io)
      continue
    }
    const heard = await toHeard(found, bookmark, seen, host, io)
    if (heard) yield heard
    bookmark = heard?.bookmark ?? bookmark
    await pause(settings.pollMs ?? pollMs, io)
  }
}

type Page = { items: Json[]; complete: boolean }

/** Newest first, back to the bookmark and a little further. Without a bookmark the newest page will do. */
async function readSince(
  channel: Channel,
  since: Bookmark | null,
  sessions: Sessions,
  io: Io,
): Promise<Page | Failure> {
  const floor = since ? timeOf(since.cursor) - overlapMs : Number.POSITIVE_INFINITY
  const items: Json[] = []
  let cursor: string | undefined
  for (let page = 0; page < pages; page++) {
    const params = { limit: 100, reasons, ...(cursor ? { cursor } : {}) }
    const answer = await sessions.call(
      channel,
      { nsid: 'app.bsky.notification.listNotifications', params },
      io,
    )
    if (!answer.ok) return answer
    const found = listOf(answer.body.notifications)
    items.push(...found)
    cursor = textOf(answer.body.cursor) ?? undefined
    if (!cursor || found.length === 0 || timeOf(String(found.at(-1)!.indexedAt)) < floor)
      return { items, complete: true }
  }
  return { items, complete: false }
}

async function toHeard(
  found: Page,
  since: Bookmark | null,
  seen: Set<string>,
  host: string,
  io: Io,
): Promise<Heard | null> {
  const heardAt = io.now()
  const newest = found.items[0]
  const bookmark = {
    cursor: newest ? `${String(newest.indexedAt)} ${String(newest.cid)}` : new Date(0).toISOString(),
    host,
  }
  const fresh = found.items.filter((it) => !seen.has(String(it.uri)))
  remember(seen, fresh)
  // From here on only: what was said before we began to listen is not news.
  if (since === null) return { events: [], bookmark, heardAt }
  const floor = timeOf(since.cursor) - overlapMs
  const posts = fresh
    .filter((it) => reasons.includes(String(it.reason)) && timeOf(String(it.indexedAt)) >= floor)
    .flatMap((it) => readView(it, heardAt) ?? [])
    .reverse()
  if (posts.length === 0 && bookmark.cursor === since.cursor) return null
  return {
    events: [...clamped(found, since), ...posts.map(created)],
    bookmark: newest ? bookmark : since,
    heardAt,
  }
}

const created = (post: HeardPost) => ({ type: 'post', op: 'create', post }) as const

function clamped(found: Page, since: Bookmark) {
  if (found.complete) return []
  return [
    { type: 'gap', cause: 'clamped', from: since.cursor, to: String(found.items.at(-1)?.indexedAt) } as const,
  ]
}

function remember(seen: Set<string>, items: Json[]): void {
  for (const it of items) seen.add(String(it.uri))
  for (const uri of seen) {
    if (seen.size <= 5_000) break
    seen.delete(uri)
  }
}

function timeOf(cursor: string): number {
  const at = Date.parse(cursor.split(' ')[0]!)
  return Number.isNaN(at) ? 0 : at
}

/** A server without an AppView says so in several ways; none of them is worth a word. */
function waitAfter(it: Failure): number {
  if (it.status === 429) return Math.min(it.retryAfterMs ?? troubleMs, longestMs)
  const noAppView =
    it.status === 404 || it.status === 501 || it.status === 502 || it.error === 'MethodNotImplemented'
  return noAppView ? noAppViewMs : troubleMs
}

async function pause(ms: number, io: Io): Promise<void> {
  await sleep(ms, undefined, { signal: io.signal, ref: false }).catch(() => {})
}
