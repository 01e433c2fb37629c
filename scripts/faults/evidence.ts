/** What the network and the database hold at the end, read past the program: as the owner of both. */
import { sql } from 'kysely'
import { type Db, findAll } from '../../src/base/db.ts'
import type { TestPds } from '../../test/pds.ts'
import type { Findings, Truth } from '../../test/rig/oracle.ts'
import { orderOfCommits, postsOf, type Voice } from '../../test/rig/pds.ts'

export async function gather(tools: {
  owner: Db
  pds: TestPds
  brand: Voice
  voices: Voice[]
  truth: Truth
}): Promise<Findings> {
  const { owner, pds, brand, voices, truth } = tools
  const remote = await Promise.all(voices.map(postsOf))
  const place = new Map((await orderOfCommits(pds)).map((uri, index) => [uri, index]))
  const ours = await postsOf(brand)
  const placeOf = (it: { uri: string }) => place.get(it.uri) ?? -1

  return {
    remotePosts: remote.flat().map((it) => it.uri),
    remoteReplies: ours.toSorted((a, b) => placeOf(a) - placeOf(b)),
    posts: await findAll(
      owner,
      sql<Findings['posts'][number]>`select uri, text, case_id from posts where not ours`,
    ),
    cases: await findAll(
      owner,
      sql<Findings['cases'][number]>`select case_id, thread_uri, author_id::text as author from cases`,
    ),
    heard: await findAll(
      owner,
      sql<Findings['heard'][number]>`select e.case_id, p.uri from case_events e
        join posts p on p.workspace_id = e.workspace_id and p.post_id = (e.detail ->> 'postId')::uuid
        where e.type in ('opened', 'customer-wrote', 'reopened') order by e.at, e.event_id`,
    ),
    replies: await findAll(
      owner,
      sql<Findings['replies'][number]>`select reply_id, case_id, frozen_uri as uri, parent_uri, text, state
        from replies order by queued_at, reply_id`,
    ),
    traces: await findTraces(
      owner,
      truth.posts.filter((it) => it.deleted).map((it) => it.token),
    ),
  }
}

/** Words of deleted posts, in any table there is. */
async function findTraces(owner: Db, tokens: string[]): Promise<Findings['traces']> {
  if (tokens.length === 0) return []
  const tables = await findAll(
    owner,
    sql<{ name: string }>`select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname in ('public', 'graphile_worker')`,
  )
  const found = await Promise.all(
    tables.map(async ({ name }) => {
      const rows = await findAll(
        owner,
        sql<{ token: string }>`select distinct told.words[1] as token from ${sql.raw(name)} as it,
          regexp_matches(it::text, ${`(${tokens.join('|')})`}, 'g') as told (words)`,
      )
      return rows.map(({ token }) => ({ table: name, token }))
    }),
  )
  return found.flat()
}

/** Nothing is on its way any more. */
export async function isQuiet(owner: Db): Promise<boolean> {
  const rows = await findAll(
    owner,
    sql<{
      left: number
    }>`select count(*) as left from replies where state in ('queued', 'sending', 'unknown')`,
  )
  return rows[0]!.left === 0
}

export async function isHeard(owner: Db, uri: string): Promise<boolean> {
  return (
    (await findAll(owner, sql`select 1 from posts where uri = ${uri} and case_id is not null`)).length > 0
  )
}

/** What must hold besides: settings that make a commit a commit, no dead letters, no bookmark ahead of the network. */
export async function otherTroubles(owner: Db, newestSeq: number): Promise<string[]> {
  const settings = await findAll(
    owner,
    sql<{ name: string }>`select name from pg_settings
      where name in ('fsync', 'synchronous_commit', 'full_page_writes') and setting <> 'on'`,
  )
  const letters = await findAll(owner, sql<{ error: string }>`select error from dead_letters`)
  const ahead = await findAll(
    owner,
    sql<{
      sourceId: string
    }>`select source_id from sources where kind = 'firehose' and cursor::bigint > ${newestSeq}`,
  )
  return [
    ...settings.map((it) => `PostgreSQL runs with ${it.name} off`),
    ...letters.map((it) => `dead letter: ${it.error}`),
    ...ahead.map((it) => `${it.sourceId}: the bookmark is ahead of the network`),
  ]
}
