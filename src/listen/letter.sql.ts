/** Input that could not be read, laid aside: bounded in number and age, and gone with whoever it is about (P7). */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { type Db, json, type Tx } from '../base/db.ts'

export type DeadLetter = {
  raw: Uint8Array
  error: string
  cursor: string | null
  attempts: number
  uri?: string | undefined
  authorId?: string | undefined
}
/** Null for the whole account. */
export type Gone = { accountId: string; uri: string | null }

/** Larger input is known by the digest of all of it and kept by its beginning. */
const mostBytes = 256 * 1024
/** Of one source, the newest. */
const mostLetters = 1_000
const mostAccounts = 50

export async function saveDeadLetters(
  tx: Tx,
  sourceId: string,
  letters: readonly DeadLetter[],
): Promise<void> {
  if (letters.length === 0) return
  for (const letter of letters) await saveLetter(tx, sourceId, letter)
  await sql`delete from dead_letters where dead_letter_id in (
      select dead_letter_id from dead_letters where source_id = ${sourceId}
      order by first_at desc, dead_letter_id desc offset ${mostLetters})`.execute(tx)
}

async function saveLetter(tx: Tx, sourceId: string, letter: DeadLetter): Promise<void> {
  const { raw, error, cursor, attempts, uri } = letter
  const cut = raw.byteLength > mostBytes ? ` (only the first of its ${raw.byteLength} bytes are kept)` : ''
  await sql`insert into dead_letters (source_id, digest, cursor, accounts, uri, raw, error, attempts)
    select source_id, ${digestOf(letter)}::bytea, ${cursor}::text, ${accountsOf(letter)}::text[], ${uri ?? null}::text,
      ${Buffer.from(raw.subarray(0, mostBytes))}::bytea, ${error.slice(0, 2_000) + cut}, ${attempts}::integer
    from sources where source_id = ${sourceId}
    on conflict (source_id, digest) do update
      set attempts = dead_letters.attempts + excluded.attempts, last_at = now(), error = excluded.error`.execute(
    tx,
  )
}

/** Where nothing of a post came along, its address and the reason tell one letter from the next. */
function digestOf({ raw, error, uri = '' }: DeadLetter): Uint8Array {
  const name = raw.byteLength > 0 ? uri : `${uri} ${error}`
  return createHash('sha256').update(name).update('\0').update(raw).digest()
}

/** Whose it is, as the connector says; else every account that it names, in JSON and in CBOR alike. */
function accountsOf({ raw, authorId }: DeadLetter): string[] {
  if (authorId !== undefined) return authorId.length <= 300 ? [authorId] : []
  const text = Buffer.from(raw.subarray(0, mostBytes)).toString('latin1')
  const named = text.matchAll(/did:(?:plc:[a-z2-7]{24}|web:[\w.%-]{1,253}|[a-z]{1,20}:[\w.-]{1,100})/g)
  return [...new Set(named.map(([did]) => did).take(10_000))].slice(0, mostAccounts)
}

/**
 * P7 holds for what could not be read too. A letter of which nobody knows which post it was goes when its bytes hold
 * the last part of the address. News of one source burns letters of another only where everybody who listens there
 * listens here too: one workspace's own stream decides nothing for the others (P8).
 */
export async function burnDeadLetters(tx: Tx, sourceId: string, gone: readonly Gone[]): Promise<void> {
  if (gone.length === 0) return
  const marks = gone.map(({ accountId, uri }) => ({ accountId, uri, name: uri?.split('/').at(-1) ?? '' }))
  await sql`delete from dead_letters as letter
    using jsonb_to_recordset(${json(marks)}) as mark ("accountId" text, uri text, name text)
    where letter.accounts @> array[mark."accountId"]
      and (mark.uri is null or letter.uri = mark.uri or (letter.uri is null and (
        octet_length(letter.raw) >= ${mostBytes} or position(convert_to(mark.name, 'UTF8') in letter.raw) > 0)))
      and (letter.source_id = ${sourceId} or not exists (
        select find_workspaces_of_source(letter.source_id) except
        select find_workspaces_of_source(${sourceId})))`.execute(tx)
}

export async function forgetLettersBefore(db: Db, before: Date): Promise<void> {
  await sql`delete from dead_letters where first_at < ${before}`.execute(db)
}
