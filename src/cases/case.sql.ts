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

export async function findCaseOfThread(
  tx: Tx,
  key: ThreadKey & { authorId: string },
): Promise<Case | undefined> {
  return findOne(
    tx,
    sql<Case>`select ${columns} from cases where workspace_id = ${key.workspaceId}
      and network = ${key.network} and thread_uri = ${key.threadUri} and author_id = ${key.authorId} for update`,
  )
}

export async function findCase(tx: Tx, caseId: string): Promise<Case | undefined> {
  return findOne(
    tx,
    sql<Case>`select ${columns} from cases where workspace_id = current_workspace() and case_id = ${caseId}`,
  )
}

export async function findTargets(tx: Tx): Promise<Targets> {
  const found = await findOne(
    tx,
    sql<Targets>`select answer_within_minutes, time_zone, work_days, work_from_minute, work_to_minute
      from workspaces where workspace_id = current_workspace()`,
  )
  if (!found) throw new Refusal('not-found')
  return found
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
  const { next, events, at } = change
  if (events.length === 0) return next
  const saved = next.version === 0 ? await insertCase(tx, next) : await updateCase(tx, next)
  await saveEvents(tx, next, events, at)
  return saved
}

async function insertCase(tx: Tx, next: Case): Promise<Case> {
  const saved = await findOne(
    tx,
    sql<Case>`
      with taken as (
        update workspaces set next_case_number = next_case_number + 1
        where workspace_id = ${next.workspaceId} returning next_case_number - 1 as number
      )
      insert into cases (workspace_id, case_id, number, network, thread_uri, author_id, channel_id, team_id, status,
        assignee_id, opened_at, unanswered_since, answer_due_at, first_answered_at, last_said_at,
        customer_posts, kind, urgency, language, triage)
      select ${next.workspaceId}, ${next.caseId}, number, ${next.network}, ${next.threadUri},
        ${next.authorId}, ${next.channelId}, ${next.teamId}, ${next.status}, ${next.assigneeId}, ${next.openedAt},
        ${next.unansweredSince}, ${next.answerDueAt}, ${next.firstAnsweredAt}, ${next.lastSaidAt},
        ${next.customerPosts}, ${next.kind}, ${next.urgency}, ${next.language}, ${json(next.triage)}
      from taken returning ${columns}`,
  )
  if (!saved) throw new Error(`no workspace ${next.workspaceId} to number a case in`)
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

async function saveEvents(tx: Tx, next: Case, events: Change['events'], at: Date): Promise<void> {
  const rows = events.map(({ type, ...detail }) => {
    const by = 'by' in detail ? detail.by : null
    return { type, by, detail }
  })
  // Events of one change share their time; their ids, handed out in this order, tell them apart.
  await sql`insert into case_events (workspace_id, case_id, type, detail, by_agent_id, at)
    select ${next.workspaceId}, ${next.caseId}, event ->> 'type', event -> 'detail',
      (event ->> 'by')::uuid, ${at}::timestamptz
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
