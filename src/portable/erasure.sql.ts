/** The erasure ledger: keyed digests of what a network erased. Triggers write it, so that no room can forget to. */
import { sql } from 'kysely'
import { type Db, findAll, json, type Tx } from '../base/db.ts'

/** `digest` in hex. */
export type Erasure = { digest: string; kind: 'post' | 'account'; at: string }

const columns = sql`encode(digest, 'hex') as digest, kind,
  to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at`

/** Not yet in the file beside the database. */
export async function findUnfiled(db: Db): Promise<Erasure[]> {
  return findAll(
    db,
    sql<Erasure>`select ${columns} from erasures where filed_at is null order by erasures.at limit 1000`,
  )
}

export async function findErasures(db: Db): Promise<Erasure[]> {
  return findAll(db, sql<Erasure>`select ${columns} from erasures order by erasures.at`)
}

export async function saveFiled(db: Db, filed: readonly Erasure[]): Promise<void> {
  await sql`update erasures set filed_at = now() from jsonb_to_recordset(${json(filed)}) as it (digest text)
    where erasures.digest = decode(it.digest, 'hex')`.execute(db)
}

/** Of these, what this database does not know of: it comes from before. */
export async function findUnknown(db: Db, known: readonly Erasure[]): Promise<Erasure[]> {
  return findAll(
    db,
    sql<Erasure>`select it.digest, it.kind, it.at
      from jsonb_to_recordset(${json(known)}) as it (digest text, kind text, at text)
      where not exists (select from erasures e where e.digest = decode(it.digest, 'hex'))`,
  )
}

export async function saveErasures(db: Db, erasures: readonly Erasure[]): Promise<void> {
  await sql`insert into erasures (digest, kind, at, filed_at)
    select decode(digest, 'hex'), kind, at::timestamptz, now()
    from jsonb_to_recordset(${json(erasures)}) as it (digest text, kind text, at text)
    on conflict (digest) do nothing`.execute(db)
}

const among = (erasures: readonly Erasure[]) =>
  sql`(select decode(it.digest, 'hex') from jsonb_to_recordset(${json(erasures)}) as it (digest text))`

/** Posts that are here again although their network erased them. Inside a workspace; every live post is asked. */
export async function findRevivedPosts(
  tx: Tx,
  erasures: readonly Erasure[],
): Promise<{ network: string; uri: string }[]> {
  return findAll(
    tx,
    sql`select network, uri from posts where workspace_id = current_workspace() and deleted_at is null
      and erasure_digest('post', network, uri) in ${among(erasures)}`,
  )
}

export async function findRevivedAuthors(
  tx: Tx,
  erasures: readonly Erasure[],
): Promise<{ network: string; accountId: string }[]> {
  return findAll(
    tx,
    sql`select network, account_id from authors
      where workspace_id = current_workspace() and status <> 'deleted'
        and erasure_digest('account', network, account_id) in ${among(erasures)}`,
  )
}

/** Input that could not be read and holds what was erased. Letters name no network: there is one that is listened to. */
export async function forgetRevivedLetters(db: Db, erasures: readonly Erasure[]): Promise<void> {
  await sql`delete from dead_letters where erasure_digest('post', 'bluesky', uri) in ${among(erasures)}
    or exists (select from unnest(accounts) as account
      where erasure_digest('account', 'bluesky', account) in ${among(erasures)})`.execute(db)
}
