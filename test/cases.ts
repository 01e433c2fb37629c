/** One good example of each thing of the cases room, with overrides. */
import { sql } from 'kysely'
import { newId } from '../src/base/clock.ts'
import { type Db, findOne, inWorkspace, json } from '../src/base/db.ts'
import { findTargets, saveChange } from '../src/cases/case.sql.ts'
import { type Case, openCase } from '../src/cases/case.ts'
import type { Triage } from '../src/triage/triage.ts'

/** Monday to Friday, nine to five. */
export const officeBlocks = [1, 2, 3, 4, 5].map((day) => ({ day, from: 540, to: 1_020 }))

export function aTriage(over: Partial<Triage> = {}): Triage {
  return {
    language: 'en',
    kind: 'complaint',
    kindReasons: [{ rule: 'complaint', words: ['never came'] }],
    urgency: 1,
    urgencyReasons: [],
    needsAnswer: 'yes',
    ...over,
  }
}

export async function anAuthor(
  db: Db,
  workspaceId: string,
  over: { handle?: string; accountId?: string; network?: string } = {},
): Promise<string> {
  const handle = over.handle ?? 'kim.example'
  const accountId = over.accountId ?? `did:plc:${newId()}`
  const author = await inWorkspace(db, workspaceId, (tx) =>
    findOne(
      tx,
      sql<{ authorId: string }>`insert into authors (workspace_id, network, account_id, handle, display_name)
        values (${workspaceId}, ${over.network ?? 'bluesky'}, ${accountId}, ${handle}, 'Kim') returning author_id`,
    ),
  )
  return author!.authorId
}

/** A case with its first post, as the intake would leave them. */
export async function aCaseThere(
  db: Db,
  workspaceId: string,
  over: {
    authorId?: string
    threadUri?: string
    text?: string | null
    saidAt?: Date
    at?: Date
    triage?: Triage
    embed?: unknown
    matched?: unknown
    network?: Case['network']
  } = {},
): Promise<Case & { postId: string }> {
  const network = over.network ?? 'bluesky'
  const authorId = over.authorId ?? (await anAuthor(db, workspaceId, { network }))
  const threadUri = over.threadUri ?? `at://did:plc:kim/app.bsky.feed.post/${newId()}`
  const at = over.at ?? new Date()
  const saidAt = over.saidAt ?? at
  const triage = over.triage ?? aTriage()
  const postId = newId()
  return inWorkspace(db, workspaceId, async (tx) => {
    const targets = await findTargets(tx)
    const given = {
      workspaceId,
      network,
      threadUri,
      authorId,
      channelId: null,
      triage,
      saidAt,
      targets,
      postId,
    }
    const saved = await saveChange(tx, openCase({ caseId: newId(), ...given }, at))
    await sql`insert into posts (workspace_id, post_id, network, uri, cid, rev, thread_uri, author_account_id,
        author_id, case_id, text, embed, said_at, matched)
      select ${workspaceId}, ${postId}, ${network}, ${threadUri}, 'cid', '1', ${threadUri}, account_id, author_id,
        ${saved.caseId}, ${over.text === undefined ? 'My parcel never came' : over.text},
        ${over.embed ? json(over.embed) : null}, ${saidAt}, ${json(over.matched ?? [])}
      from authors where author_id = ${authorId}`.execute(tx)
    return { ...saved, postId }
  })
}
