/** The cases table and its history. Functions say what they fetch; none of them decides anything. */
import { type RawBuilder, sql } from 'kysely'
import { findAll, findOne, json, type Tx } from '../base/db.ts'
import { Refusal } from '../base/refusal.ts'
import type { Case, Change, Targets } from './case.ts'

export type ThreadKey = { workspaceId: string; network: string; threadUri: string }

/** Held to the end of the transaction: two posts of a new thread must not open two cases. */
export async function lockThread(tx: Tx, thread: ThreadKey): Promise<void> {
  await lockThreads(tx, [thread])
}

/**
 * All threads of a batch at once, in one order: two batches that share threads wait for each other instead of
 * stopping each other. Call it before anything else that the batch writes.
 */
export async function lockThreads(tx: Tx, threads: readonly ThreadKey[]): Promise<void> {
  const keys = [...new Set(threads.map((it) => `${it.workspaceId} ${it.network} ${it.threadUri}`))]
  await sql`select pg_advisory_xact_lock(key) from (
      select distinct hashtextextended(word, 0) as key from unnest(${keys}::text[]) as word order by 1
    ) as keys`.execute(tx)
}

/** The cases of these authors in these threads, locked in one order. */
export async function findCasesOfThreads(
  tx: Tx,
  network: string,
  voices: readonly { threadUri: string; authorId: string }[],
): Promise<Case[]> {
  if (voices.length === 0) return []
  return findAll(
    tx,
    sql<Case>`select ${columns} from cases where workspace_id = current_workspace() and network = ${network}
      and (thread_uri, author_id) in (select * from unnest(
        ${voices.map((it) => it.threadUri)}::text[], ${voices.map((it) => it.authorId)}::uuid[]))
      order by case_id for update`,
  )
}

export async function findCase(tx: Tx, caseId: string): Promise<Case | undefined> {
  return findOne(
    tx,
    sql<Case>`select ${columns} from cases where workspace_id = current_workspace() and case_id = ${caseId}`,
  )
}

/** The promise and the hours it counts in: those of the team, else of the workspace. */
export async function findTargets(tx: Tx, teamId: string | null = null): Promise<Targets> {
  return (await findClocks(tx)).targetsOf(teamId)
}

type Hours = Pick<Targets, 'timeZone' | 'blocks' | 'holidays'>
type Clocks = {
  targetsOf: (teamId: string | null) => Targets
  /** Whose cases open in a team: it has the channel that was addressed. */
  teamOf: (channelId: string | null) => string | null
}

/** Of all teams in one question: a batch opens cases of several. */
export async function findClocks(tx: Tx): Promise<Clocks> {
  const found = await findOne(
    tx,
    sql<
      Hours & { answerWithinMinutes: number; teams: Record<string, Hours>; channels: Record<string, string> }
    >`select w.answer_within_minutes, w.time_zone, w.hours -> 'blocks' as blocks, w.hours -> 'holidays' as holidays,
        (select coalesce(jsonb_object_agg(t.team_id, t.hours || jsonb_build_object('timeZone', t.time_zone)), '{}')
          from teams t where t.workspace_id = w.workspace_id and t.hours is not null and t.removed_at is null) as teams,
        (select coalesce(jsonb_object_agg(c.channel_id, c.team_id), '{}')
          from team_channels c where c.workspace_id = w.workspace_id) as channels
      from workspaces w where w.workspace_id = current_workspace()`,
  )
  if (!found) throw new Refusal('not-found')
  const { teams, channels, ...targets } = found
  return {
    targetsOf: (teamId) => ({ ...targets, ...(teamId && teams[teamId]) }),
    teamOf: (channelId) => (channelId && channels[channelId]) || null,
  }
}

/** Load, decide, save: the only way a case changes. The row's lock makes two agents take turns. */
export async function changeCase(tx: Tx, caseId: string, decide: (was: Case) => Change): Promise<Case> {
  const was = await findOne(
    tx,
    sql<Case>`select ${columns} from cases
      where workspace_id = current_workspace() and case_id = ${caseId} for update`,
  )
  if (!was) throw new Refusal('not-found')
  return saveChange(tx, decide(was))
}

/** Both halves of a change. Answers the case as it stands now, with its number and version. */
export async function saveChange(tx: Tx, change: Change): Promise<Case> {
  return (await saveChanges(tx, [change]))[0]!
}

/** Of several cases of one workspace, in their order: new ones get their numbers in one go. */
export async function saveChanges(tx: Tx, changes: readonly Change[]): Promise<Case[]> {
  const real = changes.filter((it) => it.events.length > 0)
  const made = await insertCases(
    tx,
    real.flatMap(({ next }) => (next.version === 0 ? [next] : [])),
  )
  const saved = new Map(made.map((it) => [it.caseId, it]))
  for (const { next } of real) {
    if (next.version > 0) saved.set(next.caseId, await updateCase(tx, next))
  }
  await saveEvents(tx, real)
  return changes.map(({ next }) => saved.get(next.caseId) ?? next)
}

async function insertCases(tx: Tx, made: readonly Case[]): Promise<Case[]> {
  if (made.length === 0) return []
  const saved = await findAll(
    tx,
    sql<Case>`
      with taken as (
        update workspaces set next_case_number = next_case_number + ${made.length}
        where workspace_id = current_workspace() returning next_case_number - ${made.length} as first
      )
      insert into cases (workspace_id, case_id, number, network, thread_uri, author_id, channel_id, team_id, status,
        assignee_id, opened_at, unanswered_since, answer_due_at, first_answered_at, last_said_at,
        customer_posts, kind, urgency, language, triage)
      select "workspaceId", "caseId", first + place - 1, network, "threadUri", "authorId", "channelId", "teamId", status,
        "assigneeId", "openedAt", "unansweredSince", "answerDueAt", "firstAnsweredAt", "lastSaidAt",
        "customerPosts", kind, urgency, language, triage
      from taken, rows from (jsonb_to_recordset(${json(made)}) as ("workspaceId" uuid, "caseId" uuid, network text,
        "threadUri" text, "authorId" uuid, "channelId" uuid, "teamId" uuid, status text, "assigneeId" uuid,
        "openedAt" timestamptz, "unansweredSince" timestamptz, "answerDueAt" timestamptz,
        "firstAnsweredAt" timestamptz, "lastSaidAt" timestamptz, "customerPosts" integer, kind text,
        urgency integer, language text, triage jsonb)) with ordinality as made ("workspaceId", "caseId", network,
        "threadUri", "authorId", "channelId", "teamId", status, "assigneeId", "openedAt", "unansweredSince",
        "answerDueAt", "firstAnsweredAt", "lastSaidAt", "customerPosts", kind, urgency, language, triage, place)
      order by place returning ${columns}`,
  )
  if (saved.length < made.length) throw new Error('no workspace to number cases in')
  return saved
}

async function updateCase(tx: Tx, next: Case): Promise<Case> {
  const saved = await findOne(
    tx,
    sql<Case>`update cases set channel_id = ${next.channelId}, team_id = ${next.teamId}, status = ${next.status},
        assignee_id = ${next.assigneeId}, unanswered_since = ${next.unansweredSince},
        answer_due_at = ${next.answerDueAt}, first_answered_at = ${next.firstAnsweredAt},
        last_said_at = ${next.lastSaidAt}, customer_posts = ${next.customerPosts}, kind = ${next.kind},
        urgency = ${next.urgency}, language = ${next.language}, triage = ${json(next.triage)},
        outcome = ${next.outcome}, outcome_by = ${next.outcomeBy}, outcome_reason = ${next.outcomeReason},
        closed_at = ${next.closedAt}, closed_by = ${next.closedBy}, version = version + 1
      where workspace_id = ${next.workspaceId} and case_id = ${next.caseId} and version = ${next.version}
      returning ${columns}`,
  )
  // Only a caller that loaded the case without its lock can come here.
  if (!saved) throw new Refusal('changed-meanwhile')
  return saved
}

async function saveEvents(tx: Tx, changes: readonly Change[]): Promise<void> {
  const rows = changes.flatMap(({ next: { workspaceId, caseId }, events, at }) =>
    events.map(({ type, ...detail }) => {
      const by = 'by' in detail ? detail.by : null
      return { workspaceId, caseId, type, by, detail, at }
    }),
  )
  if (rows.length === 0) return
  // Events of one change share their time; their ids, handed out in this order, tell them apart.
  await sql`insert into case_events (workspace_id, case_id, type, detail, by_agent_id, at)
    select (event ->> 'workspaceId')::uuid, (event ->> 'caseId')::uuid, event ->> 'type', event -> 'detail',
      (event ->> 'by')::uuid, (event ->> 'at')::timestamptz
    from jsonb_array_elements(${json(rows)}) with ordinality as list (event, place) order by place`.execute(
    tx,
  )
}

/** Open cases of one author, locked: what muting as spam closes. */
export async function findOpenCasesOfAuthor(tx: Tx, authorId: string): Promise<string[]> {
  const rows = await findAll(
    tx,
    sql<{ caseId: string }>`select case_id from cases where workspace_id = current_workspace()
      and author_id = ${authorId} and status <> 'closed' order by case_id for update`,
  )
  return rows.map((it) => it.caseId)
}

const columns: RawBuilder<unknown> = sql.raw(`workspace_id, case_id, number, network, thread_uri, author_id,
  channel_id, team_id, status, assignee_id, opened_at, unanswered_since, answer_due_at, first_answered_at, last_said_at,
  customer_posts, kind, urgency, language, triage, outcome, outcome_by, outcome_reason, closed_at, closed_by,
  version`)
