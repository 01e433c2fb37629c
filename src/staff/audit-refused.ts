/**
 * Failed sign-ins, for the log of the workspaces whose agent somebody tried to be.
 *
 * In:  the address or the person that was tried. An address that is nobody's belongs to no workspace and is not kept.
 * Out: a line for the first failure within ten minutes and one for the tenth: a storm is told, and fills nothing. Nobody
 *      waits for it, so that the door answers as quickly for the known as for the unknown.
 */
import { sql } from 'kysely'
import type { Now } from '../base/clock.ts'
import { type Db, findAll, inWorkspace } from '../base/db.ts'
import { appendAudit } from './audit.sql.ts'

type Tried = { email: string } | { userId: string }
export type NoteRefused = (tried: Tried) => void

const windowMs = 10 * 60_000
const told = [1, 10]
const mostCounted = 20_000

export function makeNoteRefused({ db, now }: { db: Db; now: Now }): NoteRefused {
  const counts = new Map<string, { tries: number; until: number }>()
  return (tried) => {
    const key = 'email' in tried ? tried.email : tried.userId
    const at = now()
    const known = counts.get(key)
    const goesOn = known && known.until > at.getTime()
    const count = goesOn ? known : { tries: 0, until: at.getTime() + windowMs }
    count.tries += 1
    if (!goesOn && counts.size >= mostCounted) counts.clear()
    counts.set(key, count)
    if (told.includes(count.tries)) tell(db, tried, count.tries, at).catch(() => {})
  }
}

async function tell(db: Db, tried: Tried, tries: number, at: Date): Promise<void> {
  const user =
    'email' in tried ? sql`(select id from auth_users where email = ${tried.email})` : sql`${tried.userId}`
  const places = await findAll(
    db,
    sql<{ workspaceId: string; agentId: string }>`
      select w.workspace_id, w.agent_id from find_workspaces_of_user(${user}) as w`,
  )
  for (const { workspaceId, agentId } of places)
    await inWorkspace(db, workspaceId, (tx) =>
      appendAudit(tx, { act: 'session.refused', at, byAgentId: null, onId: agentId, content: { tries } }),
    )
}
