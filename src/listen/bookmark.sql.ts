/** How far a source was heard, what it missed, and what could not be read. The installation's own tables. */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { findAll, type Tx } from '../base/db.ts'
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

/** A batch may come twice: the same hole is noted once until it is filled. */
export async function saveGap(
  tx: Tx,
  sourceId: string,
  { cause, from, to, authorId }: Extract<HeardEvent, { type: 'gap' }>,
): Promise<void> {
  await sql`insert into gaps (source_id, cause, from_cursor, to_cursor, author_id)
    select ${sourceId}, ${cause}, ${from}::text, ${to}::text, ${authorId ?? null}::text
    where exists (select from sources where source_id = ${sourceId}) and not exists (
      select from gaps where source_id = ${sourceId} and cause = ${cause} and filled_at is null
        and from_cursor is not distinct from ${from}::text and to_cursor is not distinct from ${to}::text
        and author_id is not distinct from ${authorId ?? null}::text)`.execute(tx)
}

export type DeadLetter = { raw: Uint8Array; error: string; cursor: string | null; attempts: number }

/** Larger input is known by the digest of all of it and kept by its beginning. */
const mostBytes = 256 * 1024

export async function saveDeadLetter(tx: Tx, sourceId: string, letter: DeadLetter): Promise<void> {
  const { raw, cursor, attempts } = letter
  const digest = createHash('sha256').update(raw).digest()
  const cut = raw.byteLength > mostBytes ? ` (only the first of its ${raw.byteLength} bytes are kept)` : ''
  await sql`insert into dead_letters (source_id, digest, cursor, raw, error, attempts)
    select source_id, ${digest}::bytea, ${cursor}::text, ${Buffer.from(raw.subarray(0, mostBytes))}::bytea,
      ${letter.error.slice(0, 2_000) + cut}, ${attempts}::integer
    from sources where source_id = ${sourceId}
    on conflict (source_id, digest) do update
      set attempts = dead_letters.attempts + excluded.attempts, last_at = now(), error = excluded.error`.execute(
    tx,
  )
}

/**
 * P7 holds for what could not be read too: a letter that names a deleted post goes with it. The raw bytes hold the
 * account and the last part of the address as plain text, in JSON and in CBOR alike.
 */
export async function burnDeadLetters(
  tx: Tx,
  gone: { accountId: string; uri: string | null }[],
): Promise<void> {
  const marks = gone.map(({ accountId, uri }) => ({ account: accountId, name: uri?.split('/').at(-1) ?? '' }))
  if (marks.length === 0) return
  await sql`delete from dead_letters where exists (
      select from jsonb_to_recordset(${JSON.stringify(marks)}::jsonb) as mark (account text, name text)
      where position(convert_to(mark.account, 'UTF8') in raw) > 0
        and position(convert_to(mark.name, 'UTF8') in raw) > 0)`.execute(tx)
}
