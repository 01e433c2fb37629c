/** A workspace in which every word that a screen shows means harm: what no door takes in hundreds, put there by its owner. */
import { createHash, randomBytes } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import { newId } from '../../src/base/clock.ts'
import { type Db, json } from '../../src/base/db.ts'
import { digestOf } from '../../src/staff/setup-link.ts'
import type { Taking } from './taking.ts'

export type Planted = {
  workspaceId: string
  agentId: string
  /** The case with hundreds of posts, and the webhook with attempts. */
  caseId: string
  webhookId: string
  joinToken: string
}
type Ground = { owner: Db; lines: Taking; at: Omit<Planted, 'webhookId' | 'joinToken'> }

const ids = (count: number) => Array.from({ length: count }, () => newId())

export async function plant(ground: Ground): Promise<Planted> {
  const joinToken = randomBytes(32).toString('base64url')
  const webhookId = newId()
  for (const change of [
    ...staff(ground, joinToken),
    ...network(ground),
    ...cases(ground),
    ...people(ground),
    ...settings(ground, webhookId),
  ])
    await change.execute(ground.owner)
  await audit(ground)
  return { ...ground.at, webhookId, joinToken }
}

/** Shown at the door, which names providers only while there is one workspace; so these come later. */
export async function plantWorkspaces({ owner, lines, at }: Ground): Promise<void> {
  for (const name of lines.take(20)) {
    const id = newId()
    await sql`insert into workspaces (workspace_id, name, brand, time_zone) values (${id}, ${name}, ${name}, 'UTC')`.execute(
      owner,
    )
    await sql`insert into agents (workspace_id, user_id, name, email, role)
      select ${id}, user_id, ${name}, email, 'agent' from agents where agent_id = ${at.agentId}`.execute(
      owner,
    )
  }
}

type Change = RawBuilder<unknown>

function staff({ lines, at: { workspaceId, agentId } }: Ground, joinToken: string): Change[] {
  const names = lines.take(150)
  const roles = lines.take(60)
  const teams = lines.take(60)
  return [
    sql`insert into roles (workspace_id, name, may, copied_from)
      select ${workspaceId}, name, '{cases.read}', 'viewer' from unnest(${roles}::text[]) name
      on conflict (workspace_id, lower(name)) do nothing`,
    sql`insert into agents (workspace_id, user_id, name, email, role, role_id, suspended_at)
      select ${workspaceId}, 'nobody-' || nth, name, email, 'custom',
        (select role_id from roles where workspace_id = ${workspaceId} order by role_id offset nth % 20 limit 1),
        case when nth % 9 = 0 then now() end
      from unnest(${names}::text[], ${lines.take(150)}::text[]) with ordinality as row (name, email, nth)`,
    sql`update agents set name = ${lines.joined(4)} where agent_id = ${agentId}`,
    sql`insert into teams (workspace_id, name, needs_approval) select ${workspaceId}, name, false
      from unnest(${teams}::text[]) name on conflict (workspace_id, lower(name)) where removed_at is null do nothing`,
    sql`insert into team_agents (workspace_id, team_id, agent_id)
      select t.workspace_id, t.team_id, a.agent_id from (select * from teams where workspace_id = ${workspaceId} limit 8) t
      cross join (select * from agents where workspace_id = ${workspaceId} order by agent_id limit 12) a`,
    sql`insert into absences (workspace_id, agent_id, starts_at, ends_at, note, noted_by)
      select ${workspaceId}, a.agent_id, now() - interval '1 hour', now() + interval '9 days', note, ${agentId}
      from unnest(${lines.take(60)}::text[]) with ordinality as row (note, nth)
      join (select agent_id, row_number() over () as nth from agents
        where workspace_id = ${workspaceId} and agent_id <> ${agentId}) a using (nth)`,
    sql`insert into invitations (workspace_id, email, role, sees, token_digest, mail_state, invited_by, created_at, expires_at)
      select ${workspaceId}, email, 'agent', 'workspace', decode(md5(email), 'hex'), 'sent', ${agentId}, now(), now() + interval '6 days'
      from unnest(${lines.take(60)}::text[]) email on conflict do nothing`,
    sql`insert into invitations (workspace_id, email, role, sees, token_digest, mail_state, invited_by, created_at, expires_at)
      values (${workspaceId}, ${`${lines.joined(3)}@x.test`}, 'agent', 'workspace', ${digestOf(joinToken)}, 'sent', ${agentId},
        now(), now() + interval '6 days')`,
  ]
}

function network({ lines, at: { workspaceId } }: Ground): Change[] {
  const places = lines.take(40).map((address) => ({ sourceId: `hostile ${newId()}`, address }))
  const sourceIds = places.map((it) => it.sourceId)
  const words = lines.take(300, 100)
  return [
    sql`insert into channels (workspace_id, network, account_id, handle, display_name, service_url, sealed_secret, state,
        paused_reason, paused_detail, paused_at)
      select ${workspaceId}, 'bluesky', 'did:hostile:' || nth, handle, nullif(display_name, '-'), service_url, '',
        case when nth <= 3 then 'paused' else 'open' end, case when nth <= 3 then detail end, case when nth <= 3 then detail end,
        case when nth <= 3 then now() end
      from unnest(${lines.take(80)}::text[], ${lines.take(80)}::text[], ${lines.take(80)}::text[], ${lines.take(80)}::text[])
        with ordinality as row (handle, display_name, service_url, detail, nth)`,
    sql`insert into sources (source_id, kind, address, state, state_reason)
      select source_id, 'jetstream', address, case when nth <= 2 then 'needs-decision' else 'stopped' end, reason
      from unnest(${sourceIds}::text[], ${places.map((it) => it.address)}::text[], ${lines.take(40)}::text[])
        with ordinality as row (source_id, address, reason, nth)`,
    sql`insert into workspace_sources (workspace_id, source_id) select ${workspaceId}, unnest(${sourceIds}::text[])`,
    sql`insert into gaps (source_id, cause, noticed_at)
      select (${sourceIds}::text[])[1 + nth % 40], cause, now() - interval '3 days' - nth * interval '1 second'
      from unnest(${lines.take(300)}::text[]) with ordinality as row (cause, nth)`,
    sql`insert into watches (workspace_id, name, terms)
      select ${workspaceId}, name, jsonb_build_object('words', jsonb_build_array(words[nth * 5], words[nth * 5 - 1]),
        'handles', jsonb_build_array(words[nth * 5 - 2]), 'hashtags', jsonb_build_array(words[nth * 5 - 3]),
        'domains', '[]'::jsonb, 'exclusions', jsonb_build_array(words[nth * 5 - 4]))
      from unnest(${lines.take(60, 100)}::text[]) with ordinality as row (name, nth), (select ${words}::text[] as words) all_of`,
  ]
}

/** What people said stands there already: it came through the door for other programs. */
function cases({ lines, at: { workspaceId, agentId, caseId } }: Ground): Change[] {
  const of = sql`workspace_id = ${workspaceId} and case_id = ${caseId}`
  const targets = lines.take(300)
  const parts = lines.take(300)
  const posts = sql`(select post_id, row_number() over (order by said_at, post_id) as nth from posts where ${of})`
  const channel = sql`(select channel_id from channels where workspace_id = ${workspaceId} and network = 'bluesky' limit 1)`
  const anAgent = sql`(select agent_id from agents where workspace_id = ${workspaceId} order by agent_id offset nth % 40 limit 1)`
  return [
    sql`update posts p set facets = jsonb_build_array(jsonb_build_object('byteStart', 0, 'byteEnd', 1, 'kind', 'link', 'value', target)),
        embed = jsonb_build_object('images', case when row.nth % 60 = 0 then jsonb_build_array(jsonb_build_object('ref', part,
          'alt', part, 'mime', 'image/png', 'width', 10, 'height', 10)) else '[]'::jsonb end,
          'link', jsonb_build_object('url', case when row.nth % 2 = 0 then target else 'https://evil.example/' || row.nth end, 'title', part,
            'description', target), 'quote', case when row.nth % 50 = 0 then jsonb_build_object('uri', target) end, 'other', part)
      from ${posts} it join unnest(${targets}::text[], ${parts}::text[]) with ordinality as row (target, part, nth) using (nth)
      where p.workspace_id = ${workspaceId} and p.post_id = it.post_id`,
    sql`insert into replies (workspace_id, reply_id, case_id, channel_id, by_agent_id, purpose, text, thread_uri, parent_uri,
        frozen_key, frozen_uri, frozen_record, state, detail, send_after, url, shown, shown_reason)
      select ${workspaceId}, uuidv7(), ${caseId}, ${channel}, ${anAgent}, 'answer', text, 'x', 'x', 'k' || nth, detail, '{}',
        (array['refused', 'sent', 'needs-person', 'undone'])[1 + nth % 4], detail, now(), url,
        (array['shown', 'hidden', 'unknown'])[1 + nth % 3], detail
      from unnest(${lines.take(60)}::text[], ${lines.take(60)}::text[], ${lines.take(60)}::text[])
        with ordinality as row (text, detail, url, nth)`,
    sql`insert into approvals (workspace_id, reply_id, case_id, channel_id, by_agent_id, purpose, text, asked_at)
      select ${workspaceId}, uuidv7(), c.case_id, ${channel}, ${anAgent}, 'answer', text, now()
      from unnest(${lines.take(100)}::text[]) with ordinality as row (text, nth)
      join (select case_id, row_number() over (order by case_id = ${caseId} desc, case_id) as nth from cases
        where workspace_id = ${workspaceId}) c using (nth)`,
    sql`insert into case_events (workspace_id, case_id, type, detail, by_agent_id, at)
      select ${workspaceId}, ${caseId}, case nth % 3 when 0 then word when 1 then 'approval-returned' else 'imported' end,
        jsonb_build_object('reason', word, 'from', word, 'id', word), ${anAgent}, now()
      from unnest(${lines.take(100)}::text[]) with ordinality as row (word, nth)`,
    sql`update cases c set status = case when nth % 4 = 0 then 'closed' else status end,
        outcome = case when nth % 4 = 0 then 'no-answer-needed' end, outcome_by = case when nth % 4 = 0 then 'us' end,
        outcome_reason = case when nth % 4 = 0 then reason end, closed_at = case when nth % 4 = 0 then now() end,
        assignee_id = case nth % 4 when 1 then ${agentId}::uuid when 2 then ${anAgent} end,
        unanswered_since = case when nth % 4 in (0, 3) then null else unanswered_since end,
        answer_due_at = case when nth % 4 in (0, 3) then null else answer_due_at end,
        team_id = (select team_id from teams where workspace_id = ${workspaceId} order by team_id offset nth % 40 limit 1)
      from (select case_id, row_number() over (order by case_id) as nth from cases
        where workspace_id = ${workspaceId} and case_id <> ${caseId}) it
      join unnest(${lines.take(300)}::text[]) with ordinality as row (reason, nth) using (nth)
      where c.workspace_id = ${workspaceId} and c.case_id = it.case_id`,
  ]
}

function people({ lines, at: { workspaceId, agentId, caseId } }: Ground): Change[] {
  const author = sql`(select author_id from cases where workspace_id = ${workspaceId} and case_id = ${caseId})`
  const points = lines.take(100)
  const [pointIds, proofIds] = [ids(points.length), ids(points.length)]
  const searchId = newId()
  return [
    sql`insert into provenances (workspace_id, provenance_id, contact_point_id, how, source, basis, by_agent_id, evidence_digest, at)
      select ${workspaceId}, proof, point, 'import', source, basis, ${agentId}, '\\x00', now()
      from unnest(${proofIds}::uuid[], ${pointIds}::uuid[], ${lines.take(100)}::text[], ${lines.take(100)}::text[]) as row (proof, point, source, basis)
      where source is not null and basis is not null`,
    sql`insert into contact_points (workspace_id, contact_point_id, author_id, kind, value, provenance_id)
      select ${workspaceId}, point, ${author}, 'handle', value, proof
      from unnest(${proofIds}::uuid[], ${pointIds}::uuid[], ${points}::text[]) as row (proof, point, value)
      where exists (select from provenances p where p.workspace_id = ${workspaceId} and p.provenance_id = proof)`,
    sql`insert into person_searches (workspace_id, search_id, agent_id, name, reason, at)
      values (${workspaceId}, ${searchId}, ${agentId}, ${lines.joined(3)}, ${lines.joined(5)}, now())`,
    sql`insert into looks (workspace_id, look_id, agent_id, author_id, search_id, at, hour)
      select ${workspaceId}, uuidv7(), a.agent_id, w.author_id, ${searchId}, now(), date_trunc('hour', now())
      from (select author_id, row_number() over (order by author_id) as nth from authors where workspace_id = ${workspaceId}) w
      join (select agent_id, row_number() over (order by agent_id) as nth from agents where workspace_id = ${workspaceId}) a using (nth)`,
    sql`insert into alerts (workspace_id, kind, agent_id, author_id, found, usual, day, noticed_at)
      select ${workspaceId}, 'one-person', agent_id, author_id, 41, 6, current_date, now() from looks
      where workspace_id = ${workspaceId} limit 20`,
  ]
}

function settings({ lines, at: { workspaceId, agentId } }: Ground, webhookId: string): Change[] {
  const words = lines.take(300)
  const fields = words.map((field, n) => ({ field, why: words.at(-n)!, count: n, examples: [words[n]!] }))
  const none = { fresh: 1, known: 0 }
  const report = { people: none, cases: none, open: 1, posts: none, notes: 1, contactPoints: none, fields }
  const user = sql`(select user_id from agents where agent_id = ${agentId})`
  const event = newId()
  return [
    sql`update workspaces set name = ${lines.joined(20)}, brand = ${lines.joined(20)} where workspace_id = ${workspaceId}`,
    sql`insert into api_keys (workspace_id, agent_id, name, may, digest, hint, expires_at)
      select ${workspaceId}, ${agentId}, name, '{cases.read}', decode(md5(nth::text), 'hex'), hint, now() + interval '9 days'
      from unnest(${lines.take(150)}::text[], ${lines.take(150)}::text[]) with ordinality as row (name, hint, nth)`,
    sql`insert into webhook_destinations (workspace_id, destination_id, name, url, types, sealed_secret, state, state_reason)
      select ${workspaceId}, case when nth = 1 then ${webhookId}::uuid else uuidv7() end, name, url, '{case.closed}', '', 'disabled', 'gone'
      from unnest(${[...Array(20)].map(() => lines.joined(8))}::text[], ${[...Array(20)].map(() => lines.joined(8))}::text[])
        with ordinality as row (name, url, nth)`,
    sql`insert into webhook_deliveries (workspace_id, destination_id, event_id, type, about, data, at, sequence, state, tries, last_error, last_status)
      select ${workspaceId}, ${webhookId}, case when nth = 1 then ${event}::uuid else uuidv7() end, 'case.closed', 'x',
        jsonb_build_object('caseId', word), now(), nth, 'dead', 1, 'status', 500
      from unnest(${lines.take(60)}::text[]) with ordinality as row (word, nth)`,
    sql`insert into webhook_attempts (workspace_id, destination_id, event_id, attempt_id, at, duration_ms, status, error, answer)
      select d.workspace_id, d.destination_id, d.event_id, uuidv7(), now() - nth * interval '1 second', 1, 500, 'status', answer
      from webhook_deliveries d, unnest(${lines.take(100)}::text[]) with ordinality as row (answer, nth)
      where d.destination_id = ${webhookId} and nth % 20 = d.sequence % 20`,
    // What its contract would not answer is not planted: the server checks its own answers.
    sql`insert into sso_providers (workspace_id, provider_id, name, issuer, client_id, sealed_secret, domains, created_at)
      select ${workspaceId}, uuidv7(), name, 'https://evil.example/', client, '', '{acme.test}', now()
      from unnest(${lines.take(20, 60)}::text[], ${lines.take(20)}::text[]) as row (name, client)`,
    sql`insert into carries (workspace_id, direction, kind, file_name, state, problem, report, by_agent_id)
      select ${workspaceId}, case when nth % 2 = 0 then 'out' else 'in' end, case when nth % 2 = 0 then 'evenhand' else 'zendesk' end,
        name, case when nth = 15 then 'read' else 'failed' end, problem, case when nth = 15 then ${json(report)}::jsonb end, ${agentId}
      from unnest(${lines.take(15)}::text[], ${lines.take(15)}::text[]) with ordinality as row (name, problem, nth)`,
    sql`insert into auth_sessions (id, "userId", token, "expiresAt", "ipAddress", "userAgent", "seenAt")
      select 'hostile-' || nth, ${user}, 'hostile-' || nth, now() + interval '1 day', address, agent, now() - interval '1 hour'
      from unnest(${lines.take(150)}::text[], ${lines.take(150)}::text[]) with ordinality as row (address, agent, nth)`,
    sql`insert into auth_passkeys (id, "userId", name, "publicKey", "credentialID", counter, "deviceType", "backedUp")
      select 'hostile-' || nth, ${user}, name, '', 'hostile-' || nth, 0, 'singleDevice', false
      from unnest(${lines.take(150)}::text[]) with ordinality as row (name, nth)`,
  ]
}

/** Acts of things that have names, acts that nobody knows, and content of any words. */
async function audit({ owner, lines, at: { workspaceId } }: Ground): Promise<void> {
  const made = createHash('sha256').update('salt').digest()
  const words = lines.take(150)
  await sql`insert into audit (workspace_id, act, by_agent_id, by_key_id, on_id, content, salt)
    select ${workspaceId}, case when nth % 3 = 0 then word else it.act end, a.agent_id,
      case when nth % 5 = 0 then (select key_id from api_keys where workspace_id = ${workspaceId} limit 1) end, it.id,
      (select jsonb_object_agg(w, w) from unnest(${words}::text[]) w where nth = 150 or w = word), ${made}
    from unnest(${words}::text[]) with ordinality as row (word, nth)
    join (select id, act, row_number() over (order by id) as nth from (
      (select watch_id::text as id, 'watch.changed' as act from watches where workspace_id = ${workspaceId} limit 40)
      union all (select team_id::text, 'team.changed' from teams where workspace_id = ${workspaceId} limit 40)
      union all (select author_id::text, 'author.muted' from authors where workspace_id = ${workspaceId} limit 40)
      union all (select channel_id::text, 'channel.connected' from channels where workspace_id = ${workspaceId} limit 40)) as any_of) it using (nth)
    join (select agent_id, row_number() over (order by agent_id) as nth from agents where workspace_id = ${workspaceId}) a using (nth)`.execute(
    owner,
  )
}
