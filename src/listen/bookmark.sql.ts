/** How far a source was heard, and what it missed. The installation's own tables. */
import { sql } from 'kysely'
import { findAll, json, type Tx } from '../base/db.ts'
import type { Heard, HeardEvent } from '../connectors/connector.ts'

export async function findWorkspacesOfSource(tx: Tx, sourceId: string): Promise<string[]> {
  const rows = await findAll(tx, sql<{ id: string }>`select find_workspaces_of_source(${sourceId}) as id`)
  return rows.map((it) => it.id)
}

export async function saveBookmark(
  tx: Tx,
  sourceId: string,
  { bookmark, heardAt }: Pick<Heard, 'bookmark' | 'heardAt'>,
  lastSaidAt: Date | null,
): Promise<void> {
  await sql`update sources set last_heard_at = greatest(last_heard_at, ${heardAt}),
      last_said_at = greatest(last_said_at, ${lastSaidAt}::timestamptz),
      cursor = coalesce(${bookmark?.cursor ?? null}, cursor),
      cursor_host = coalesce(${bookmark?.host ?? null}, cursor_host)
    where source_id = ${sourceId}`.execute(tx)
}

type Gap = Extract<HeardEvent, { type: 'gap' }>
/** Of one source, the newest of its own and the newest of people we know. */
const mostGaps = 1_000

/** A batch may come twice: the same hole is noted once until it is filled, and an author has one at a time. */
export async function saveGaps(
  tx: Tx,
  sourceId: string,
  gaps: readonly Gap[],
  isOurs: (accountId: string) => boolean,
): Promise<void> {
  if (gaps.length === 0) return
  await saveGapsOfStream(
    tx,
    sourceId,
    gaps.filter((it) => it.authorId === undefined),
  )
  const ofAuthors = Map.groupBy(
    gaps.filter((it) => it.authorId !== undefined),
    (it) => it.authorId,
  )
  const holes = [...ofAuthors.values()].map((them) => ({
    ...them[0]!,
    to: them.at(-1)!.to,
    isOurs: isOurs(them[0]!.authorId!),
  }))
  await saveGapsOfAuthors(tx, sourceId, holes)
  await forgetOldGaps(tx, sourceId)
}

/** An open hole of an account of ours stays: while it stands, the stream does not vouch for what we sent. */
async function forgetOldGaps(tx: Tx, sourceId: string): Promise<void> {
  await sql`delete from gaps where gap_id in (
      select gap_id from (
        select gap_id, row_number() over (partition by author_id is null order by last_at desc, gap_id desc) as place
        from gaps where source_id = ${sourceId} and (not is_ours or filled_at is not null)) it
      where place > ${mostGaps})`.execute(tx)
}

async function saveGapsOfStream(tx: Tx, sourceId: string, gaps: readonly Gap[]): Promise<void> {
  await sql`insert into gaps (source_id, cause, from_cursor, to_cursor)
    select distinct s.source_id, gap.cause, gap."from", gap."to"
    from sources s, jsonb_to_recordset(${json(gaps)}) as gap (cause text, "from" text, "to" text)
    where s.source_id = ${sourceId} and not exists (
      select from gaps g where g.source_id = s.source_id and g.cause = gap.cause and g.filled_at is null
        and g.author_id is null and g.from_cursor is not distinct from gap."from"
        and g.to_cursor is not distinct from gap."to")`.execute(tx)
}

type Hole = Gap & { isOurs: boolean }

async function saveGapsOfAuthors(tx: Tx, sourceId: string, holes: readonly Hole[]): Promise<void> {
  await sql`insert into gaps (source_id, cause, from_cursor, to_cursor, author_id, is_ours)
    select s.source_id, gap.cause, gap."from", gap."to", gap."authorId", gap."isOurs"
    from sources s, jsonb_to_recordset(${json(holes)})
      as gap (cause text, "from" text, "to" text, "authorId" text, "isOurs" boolean)
    where s.source_id = ${sourceId}
    on conflict (source_id, author_id) where filled_at is null and author_id is not null
      do update set to_cursor = excluded.to_cursor, last_at = excluded.last_at,
        is_ours = gaps.is_ours or excluded.is_ours`.execute(tx)
}
