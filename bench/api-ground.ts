/** A PostgreSQL of the bench's own with its production settings, and a workspace with as many cases as wanted. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { newId } from '../src/base/clock.ts'
import { type Db, findAll, findOne, openDb } from '../src/base/db.ts'
import { startPostgres } from '../src/base/embedded-postgres.ts'
import { migrate, prepareRoles, urlAs } from '../src/base/roles.ts'
import { testKey } from '../test/key.ts'

export type Ground = {
  ownerUrl: string
  url: string
  owner: Db
  workspaceId: string
  agentIds: string[]
  /** Sees three of twenty teams, and what belongs to none. */
  teamAgentId: string
  stop(): Promise<void>
}

export const agents = 500
const teams = 20

export async function layGround(): Promise<Ground> {
  const folder = mkdtempSync(join(tmpdir(), 'evenhand-bench-api-'))
  // As root the server runs as the OS user postgres, who must be able to walk in.
  chmodSync(folder, 0o755)
  const server = await startPostgres({ dir: join(folder, 'postgres'), password: 'bench' })
  const owner = openDb(server.url, { max: 4, name: 'bench' })
  await prepareRoles(owner.db, testKey)
  await migrate(owner.db, owner.pool)
  return {
    ownerUrl: server.url,
    url: urlAs(server.url, 'evenhand_app', testKey),
    owner: owner.db,
    ...(await settle(owner.db)),
    async stop() {
      await owner.db.destroy()
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function settle(owner: Db) {
  const workspaceId = newId()
  const agentIds = Array.from({ length: agents }, () => newId())
  const teamIds = Array.from({ length: teams }, () => newId())
  const teamAgentId = agentIds[1]!
  for (const row of [
    sql`insert into workspaces (workspace_id, name, brand, time_zone) values (${workspaceId}, 'Acme', 'Acme', 'UTC')`,
    sql`insert into agents (workspace_id, agent_id, user_id, name, email, role)
      select ${workspaceId}, id, 'user-' || id, 'Agent ' || n, n || '@acme.test', 'admin'
      from unnest(${agentIds}::uuid[]) with ordinality as made (id, n)`,
    sql`insert into teams (workspace_id, team_id, name) select ${workspaceId}, id, 'Team ' || n
      from unnest(${teamIds}::uuid[]) with ordinality as made (id, n)`,
    sql`insert into team_agents (workspace_id, team_id, agent_id)
      select ${workspaceId}, id, ${teamAgentId} from unnest(${teamIds.slice(0, 3)}::uuid[]) as made (id)`,
    sql`update agents set sees = 'teams' where agent_id = ${teamAgentId}`,
  ])
    await row.execute(owner)
  return { workspaceId, agentIds, teamAgentId }
}

/**
 * Grows the workspace to this many cases with a post each: a fifth in the queue, one in twenty answered, the rest
 * closed; four in ten belong to no team. Answers how long it took, in seconds.
 */
export async function fillTo(ground: Ground, wanted: number): Promise<number> {
  const { owner, workspaceId } = ground
  const startedAt = performance.now()
  const has = await findOne(owner, sql<{ had: number }>`select next_case_number - 1 as had from workspaces`)
  const had = has!.had
  const indexes = await dropIndexes(owner)
  await owner.connection().execute(async (db) => {
    // Filling is no news, and what is made here fits together.
    await sql`set session_replication_role = replica`.execute(db)
    await sql`set synchronous_commit = off`.execute(db)
    const step = 250_000
    for (let from = had + 1; from <= wanted; from += step)
      await fill(db, workspaceId, from, Math.min(wanted, from + step - 1))
    await sql`update workspaces set next_case_number = ${wanted + 1}`.execute(db)
    await sql`set session_replication_role = origin`.execute(db)
    await sql`set maintenance_work_mem = '512MB'`.execute(db)
    for (const index of indexes) await sql.raw(index).execute(db)
    await sql`reset maintenance_work_mem`.execute(db)
    await sql`reset synchronous_commit`.execute(db)
  })
  await sql`vacuum analyze`.execute(owner)
  await sql`checkpoint`.execute(owner)
  return (performance.now() - startedAt) / 1_000
}

/** Those that no constraint stands on; answers how to make them again. */
async function dropIndexes(owner: Db): Promise<string[]> {
  const found = await findAll(
    owner,
    sql<{ name: string; made: string }>`select i.indexrelid::regclass::text as name,
        pg_get_indexdef(i.indexrelid) as made
      from pg_index i where i.indrelid in ('cases'::regclass, 'posts'::regclass)
        and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
  )
  for (const { name } of found) await sql`drop index ${sql.id(name)}`.execute(owner)
  return found.map((it) => it.made)
}

async function fill(db: Db, workspaceId: string, from: number, to: number): Promise<void> {
  const place = sql`'at://did:plc:customer/app.bsky.feed.post/' || lpad(n::text, 9, '0')`
  await sql`insert into authors (workspace_id, author_id, network, account_id, handle, display_name)
    select ${workspaceId}, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'bluesky',
      'did:plc:customer' || lpad(n::text, 9, '0'), 'customer' || n || '.example', 'Customer ' || n
    from generate_series(${from}::int / 10, ${to}::int / 10) as n on conflict do nothing`.execute(db)
  await sql`with team as (select array_agg(team_id order by team_id) as ids from teams),
      agent as (select array_agg(agent_id order by agent_id) as ids from agents)
    insert into cases (workspace_id, case_id, number, network, thread_uri, author_id, status, team_id, assignee_id,
      opened_at, unanswered_since, answer_due_at, first_answered_at, last_said_at, kind, urgency, language, triage,
      outcome, outcome_by, closed_at)
    select ${workspaceId}, ('10000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, n, 'bluesky', ${place},
      ('00000000-0000-7000-8000-' || lpad((n / 10)::text, 12, '0'))::uuid,
      case when n % 100 < 20 then 'new' when n % 100 < 25 then 'waiting' else 'closed' end,
      case when n % 10 >= 4 then team.ids[1 + (n / 10 * 7919::bigint) % ${teams}] end,
      case when n % 100 < 25 and n % 3 = 0 then agent.ids[1 + (n / 100 * 7::bigint) % ${agents}] end,
      said, case when n % 100 < 20 then said end, case when n % 100 < 20 then said + interval '4 hours' end,
      case when n % 100 >= 20 then said + interval '1 hour' end, said, 'complaint', (n % 4), 'en',
      '{"language":"en","kind":"complaint","kindReasons":[{"rule":"complaint","words":["never came"]}],"urgency":1,"urgencyReasons":[],"needsAnswer":"yes"}',
      case when n % 100 >= 25 then 'solved' end, case when n % 100 >= 25 then 'us' end,
      case when n % 100 >= 25 then said + interval '2 hours' end
    from team, agent, (select n, now() - (interval '10 seconds' * (6000000 - n)) as said
      from generate_series(${from}::int, ${to}::int) as n) as made`.execute(db)
  await sql`insert into posts (workspace_id, post_id, network, uri, cid, rev, thread_uri, author_account_id, author_id,
      case_id, text, langs, said_at, matched)
    select ${workspaceId}, ('20000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'bluesky', ${place}, 'bafyrei',
      '3l' || n, ${place}, 'did:plc:customer' || lpad((n / 10)::text, 9, '0'),
      ('00000000-0000-7000-8000-' || lpad((n / 10)::text, 12, '0'))::uuid,
      ('10000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid,
      'My acme parcel ' || n || ' never came. It was promised for Tuesday, and nobody answers the telephone.',
      '{en}', now() - (interval '10 seconds' * (6000000 - n)), '[{"rule":"watch","watchId":null}]'
    from generate_series(${from}::int, ${to}::int) as n`.execute(db)
}
