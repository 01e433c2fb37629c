/** Accounts on networks that spoke to or about us. */
import { type RawBuilder, sql } from 'kysely'
import { findAll, findOne, json, type Tx } from '../base/db.ts'
import type { AccountStatus } from '../connectors/connector.ts'

export type Author = {
  authorId: string
  network: string
  accountId: string
  handle: string | null
  status: AccountStatus
  mutedAt: Date | null
  handleCheckedAt: Date | null
}
export type HeardAuthor = {
  accountId: string
  handle: string | null
  displayName: string | null
  /** Only for an account we did not know yet. */
  status: AccountStatus
}

const columns = sql.raw('author_id, network, account_id, handle, status, muted_at, handle_checked_at')

export async function findAuthors(tx: Tx, network: string, accountIds: readonly string[]): Promise<Author[]> {
  if (accountIds.length === 0) return []
  return findAll(
    tx,
    sql<Author>`select ${columns} from authors where workspace_id = current_workspace()
      and network = ${network} and account_id = any(${accountIds}::text[])`,
  )
}

/** Somebody with a case that this transaction may see; anybody where it sees them all. */
export const isSeen = (authorId: RawBuilder<unknown>) => sql`((select current_teams()) is null or exists (
  select from cases seen where seen.workspace_id = current_workspace() and seen.author_id = ${authorId}))`

export async function findSeenAuthor(tx: Tx, authorId: string): Promise<Author | undefined> {
  return findOne(
    tx,
    sql<Author>`select ${columns} from authors
      where workspace_id = current_workspace() and author_id = ${authorId} and ${isSeen(sql`authors.author_id`)}`,
  )
}

export async function findAuthor(tx: Tx, authorId: string): Promise<Author | undefined> {
  return findOne(
    tx,
    sql<Author>`select ${columns} from authors
      where workspace_id = current_workspace() and author_id = ${authorId}`,
  )
}

/**
 * In one order, so that two batches with the same authors wait for each other instead of stopping each other. Who
 * deleted their account is not answered: nothing of theirs is kept.
 */
export async function saveAuthors(
  tx: Tx,
  network: string,
  heard: readonly HeardAuthor[],
  at: Date,
): Promise<Map<string, Author>> {
  if (heard.length === 0) return new Map()
  const once = [...new Map(heard.map((it) => [it.accountId, it])).values()]
  const rows = await findAll(
    tx,
    sql<Author>`insert into authors (workspace_id, network, account_id, handle, display_name, status,
        handle_checked_at, first_heard_at)
      select current_workspace(), ${network}, "accountId", handle, "displayName", status,
        case when handle is not null then ${at}::timestamptz end, ${at}
      from jsonb_to_recordset(${json(once)})
        as heard ("accountId" text, handle text, "displayName" text, status text)
      order by "accountId" collate "C"
      on conflict (workspace_id, network, account_id) do update
        set handle = coalesce(excluded.handle, authors.handle),
          display_name = coalesce(excluded.display_name, authors.display_name),
          handle_checked_at = coalesce(excluded.handle_checked_at, authors.handle_checked_at)
        where authors.status <> 'deleted'
      returning ${columns}`,
  )
  return new Map(rows.map((it) => [it.accountId, it]))
}

/** An account that was deleted there takes its names with it (P7). Answers whether we knew it. */
export async function saveStatus(
  tx: Tx,
  network: string,
  accountId: string,
  status: AccountStatus,
): Promise<boolean> {
  const names = status === 'deleted' ? sql`, handle = null, display_name = null` : sql``
  const known = await findAll(
    tx,
    sql`update authors set status = ${status}${names} where workspace_id = current_workspace()
      and network = ${network} and account_id = ${accountId} returning 1`,
  )
  return known.length > 0
}

/** What the network says the account is called now. Null: it changed to something we have to ask for. */
export async function saveHandle(
  tx: Tx,
  network: string,
  accountId: string,
  handle: string | null,
  at: Date,
): Promise<Author | undefined> {
  const checkedAt = handle === null ? null : at
  return findOne(
    tx,
    sql<Author>`update authors set handle = coalesce(${handle}, handle), handle_checked_at = ${checkedAt}
      where workspace_id = current_workspace() and network = ${network} and account_id = ${accountId}
        and status <> 'deleted' returning ${columns}`,
  )
}

export async function saveProfile(
  tx: Tx,
  authorId: string,
  found: { handle: string; displayName: string | null } | null,
  at: Date,
): Promise<void> {
  const names = found
    ? sql`handle = ${found.handle}, display_name = coalesce(${found.displayName}, display_name), `
    : sql``
  await sql`update authors set ${names} handle_checked_at = ${at}
    where workspace_id = current_workspace() and author_id = ${authorId} and status <> 'deleted'`.execute(tx)
}
