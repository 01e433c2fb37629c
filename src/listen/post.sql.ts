/** Posts, kept as the network gave them. A deleted one stays as an empty row, so that older news cannot bring it back. */
import { sql } from 'kysely'
import { findAll, json, type Tx } from '../base/db.ts'
import type { HeardPost } from '../connectors/connector.ts'

export type StoredPost = {
  postId: string
  uri: string
  rev: string
  cid: string
  caseId: string | null
  ours: boolean
  deletedAt: Date | null
  /** Its author is muted. */
  muted: boolean
}
export type NewPost = HeardPost & {
  postId: string
  authorId: string | null
  ours: boolean
  caseId: string | null
  matched: object[]
  triage: object | null
  heardAt: Date
  editedAt: Date | null
  hiddenAt: Date | null
}
export type Erased = { uri: string; postId: string; caseId: string | null; ours: boolean }

export async function findPosts(tx: Tx, network: string, uris: readonly string[]): Promise<StoredPost[]> {
  if (uris.length === 0) return []
  return findAll(
    tx,
    sql<StoredPost>`select post_id, uri, rev, cid, case_id, ours, deleted_at, exists (select from authors a
        where a.workspace_id = posts.workspace_id and a.author_id = posts.author_id and a.muted_at is not null) as muted
      from posts
      where workspace_id = current_workspace() and network = ${network} and uri = any(${uris}::text[])`,
  )
}

/** All in one statement; what is already there stays as it is. */
export async function insertPosts(tx: Tx, network: string, posts: readonly NewPost[]): Promise<void> {
  if (posts.length === 0) return
  const rows = posts.map(({ author, ...it }) => ({ ...it, accountId: author.accountId }))
  await sql`insert into posts (workspace_id, post_id, network, uri, cid, rev, thread_uri, parent_uri,
      author_account_id, author_id, ours, case_id, text, facets, embed, langs, said_at, heard_at, edited_at,
      matched, triage, hidden_at)
    select current_workspace(), "postId", ${network}, uri, cid, rev, "threadUri", "parentUri", "accountId",
      "authorId", ours, "caseId", text, facets, nullif(embed, 'null'), coalesce(langs, '{}'), "saidAt", "heardAt", "editedAt",
      matched, nullif(triage, 'null'), "hiddenAt"
    from jsonb_to_recordset(${json(rows)}) as it ("postId" uuid, uri text, cid text, rev text, "threadUri" text,
      "parentUri" text, "accountId" text, "authorId" uuid, ours boolean, "caseId" uuid, text text, facets jsonb,
      embed jsonb, langs text[], "saidAt" timestamptz, "heardAt" timestamptz, "editedAt" timestamptz,
      matched jsonb, triage jsonb, "hiddenAt" timestamptz)
    on conflict (workspace_id, network, uri) do nothing`.execute(tx)
}

/** A newer version of a post that we keep. Where only the bookkeeping is newer, nobody edited anything. */
export async function rewritePost(
  tx: Tx,
  postId: string,
  post: HeardPost & { triage: object | null },
  at: Date,
): Promise<void> {
  await sql`update posts set text = ${post.text}, facets = ${json(post.facets)},
      embed = nullif(${json(post.embed)}, 'null'), langs = ${post.langs}::text[], triage = ${json(post.triage)},
      edited_at = case when cid <> ${post.cid} then ${at}::timestamptz else edited_at end,
      cid = ${post.cid}, rev = ${post.rev}
    where workspace_id = current_workspace() and post_id = ${postId} and deleted_at is null
      and rev < ${post.rev}`.execute(tx)
}

// What a deleted post leaves behind: that it was there, and which watch or rule brought it. None of its words.
const emptied = sql`text = null, facets = '[]', embed = null, triage = null, langs = '{}',
  matched = (select coalesce(jsonb_agg(it - 'hits'), '[]') from jsonb_array_elements(posts.matched) as it)`

export async function erasePosts(
  tx: Tx,
  network: string,
  uris: readonly string[],
  at: Date,
): Promise<Erased[]> {
  if (uris.length === 0) return []
  return findAll(
    tx,
    sql<Erased>`update posts set ${emptied}, deleted_at = ${at}
      where workspace_id = current_workspace() and network = ${network} and uri = any(${uris}::text[])
        and deleted_at is null returning uri, post_id, case_id, ours`,
  )
}

export async function erasePostsOfAccount(
  tx: Tx,
  network: string,
  accountId: string,
  at: Date,
): Promise<Erased[]> {
  return findAll(
    tx,
    sql<Erased>`update posts set ${emptied}, deleted_at = ${at}
      where workspace_id = current_workspace() and network = ${network} and author_account_id = ${accountId}
        and deleted_at is null returning uri, post_id, case_id, ours`,
  )
}

/** Null shows them again. */
export async function hidePostsOfAccount(
  tx: Tx,
  network: string,
  accountId: string,
  hiddenAt: Date | null,
): Promise<void> {
  await sql`update posts set hidden_at = ${hiddenAt} where workspace_id = current_workspace()
    and network = ${network} and author_account_id = ${accountId} and deleted_at is null
    and (hidden_at is null) <> (${hiddenAt}::timestamptz is null)`.execute(tx)
}

/** A post we never stored, of an author we know: an older create that is still on its way must find it deleted. */
export async function saveTombstones(
  tx: Tx,
  network: string,
  gone: readonly { uri: string; accountId: string; authorId: string; rev: string }[],
  at: Date,
): Promise<void> {
  if (gone.length === 0) return
  await sql`insert into posts (workspace_id, network, uri, cid, rev, thread_uri, author_account_id, author_id,
      said_at, heard_at, deleted_at)
    select current_workspace(), ${network}, uri, '', rev, uri, "accountId", "authorId", ${at}, ${at}, ${at}
    from jsonb_to_recordset(${json(gone)}) as it (uri text, rev text, "accountId" text, "authorId" uuid)
    order by uri collate "C"
    on conflict (workspace_id, network, uri) do update set ${emptied}, deleted_at = excluded.deleted_at
      where posts.deleted_at is null`.execute(tx)
}
