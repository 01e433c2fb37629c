/**
 * The live stream: what changed on the server reaches the screen without being asked for.
 *
 * In:  Server-Sent Events from /api/events.
 * Out: patched lists, refreshed open case, and a state (connecting, live, reconnecting) that the shell shows calmly.
 */
import type { InfiniteData } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import type { Card } from '../cases/case-contract.ts'
import { putCard } from './lists.ts'
import { type ListView, meQuery, queries } from './queries.ts'

export type LiveState = 'connecting' | 'live' | 'reconnecting'
type ListPage = { cards: Card[]; next: string | null; counts: Record<ListView, number> }

let state: LiveState = 'connecting'
const watchers = new Set<() => void>()
const listeners = new Set<(card: Card) => void>()

/** Hears every card as it comes; answers how to stop hearing. */
export function onCard(listen: (card: Card) => void): () => void {
  listeners.add(listen)
  return () => listeners.delete(listen)
}

export const useLiveState = (): LiveState =>
  useSyncExternalStore(
    (tell) => {
      watchers.add(tell)
      return () => watchers.delete(tell)
    },
    () => state,
  )

/** Opens the stream and keeps it open; answers how to stop. */
export function startLive(): () => void {
  let stream: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let tries = 0
  let wasLive = false

  const open = () => {
    stream = new EventSource('/api/events')
    stream.addEventListener('hello', () => {
      tries = 0
      say('live')
      // What happened while we were away was told to nobody.
      if (wasLive) refreshAll()
      wasLive = true
    })
    stream.addEventListener('card', (event) => takeCard(JSON.parse(event.data) as Card))
    stream.addEventListener('stale', (event) => takeStale(JSON.parse(event.data) as { what: string }))
    stream.addEventListener('lagged', refreshAll)
    stream.addEventListener('error', () => {
      stream?.close()
      say(wasLive ? 'reconnecting' : 'connecting')
      clearTimeout(timer)
      // The browser's own retry gives up on an error status and never backs off.
      timer = setTimeout(open, Math.min(15_000, 500 * 2 ** tries++) * (0.75 + Math.random() / 2))
      // A stream that is refused may mean that we are signed out: asking who we are finds out.
      if (tries === 2) void queries.invalidateQueries({ queryKey: meQuery.queryKey })
    })
  }
  const hurry = () => {
    if (stream?.readyState === EventSource.OPEN) return
    tries = 0
    clearTimeout(timer)
    stream?.close()
    open()
  }

  say('connecting')
  open()
  window.addEventListener('online', hurry)
  return () => {
    window.removeEventListener('online', hurry)
    clearTimeout(timer)
    stream?.close()
  }
}

function say(next: LiveState): void {
  if (state === next) return
  state = next
  for (const tell of watchers) tell()
}

/** Puts a card where it now belongs in every list we hold; also used for the card that a call answers. */
export function takeCard(card: Card): void {
  const myId = queries.getQueryData(meQuery.queryKey)?.agent.agentId ?? null
  for (const view of ['queue', 'mine', 'answered', 'closed'] as const) {
    queries.setQueryData<InfiniteData<ListPage, string | null>>(
      ['cases', view],
      (was) =>
      was && { ...was, pages: putCard(was.pages, view, card, myId) }, // biome-ignore format: one thought
    )
  }
  void queries.invalidateQueries({ queryKey: ['case', card.caseId] })
  void queries.invalidateQueries({ queryKey: ['thread', card.caseId] })
  recountSoon()
  for (const listen of listeners) listen(card)
}

const keysOf: Record<string, string[]> = {
  channel: ['channels', 'sources', 'me'],
  watch: ['watches', 'me'],
  source: ['sources', 'me'],
  workspace: ['me'],
  author: ['case', 'cases'],
}
function takeStale({ what }: { what: string }): void {
  for (const key of keysOf[what] ?? []) void queries.invalidateQueries({ queryKey: [key] })
}

function refreshAll(): void {
  void queries.invalidateQueries()
}

let recounting = false
/** Counts are the server's to know: asked again once a storm of cards allows it, at most every two seconds. */
function recountSoon(): void {
  if (recounting) return
  recounting = true
  setTimeout(() => {
    recounting = false
    void queries.invalidateQueries({ queryKey: ['cases'] })
  }, 2_000)
}
