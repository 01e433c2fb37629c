/**
 * What of a workspace's news goes to which screen.
 *
 * In:  the events of one tick, each written out once, and the screens of the workspace with the teams they see.
 * Out: bytes to every screen that may know. Screens behind the same walls get the same bytes.
 *
 * Every card is held against the teams of whoever hears it. Who saw a case in the team that it left hears `gone`;
 * whoever never saw it hears nothing, not even its id.
 */
import type { Agent } from '../staff/agent.ts'
import { whyNotThere } from '../staff/permissions.ts'

export type TeamId = string | null
export type Told = { text: string; gone: string; teamId: TeamId; left: readonly TeamId[] }
type Walls = Pick<Agent, 'teamIds'>
type Hearer = Walls & { sees: string; write(bytes: Uint8Array): void }

/** The same for all who see the same teams. */
export const nameOfWalls = ({ teamIds }: Walls) => teamIds?.toSorted().join(' ') ?? 'all'

export function tellScreens(screens: Iterable<Hearer>, text: string, cards: readonly Told[]): void {
  if (!text && cards.length === 0) return
  const written = new Map<string, Uint8Array>()
  for (const screen of screens) {
    let bytes = written.get(screen.sees)
    if (!bytes) {
      bytes = bytesOf(text + cards.map((it) => toldTo(screen, it)).join(''))
      written.set(screen.sees, bytes)
    }
    if (bytes.length > 0) screen.write(bytes)
  }
}

/** An empty text where it is none of theirs. */
function toldTo({ teamIds }: Walls, it: Told): string {
  const sees = (teamId: TeamId) => whyNotThere({ teamIds }, { teamId }) === null
  if (sees(it.teamId)) return it.text
  return it.left.some(sees) ? it.gone : ''
}

/** As the database says it: the case, and the team that it left or `-`. */
export function noteMove(moved: Map<string, Set<TeamId>>, said: string): void {
  const [caseId = '', team = '-'] = said.split(' ')
  const teams = moved.get(caseId) ?? new Set()
  moved.set(caseId, teams.add(team === '-' ? null : team))
}

export function eventOf(event: string, content: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(content)}\n\n`
}

const encoder = new TextEncoder()
export const bytesOf = (text: string): Uint8Array => encoder.encode(text)
