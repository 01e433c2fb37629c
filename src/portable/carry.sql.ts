/** Exports and imports as their screen shows them, and when the last backup was made. */
import { sql } from 'kysely'
import { type Db, findAll, findOne, json, type Tx } from '../base/db.ts'
import { type CarryReport, type CarryView, mostCarriesShown } from './portable-contract.ts'

export type Carry = Omit<CarryView, 'askedAt' | 'finishedAt' | 'isHere'> & {
  workspaceId: string
  digest: Buffer | null
  askedAt: Date
  finishedAt: Date | null
}

const columns = sql`workspace_id, carry_id, direction, kind, file_name, state, done, total, report, problem, bytes,
  digest, by_agent_id, asked_at, finished_at`

export async function findCarries(tx: Tx): Promise<Carry[]> {
  return findAll(
    tx,
    sql<Carry>`select ${columns} from carries where workspace_id = current_workspace()
      order by carry_id desc limit ${mostCarriesShown}`,
  )
}

export async function findCarry(tx: Tx, carryId: string): Promise<Carry | undefined> {
  return findOne(
    tx,
    sql<Carry>`select ${columns} from carries where workspace_id = current_workspace() and carry_id = ${carryId}`,
  )
}

type NewCarry = Pick<
  Carry,
  'carryId' | 'direction' | 'kind' | 'fileName' | 'state' | 'byAgentId' | 'askedAt'
> & {
  bytes?: number
  digest?: Buffer
}

export async function insertCarry(tx: Tx, it: NewCarry): Promise<void> {
  await sql`insert into carries (workspace_id, carry_id, direction, kind, file_name, state, bytes, digest, by_agent_id,
      asked_at)
    values (current_workspace(), ${it.carryId}, ${it.direction}, ${it.kind}, ${it.fileName}, ${it.state},
      ${it.bytes ?? null}, ${it.digest ?? null}, ${it.byAgentId}, ${it.askedAt})`.execute(tx)
}

/** Of two who start it at the same moment, one does. */
export async function startRunning(tx: Tx, carryId: string): Promise<boolean> {
  const changed = await sql`update carries set state = 'running', done = 0, problem = null
    where workspace_id = current_workspace() and carry_id = ${carryId} and direction = 'in'
      and state in ('read', 'failed', 'done') and report is not null`.execute(tx)
  return changed.numAffectedRows === 1n
}

export async function saveProgress(tx: Tx, carryId: string, done: number, total: number): Promise<void> {
  await sql`update carries set done = ${done}, total = ${total}
    where workspace_id = current_workspace() and carry_id = ${carryId}`.execute(tx)
}

export async function saveOutcome(
  tx: Tx,
  carryId: string,
  it: { state: 'read' | 'done' | 'failed'; at: Date; report?: CarryReport; problem?: string; bytes?: number },
): Promise<void> {
  await sql`update carries set state = ${it.state}, finished_at = ${it.at}, problem = ${it.problem ?? null},
      report = coalesce(${it.report ? json(it.report) : sql`null`}, report), bytes = coalesce(${it.bytes ?? null}, bytes)
    where workspace_id = current_workspace() and carry_id = ${carryId}`.execute(tx)
}

/** What is said to be under way and has no job that could go on with it. */
export async function failStopped(tx: Tx, at: Date): Promise<void> {
  await sql`update carries set state = 'failed', finished_at = ${at}, problem = 'It was stopped. Start it again.'
    where workspace_id = current_workspace() and state in ('reading', 'running') and not exists (
      select from graphile_worker._private_jobs j where j.payload ->> 'carryId' = carries.carry_id::text
        and (j.locked_at is not null or j.attempts < j.max_attempts))`.execute(tx)
}

/** The examples in a report are people's words: they go with the file. */
export async function forgetExamples(tx: Tx, before: Date): Promise<string[]> {
  const gone = await findAll(
    tx,
    sql<{ carryId: string }>`update carries set report = jsonb_set(report, '{fields}', (
        select coalesce(jsonb_agg(jsonb_set(field, '{examples}', '[]')), '[]')
        from jsonb_array_elements(report -> 'fields') as field))
      where workspace_id = current_workspace() and asked_at < ${before} and report is not null
        and report @? '$.fields[*].examples[*]' returning carry_id`,
  )
  return gone.map((it) => it.carryId)
}

export async function findLastBackup(
  db: Db,
): Promise<{ at: Date; bytes: number; withKey: boolean } | undefined> {
  return findOne(db, sql`select at, bytes, with_key from backups order by at desc limit 1`)
}
