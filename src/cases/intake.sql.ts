/** What the intake asks and tells about cases, beside opening and joining them. */
import { sql } from 'kysely'
import { findAll, findOne, json, type Tx } from '../base/db.ts'
import { keepWords } from '../triage/keep-words.ts'
import type { Triage } from '../triage/triage.ts'

export type Voice = { threadUri: string; accountId: string; caseId: string }

/** Who has a case in these threads; the oldest case of a thread first. */
export async function findVoices(tx: Tx, network: string, threads: readonly string[]): Promise<Voice[]> {
  if (threads.length === 0) return []
  return findAll(
    tx,
    sql<Voice>`select c.thread_uri, a.account_id, c.case_id from cases c
      join authors a on a.workspace_id = c.workspace_id and a.author_id = c.author_id
      where c.workspace_id = current_workspace() and c.network = ${network}
        and c.thread_uri = any(${[...new Set(threads)]}::text[])
      order by c.number`,
  )
}

/** Which of these addresses our own replies were sent to. */
export async function findReplyUris(tx: Tx, uris: readonly string[]): Promise<Set<string>> {
  if (uris.length === 0) return new Set()
  const rows = await findAll(
    tx,
    sql<{ uri: string }>`select frozen_uri as uri from replies
      where workspace_id = current_workspace() and frozen_uri = any(${uris}::text[])`,
  )
  return new Set(rows.map((it) => it.uri))
}

/** The owner deleted it there: it must never be sent again. */
export async function markRepliesDeleted(tx: Tx, uris: readonly string[]): Promise<void> {
  if (uris.length === 0) return
  await sql`update replies set state = 'deleted-by-owner', lease_until = null, lease_token = null
    where workspace_id = current_workspace() and frozen_uri = any(${uris}::text[])
      and state in ('sending', 'sent', 'unknown', 'needs-person')`.execute(tx)
}

export async function savePostsDeleted(
  tx: Tx,
  gone: readonly { caseId: string; postId: string }[],
  at: Date,
): Promise<void> {
  await sql`insert into case_events (workspace_id, case_id, type, detail, at)
    select current_workspace(), "caseId", 'post-deleted', jsonb_build_object('postId', "postId"), ${at}::timestamptz
    from jsonb_to_recordset(${json(gone)}) as gone ("caseId" uuid, "postId" uuid)`.execute(tx)
}

/** P7: the case's reasons quote nothing that is no longer there. */
export async function forgetWords(tx: Tx, caseId: string): Promise<void> {
  const found = await findOne(
    tx,
    sql<{ triage: Triage }>`select triage from cases
      where workspace_id = current_workspace() and case_id = ${caseId} for update`,
  )
  if (!found) return
  const texts = await findAll(
    tx,
    sql<{ text: string }>`select text from posts where workspace_id = current_workspace()
      and case_id = ${caseId} and text is not null and not ours`,
  )
  const kept = keepWords(
    found.triage,
    texts.map((it) => it.text),
  )
  if (JSON.stringify(kept) === JSON.stringify(found.triage)) return
  await sql`update cases set triage = ${json(kept)}
    where workspace_id = current_workspace() and case_id = ${caseId}`.execute(tx)
}
