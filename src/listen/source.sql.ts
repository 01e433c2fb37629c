/** What this workspace listens to, how it is doing, and how it goes on. */
import { sql } from 'kysely'
import { findAll, findOne, type Tx } from '../base/db.ts'
import type { SourceKind } from '../connectors/connector.ts'

export type SourceRecord = {
  sourceId: string
  kind: SourceKind
  address: string
  state: 'running' | 'stopped' | 'needs-decision'
  stateReason: string | null
  cursor: string | null
  lastHeardAt: Date | null
  lastSaidAt: Date | null
}
export type Health = {
  gaps: { cause: string; noticedAt: Date; filledAt: Date | null }[]
  deadLetters: number
}

const columns = sql`s.source_id, s.kind, s.address, s.state, s.state_reason, s.cursor, s.last_heard_at, s.last_said_at`
const mostGaps = 20

export async function findSources(tx: Tx): Promise<(SourceRecord & Health)[]> {
  const found = await findAll<SourceRecord & { deadLetters: number }>(
    tx,
    sql`select ${columns}, (select count(*) from dead_letters d where d.source_id = s.source_id) as dead_letters
      from workspace_sources w join sources s using (source_id) order by s.created_at, s.source_id limit 200`,
  )
  const gaps = await findAll<Health['gaps'][number] & { sourceId: string }>(
    tx,
    sql`select s.source_id, g.cause, g.noticed_at, g.filled_at
      from workspace_sources s cross join lateral (
        select cause, noticed_at, filled_at from gaps where gaps.source_id = s.source_id
        order by noticed_at desc, gap_id desc limit ${mostGaps}) g`,
  )
  const bySource = Map.groupBy(gaps, (it) => it.sourceId)
  return found.map((it) => ({ ...it, gaps: bySource.get(it.sourceId) ?? [] }))
}

/** Held until the transaction ends, so that two decisions do not cross. Undefined for what others listen to. */
export async function lockJoinedSource(tx: Tx, sourceId: string): Promise<SourceRecord | undefined> {
  return findOne(
    tx,
    sql`select ${columns} from sources s
      where s.source_id = ${sourceId}
        and exists (select from workspace_sources w where w.source_id = s.source_id)
      for update of s`,
  )
}

/** Goes on with whatever comes next; what lies between is written down as missed. */
export async function goOnFromNow(tx: Tx, source: SourceRecord, at: Date): Promise<void> {
  await sql`insert into gaps (source_id, cause, from_cursor, noticed_at)
    values (${source.sourceId}, 'decided', ${source.cursor}, ${at})`.execute(tx)
  await sql`update sources set cursor = null, cursor_host = null, state = 'running', state_reason = null
    where source_id = ${source.sourceId}`.execute(tx)
}

/** Goes on from the first event that the host still has; what was heard before is known by its id. */
export async function goOnFromStart(tx: Tx, source: SourceRecord, host: string): Promise<void> {
  await sql`update sources set cursor = '0', cursor_host = coalesce(cursor_host, ${host}), state = 'running',
      state_reason = null
    where source_id = ${source.sourceId}`.execute(tx)
}
