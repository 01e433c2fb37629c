/**
 * What changed, to every screen that watches: one fan-out per process.
 *
 * In:  changes as the database tells them, and screens that subscribe.
 * Out: bytes of the event stream. A card is loaded once per workspace and tick, and written out once, however many
 *      screens watch (live-walls.ts). A stream ends with the session that opened it.
 */
import { type Changed, listenForChanges } from '../base/changes.ts'
import { type Db, inWorkspace } from '../base/db.ts'
import type { Agent } from '../staff/agent.ts'
import { findHolders } from '../staff/api-key.sql.ts'
import { findCards } from './card.sql.ts'
import type { Links } from './card.ts'
import { bytesOf, eventOf, nameOfWalls, noteMove, type TeamId, type Told, tellScreens } from './live-walls.ts'
import { type Company, findCompany } from './presence.jobs.ts'

export type Screen = { write(bytes: Uint8Array): void; close(): void }
/** Who watches, and by which session or key (staff/api-key.sql.ts). */
type Watcher = Pick<Agent, 'workspaceId' | 'agentId' | 'rightsVersion' | 'teamIds'> & { session: string }
export type Live = {
  /** Answers how to unsubscribe, or null when this agent has too many open already, or we are stopping. */
  subscribe(watcher: Watcher, screen: Screen): (() => void) | null
  /** At once, when this process ended the session; others are found by asking. */
  closeStreamsOf(session: string): void
  countStreams(): number
  ready: Promise<void>
  stop(): Promise<void>
}

type Subscriber = Screen & Watcher & { sees: string }
type Room = {
  screens: Set<Subscriber>
  caseIds: Set<string>
  /** By the case, the teams that it has left since the last tick. */
  moved: Map<string, Set<TeamId>>
  stale: Set<string>
  /** Cases to or from which somebody's screen moved. */
  watchedIds: Set<string>
  tick: NodeJS.Timeout | undefined
  isLoading: boolean
  /** The first change after a while is told at once; more of them come together. */
  restsUntil: number
}

const tickMs = 15
const retryMs = 1_000
const mostStreamsPerAgent = 10
/** Beyond this, asking for the lists anew is less than being told every card. */
const mostCardsPerTick = 200
const askSessionsMs = 1_000

export function startLive({ url, db, links }: { url: string; db: Db; links: Links }): Live {
  const rooms = new Map<string, Room>()
  let isStopped = false
  const all = () => [...rooms.values()].flatMap((room) => [...room.screens])
  const changes = listenForChanges(url, hear, () => {
    for (const screen of all()) screen.write(bytesOf(eventOf('lagged', {})))
  })

  function hear({ workspaceId, what, id }: Changed): void {
    const told = workspaceId === null ? [...rooms] : [[workspaceId, rooms.get(workspaceId)] as const]
    for (const [key, room] of told) {
      if (!room) continue
      if (what === 'presence') room.watchedIds.add(id)
      else if (what === 'moved') noteMove(room.moved, id)
      else if (what !== 'case') room.stale.add(what)
      // A stored post that belongs to no case changes no card.
      else if (id) room.caseIds.add(id)
      else continue
      soon(key, room)
    }
  }

  function soon(workspaceId: string, room: Room, ms = 0): void {
    if (room.isLoading) return
    const restMs = room.restsUntil - performance.now()
    room.tick ??= setTimeout(() => void tell(workspaceId, room), Math.max(ms, restMs))
  }

  async function tell(workspaceId: string, room: Room): Promise<void> {
    room.tick = undefined
    room.restsUntil = performance.now() + tickMs
    const caseIds = take(room.caseIds)
    const moved = new Map(room.moved)
    room.moved.clear()
    let cards: Told[] = []
    let text = take(room.stale)
      .map((what) => eventOf('stale', { what }))
      .join('')
    const watchedIds = take(room.watchedIds)
    let company = new Map<string, Company>()
    room.isLoading = true
    let wait = 0
    try {
      if (caseIds.length > mostCardsPerTick) text += eventOf('lagged', {})
      else if (caseIds.length > 0) cards = await cardsOf(workspaceId, caseIds, moved)
      company = await findCompany(db, workspaceId, watchedIds)
    } catch {
      // The database is away for a moment: tell it later rather than never.
      for (const id of caseIds) room.caseIds.add(id)
      for (const [id, teams] of moved) for (const team of teams) noteMove(room.moved, `${id} ${team ?? '-'}`)
      for (const id of watchedIds) room.watchedIds.add(id)
      wait = retryMs
    }
    room.isLoading = false
    tellScreens(room.screens, text, cards)
    for (const screen of company.size > 0 ? room.screens : []) {
      const it = company.get(screen.agentId)
      if (it) screen.write(bytesOf(eventOf('presence', it)))
    }
    const waiting = room.caseIds.size + room.stale.size + room.watchedIds.size
    if (room.screens.size > 0 && waiting > 0) soon(workspaceId, room, wait)
  }

  async function cardsOf(workspaceId: string, caseIds: string[], moved: Room['moved']): Promise<Told[]> {
    const cards = await inWorkspace(db, workspaceId, (tx) => findCards(tx, caseIds, links))
    return cards.map((card) => ({
      text: eventOf('card', card),
      gone: eventOf('gone', { caseId: card.caseId }),
      teamId: card.teamId,
      left: [...(moved.get(card.caseId) ?? [])],
    }))
  }

  /** Sessions run out, are ended by another process, and their agents leave: asked for all screens in one question. */
  async function closeEnded(): Promise<void> {
    const asked = all()
    if (asked.length === 0) return
    const holders = await findHolders(db, [...new Set(asked.map((it) => it.session))])
    const standing = new Set(holders.map(keyOf))
    for (const screen of asked) if (!standing.has(keyOf({ ...screen, token: screen.session }))) screen.close()
  }
  // While the database is away nothing is told either; it is asked again.
  const asking = everyAfter(askSessionsMs, () => closeEnded().catch(() => {}))

  function subscribe(watcher: Watcher, screen: Screen) {
    const { workspaceId, agentId } = watcher
    const room = rooms.get(workspaceId) ?? makeRoom()
    if (isStopped) return null
    if ([...room.screens].filter((it) => it.agentId === agentId).length >= mostStreamsPerAgent) return null
    const subscriber = { ...screen, ...watcher, sees: nameOfWalls(watcher) }
    room.screens.add(subscriber)
    rooms.set(workspaceId, room)
    return () => {
      room.screens.delete(subscriber)
      if (room.screens.size > 0) return
      clearTimeout(room.tick)
      if (rooms.get(workspaceId) === room) rooms.delete(workspaceId)
    }
  }

  return {
    subscribe,
    closeStreamsOf(session) {
      for (const screen of all()) if (screen.session === session) screen.close()
    },
    countStreams: () => all().length,
    ready: changes.ready,
    async stop() {
      isStopped = true
      asking.stop()
      for (const screen of all()) screen.close()
      await changes.stop()
    },
  }
}

const makeRoom = (): Room => ({
  screens: new Set(),
  caseIds: new Set(),
  moved: new Map(),
  stale: new Set(),
  watchedIds: new Set(),
  tick: undefined,
  isLoading: false,
  restsUntil: 0,
})

type Holder = { token: string; workspaceId: string; agentId: string; rightsVersion: number }
/** Who may do something else since then comes again, and is asked for their rights anew. */
const keyOf = ({ token, workspaceId, agentId, rightsVersion }: Holder) =>
  `${token} ${workspaceId} ${agentId} ${rightsVersion}`

/** The next one begins a while after the last one ended, so that a slow answer never piles up. */
function everyAfter(ms: number, work: () => Promise<void>): { stop(): void } {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  const wait = () => {
    timer = setTimeout(async () => {
      await work()
      if (!isStopped) wait()
    }, ms)
  }
  wait()
  return {
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}

function take<T>(set: Set<T>): T[] {
  const taken = [...set]
  set.clear()
  return taken
}
