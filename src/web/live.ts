/**
 * The live stream: what changed on the server reaches the screen without being asked for.
 *
 * In:  Server-Sent Events from /api/events.
 * Out: patched lists, refreshed open case, and a state (connecting, live, reconnecting) that the shell shows calmly.
 */
import type { InfiniteData } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { caseRoutes } from '../cases/case-contract.ts'
import type { Card } from '../cases/case-views.ts'
import { call } from './api.ts'
import { atMostEvery } from './at-most-every.ts'
import { looksWrong, putCard, withoutCard } from './lists.ts'
import { beat, takeCompany } from './presence.ts'
import { type ListView, meQuery, queries } from './queries.ts'

export type LiveState = 'connecting' | 'live' | 'reconnecting'
type Counts = Record<ListView, number>
type Lists = InfiniteData<{ cards: Card[]; next: string | null; counts: Counts }, string | null>

const views = ['queue', 'mine', 'answered', 'closed'] as const satisfies ListView[]
/** The server pings every 15 s: three times nothing is a line that was cut without a word. */
const patienceMs = 45_000
const helloMs = 10_000

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
  let patientUntil = 0

  const open = () => {
    stream?.close()
    stream = new EventSource('/api/events')
    patientUntil = Date.now() + helloMs
    hear('hello', () => {
      tries = 0
      say('live')
      void beat()
      // What happened while we were away was told to nobody.
      if (wasLive) refreshAll()
      wasLive = true
    })
    hear('card', (content) => takeCard(content as Card))
    hear('gone', (content) => dropCard((content as { caseId: string }).caseId))
    hear('stale', (content) => takeStale(content as { what: string }))
    hear('lagged', refreshAll)
    hear('presence', (content) => takeCompany(content as Parameters<typeof takeCompany>[0]))
    hear('ping', () => void beat())
    stream.addEventListener('error', lose)
  }
  const hear = (event: string, take: (content: unknown) => void) =>
    stream?.addEventListener(event, ({ data }: MessageEvent<string>) => {
      patientUntil = Date.now() + patienceMs
      take(JSON.parse(data))
    })
  const lose = () => {
    stream?.close()
    say('reconnecting')
    clearTimeout(timer)
    // The browser's own retry gives up on an error status and never backs off.
    timer = setTimeout(open, Math.min(15_000, 500 * 2 ** tries++) * (0.75 + Math.random() / 2))
    // A stream that is refused may mean that we are signed out: asking who we are finds out.
    if (tries === 2) void queries.invalidateQueries({ queryKey: meQuery.queryKey })
  }
  const hurry = () => {
    if (stream?.readyState === EventSource.OPEN) return
    tries = 0
    clearTimeout(timer)
    open()
  }
  // By the clock on the wall: a computer that slept wakes up here, and finds out at once.
  const listening = setInterval(() => {
    if (stream?.readyState !== EventSource.CLOSED && Date.now() > patientUntil) lose()
  }, 1_000)

  say('connecting')
  open()
  window.addEventListener('online', hurry)
  window.addEventListener('offline', lose)
  return () => {
    window.removeEventListener('online', hurry)
    window.removeEventListener('offline', lose)
    clearInterval(listening)
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
  for (const view of views) {
    queries.setQueryData<Lists>(
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

/** It went to a team whose cases are not ours to see. */
function dropCard(caseId: string): void {
  for (const view of views) {
    queries.setQueryData<Lists>(
      ['cases', view],
      (was) => was && { ...was, pages: withoutCard(was.pages, caseId) },
    )
  }
  void queries.invalidateQueries({ queryKey: ['case', caseId] })
  recountSoon()
}

const keysOf: Record<string, string[]> = {
  key: ['keys'],
  webhook: ['webhooks'],
  channel: ['channels', 'sources', 'me'],
  alert: ['alerts'],
  watch: ['watches', 'me'],
  source: ['sources', 'me'],
  workspace: ['me', 'hours'],
  approval: ['approvals'],
  sso: ['sso'],
  agent: ['me', 'agents', 'presence'],
  invitation: ['invitations'],
  role: ['me', 'roles', 'agents', 'invitations'],
  team: ['me', 'teams', 'channels', 'hours'],
  absence: ['absences', 'presence'],
}
function takeStale({ what }: { what: string }): void {
  if (what === 'author') takeAuthorSoon()
  for (const key of keysOf[what] ?? []) void queries.invalidateQueries({ queryKey: [key] })
}

function refreshAll(): void {
  void queries.invalidateQueries()
}

/** Names and mutes stand on every card; in a storm many people get their names at once. */
const takeAuthorSoon = atMostEvery(5_000, () => {
  for (const key of ['case', 'cases', 'thread', 'quote']) void queries.invalidateQueries({ queryKey: [key] })
})

/** Counts are the server's to know. Only they are asked for; the cards came by themselves. */
const recountSoon = atMostEvery(5_000, async () => {
  const counts = await findCounts().catch(() => null)
  if (!counts) return
  for (const view of views) {
    const list = queries.setQueryData<Lists>(
      ['cases', view],
      (was) => was && { ...was, pages: was.pages.map((it) => ({ ...it, counts })) },
    )
    if (list && looksWrong(list.pages, counts[view]))
      void queries.invalidateQueries({ queryKey: ['cases', view] })
  }
})

const findCounts = async () => (await call(caseRoutes.list, { query: { view: 'queue', limit: 1 } })).counts
