/** People and cases of another help desk, written so that the same once more changes nothing. */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { findAll, findOne, json, type Tx } from '../base/db.ts'
import { findCasesOfThreads, findClocks, saveChanges } from '../cases/case.sql.ts'
import type { Case } from '../cases/case.ts'
import type { OldCase, Person, Said } from './foreign.ts'
import { caseOfOld, hearMore, type Place } from './old-case.ts'

/** Who carries it in, from which file, when: what becomes the provenance of every address. */
export type Carrier = {
  workspaceId: string
  agentId: string
  fileName: string
  digest: Buffer
  at: Date
  from: string
}

/** The network of what came another way than by listening. */
const network = 'api'

/** The same thing has the same id in every import of the same workspace (a UUID version 8, RFC 9562). */
export function idFor(workspaceId: string, ...parts: string[]): string {
  const bytes = createHash('sha256')
    .update(JSON.stringify(['carried in', workspaceId, ...parts]))
    .digest()
  bytes[6] = (bytes[6]! & 0x0f) | 0x80
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}

export type Known = { people: Set<string>; cases: Set<string>; said: Set<string>; points: Set<string> }

export async function findKnown(
  tx: Tx,
  asked: { people: string[]; cases: string[]; said: string[] },
): Promise<Known> {
  const keys = async (found: Promise<{ key: string }[]>) => new Set((await found).map((it) => it.key))
  const list = (it: string[]) => sql`(select value from jsonb_array_elements_text(${json(it)}))`
  return {
    people: await keys(
      findAll(
        tx,
        sql`select account_id as key from authors where network = ${network} and account_id in ${list(asked.people)}`,
      ),
    ),
    cases: await keys(
      findAll(
        tx,
        sql`select thread_uri as key from cases where network = ${network} and thread_uri in ${list(asked.cases)}`,
      ),
    ),
    said: await keys(
      findAll(
        tx,
        sql`select uri as key from posts where network = ${network} and uri in ${list(asked.said)}`,
      ),
    ),
    points: await keys(
      findAll(
        tx,
        sql`select concat_ws(' ', a.account_id, p.kind, p.value) as key from contact_points p
          join authors a on a.workspace_id = p.workspace_id and a.author_id = p.author_id
          where a.account_id in ${list(asked.people)}`,
      ),
    ),
  }
}

export async function savePeople(tx: Tx, people: readonly Person[], by: Carrier): Promise<void> {
  const rows = people.map((it) => ({ key: it.key, id: idFor(by.workspaceId, it.key), name: it.name }))
  await sql`insert into authors (workspace_id, author_id, network, account_id, display_name, first_heard_at)
    select current_workspace(), id, ${network}, key, name, ${by.at}
    from jsonb_to_recordset(${json(rows)}) as it (key text, id uuid, name text)
    order by key collate "C" on conflict (workspace_id, network, account_id) do nothing`.execute(tx)
  const points = people.flatMap((it) =>
    it.points.map(({ kind, value }) => ({
      key: it.key,
      kind,
      value,
      id: idFor(by.workspaceId, it.key, kind, value),
      proof: idFor(by.workspaceId, it.key, kind, value, by.digest.toString('hex')),
    })),
  )
  if (points.length > 0) await savePoints(tx, points, by)
}

type PointRow = { key: string; kind: string; value: string; id: string; proof: string }

/** An address that is here keeps how it came; only a new one gets this import as its provenance. */
async function savePoints(tx: Tx, points: readonly PointRow[], by: Carrier): Promise<void> {
  await sql`with fresh as (
      select it.*, a.author_id from jsonb_to_recordset(${json(points)})
        as it (key text, kind text, value text, id uuid, proof uuid)
      join authors a on a.workspace_id = current_workspace() and a.network = ${network} and a.account_id = it.key
        and a.status <> 'deleted'
      where not exists (select from contact_points p where p.workspace_id = a.workspace_id
        and p.author_id = a.author_id and p.kind = it.kind and p.value = it.value)),
    proofs as (
      insert into provenances (workspace_id, provenance_id, contact_point_id, how, source, basis, by_agent_id,
        evidence_digest, at)
      select current_workspace(), proof, id, 'import', ${by.fileName}, 'imported from another help desk, not confirmed',
        ${by.agentId}::uuid, ${by.digest}, ${by.at} from fresh)
    insert into contact_points (workspace_id, contact_point_id, author_id, kind, value, provenance_id, state, created_at)
    select current_workspace(), id, author_id, kind, value, proof, 'unconfirmed', ${by.at} from fresh`.execute(
    tx,
  )
}

/** With its history. Answers how many were new. */
export async function saveCases(tx: Tx, cases: readonly OldCase[], by: Carrier): Promise<number> {
  const known = await findCasesHere(tx, cases)
  const authors = await findAuthorIds(tx, cases)
  const { targetsOf } = await findClocks(tx)
  const placeOf = (it: OldCase): Place => ({
    workspaceId: by.workspaceId,
    caseId: known.get(it.key)?.caseId ?? idFor(by.workspaceId, it.key),
    authorId: known.get(it.key)?.authorId ?? authors.get(it.personKey)!,
    network,
    targets: targetsOf(known.get(it.key)?.teamId ?? null),
    from: by.from,
    at: by.at,
    postIdOf: (key) => idFor(by.workspaceId, key),
  })
  const fresh = cases.filter((it) => !known.has(it.key) && authors.has(it.personKey))
  const made = await insertCases(
    tx,
    fresh.map((it) => caseOfOld(it, placeOf(it))),
  )
  const again = cases.filter((it) => known.has(it.key))
  const here = await findSaidHere(tx, again)
  const changes = again.flatMap((it) => {
    const news = it.said.filter((one) => !here.has(one.key))
    return hearMore(known.get(it.key)!, it, news, placeOf(it)) ?? []
  })
  await saveChanges(tx, changes)
  const caseIds = new Map([...known.values(), ...made].map((it) => [it.threadUri, it.caseId]))
  await saveSaid(tx, cases, caseIds, by)
  await saveEvents(tx, made, by)
  return made.length
}

/** Locked: who works on one of them waits for us, or we for them. */
async function findCasesHere(tx: Tx, cases: readonly OldCase[]): Promise<Map<string, Case>> {
  const voices = await findAll(
    tx,
    sql<{ threadUri: string; authorId: string }>`select thread_uri, author_id from cases
      where network = ${network} and thread_uri in (
        select value from jsonb_array_elements_text(${json(cases.map((it) => it.key))}))`,
  )
  const found = await findCasesOfThreads(tx, network, voices)
  return new Map(found.map((it) => [it.threadUri, it]))
}

async function findSaidHere(tx: Tx, cases: readonly OldCase[]): Promise<Set<string>> {
  const keys = cases.flatMap((it) => it.said.map((one) => one.key))
  const found = await findAll(
    tx,
    sql<{ uri: string }>`select uri from posts where network = ${network}
      and uri in (select value from jsonb_array_elements_text(${json(keys)}))`,
  )
  return new Set(found.map((it) => it.uri))
}

/** Of those who are still there. */
async function findAuthorIds(tx: Tx, cases: readonly OldCase[]): Promise<Map<string, string>> {
  const found = await findAll(
    tx,
    sql<{ key: string; authorId: string }>`select account_id as key, author_id from authors
      where network = ${network} and status <> 'deleted' and account_id in (
        select value from jsonb_array_elements_text(${json(cases.map((it) => it.personKey))}))`,
  )
  return new Map(found.map((it) => [it.key, it.authorId]))
}

/** Beside `saveChanges`, which opens cases: these may have ended long ago. */
async function insertCases(tx: Tx, cases: readonly Case[]): Promise<{ threadUri: string; caseId: string }[]> {
  const first = await takeNumbers(tx, cases.length)
  const rows = cases.map((it, nth) => ({ ...it, number: first + nth }))
  return findAll(
    tx,
    sql<{
      threadUri: string
      caseId: string
    }>`insert into cases (workspace_id, case_id, number, network, thread_uri,
        author_id, status, opened_at, unanswered_since, answer_due_at, first_answered_at, last_said_at, customer_posts,
        kind, urgency, language, triage, outcome, outcome_by, outcome_reason, closed_at)
      select current_workspace(), it."caseId", it.number, ${network}, it."threadUri", it."authorId", it.status,
        it."openedAt", it."unansweredSince", it."answerDueAt", it."firstAnsweredAt", it."lastSaidAt",
        it."customerPosts", it.kind, it.urgency, it.language, it.triage, it.outcome, it."outcomeBy",
        it."outcomeReason", it."closedAt"
      from jsonb_to_recordset(${json(rows)}) as it ("caseId" uuid, number int, "threadUri" text, "authorId" uuid,
        status text, "openedAt" timestamptz, "unansweredSince" timestamptz, "answerDueAt" timestamptz,
        "firstAnsweredAt" timestamptz, "lastSaidAt" timestamptz, "customerPosts" int, kind text, urgency int,
        language text, triage jsonb, outcome text, "outcomeBy" text, "outcomeReason" text, "closedAt" timestamptz)
      returning thread_uri, case_id`,
  )
}

async function takeNumbers(tx: Tx, count: number): Promise<number> {
  const found = await findOne(
    tx,
    sql<{ next: number }>`update workspaces set next_case_number = next_case_number + ${count}
      where workspace_id = current_workspace() returning next_case_number as next`,
  )
  return found!.next - count
}

async function saveSaid(
  tx: Tx,
  cases: readonly OldCase[],
  caseIds: Map<string, string>,
  by: Carrier,
): Promise<void> {
  const rows = cases.flatMap((it) => {
    const caseId = caseIds.get(it.key)
    return caseId ? it.said.map((one, at) => saidRow(it, one, at === 0, caseId, by)) : []
  })
  await sql`insert into posts (workspace_id, post_id, network, uri, cid, rev, thread_uri, author_account_id, author_id,
      ours, case_id, text, said_at, heard_at, matched)
    select current_workspace(), it.id, ${network}, it.uri, it.cid, '1', it.thread, it.account, a.author_id, it.ours,
      it."caseId", it.text, it.at, ${by.at}, it.matched
    from jsonb_to_recordset(${json(rows.filter((it) => !it.isNote))}) as it (id uuid, uri text, cid text, thread text,
      account text, ours boolean, "caseId" uuid, text text, at timestamptz, matched jsonb)
    left join authors a on a.workspace_id = current_workspace() and a.network = ${network}
      and a.account_id = it.account
    order by it.uri collate "C" on conflict (workspace_id, network, uri) do nothing`.execute(tx)
  await sql`insert into notes (workspace_id, note_id, case_id, by_agent_id, text, written_at)
    select current_workspace(), it.id, it."caseId", ${by.agentId}::uuid, it.text, it.at
    from jsonb_to_recordset(${json(rows.filter((it) => it.isNote))})
      as it (id uuid, "caseId" uuid, text text, at timestamptz)
    on conflict (workspace_id, note_id) do nothing`.execute(tx)
}

function saidRow(it: OldCase, one: Said, isFirst: boolean, caseId: string, by: Carrier) {
  const isNote = one.kind === 'note'
  const words =
    isFirst && it.subject && !one.text.startsWith(it.subject) ? `${it.subject}\n\n${one.text}` : one.text
  // A note of somebody who is not here stands under who carried it in; whose it was stays with its words.
  const text = isNote ? `${one.byName ?? '?'} (${by.from}): ${one.text}` : words
  return {
    isNote,
    id: idFor(by.workspaceId, one.key),
    uri: one.key,
    cid: createHash('sha256').update(text).digest('base64url'),
    thread: it.key,
    account: one.kind === 'customer' ? it.personKey : `${by.from}:us`,
    ours: one.kind === 'us',
    caseId,
    text,
    at: one.at,
    matched: [{ rule: 'imported', byAgentId: by.agentId }],
  }
}

async function saveEvents(tx: Tx, made: readonly { threadUri: string; caseId: string }[], by: Carrier) {
  const rows = made.map(({ threadUri: key, caseId }) => ({
    id: idFor(by.workspaceId, key, 'imported'),
    caseId,
    detail: { from: by.from, id: key, file: by.fileName },
  }))
  await sql`insert into case_events (workspace_id, event_id, case_id, type, detail, by_agent_id, at)
    select current_workspace(), id, "caseId", 'imported', detail, ${by.agentId}::uuid, ${by.at}
    from jsonb_to_recordset(${json(rows)}) as it (id uuid, "caseId" uuid, detail jsonb)
    on conflict (workspace_id, event_id) do nothing`.execute(tx)
}
