/** Many jobs of one task in one question: a batch of the stream must not ask the database once per post. */
import { sql } from 'kysely'
import { type Db, json } from './db.ts'

export async function enqueueAll(
  tx: Db,
  task: string,
  jobs: readonly { payload: object; jobKey: string }[],
  maxAttempts: number,
): Promise<void> {
  if (jobs.length === 0) return
  await sql`select graphile_worker.add_job(${task}, payload, job_key => "jobKey", max_attempts => ${maxAttempts})
    from jsonb_to_recordset(${json(jobs)}) as job (payload json, "jobKey" text)`.execute(tx)
}
