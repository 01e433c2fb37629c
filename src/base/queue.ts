/**
 * Work done later: graphile-worker, run as the role that owns nothing.
 *
 * In:  `enqueue` inside the caller's transaction: a job exists exactly when what it is about was committed.
 * Out: `startQueue` runs tasks until stopped. A task may run twice (a worker can die after its work and before it
 *      says so), so every task must be safe to repeat.
 */
import { EventEmitter } from 'node:events'
import { type JobHelpers, Logger, type Runner, run, type TaskList, type WorkerEvents } from 'graphile-worker'
import { sql } from 'kysely'
import pg from 'pg'
import type { Db } from './db.ts'

// biome-ignore lint/suspicious/noExplicitAny: a payload is whatever its task enqueued; each task names its own type
export type Tasks = Record<string, (payload: any, isLastTry: boolean) => Promise<void>>
export type JobOptions = {
  runAt?: Date
  /** One waiting job per key: a later one replaces it. */
  jobKey?: string
  /** Jobs of one name run one after the other. Few names, please: each is a row that stays. */
  queueName?: string
  maxAttempts?: number
  /** Smaller runs first. */
  priority?: number
}

export async function enqueue(
  tx: Db,
  task: string,
  payload: object,
  options: JobOptions = {},
): Promise<void> {
  const { runAt, jobKey, queueName, maxAttempts, priority } = options
  await sql`select graphile_worker.add_job(${task}, ${JSON.stringify(payload)}::json,
    queue_name => ${queueName ?? null}::text, run_at => ${runAt ?? null}::timestamptz,
    max_attempts => ${maxAttempts ?? null}::int, job_key => ${jobKey ?? null}::text,
    priority => ${priority ?? null}::int)`.execute(tx)
}

export type QueueOptions = {
  url: string
  tasks: Tasks
  /** Tasks that come round by themselves, at once and then every so many milliseconds, on one worker at a time. */
  every?: Record<string, number>
  /** `what` is the task that failed, or 'queue' for the machinery itself. */
  onError: (error: Error, what: string) => void
  concurrency?: number
  pollMs?: number
}
export type Queue = { stop(): Promise<void> }

/** Where the dead are told from the living: a worker holds an advisory lock on its name while its connection lives. */
const lockSpace = 7_214_001
const mendMs = 1_000

/** One life of the library's runner, with connections of its own: what it leaves hanging ends with them. */
type Life = { runner: Runner; pool: pg.Pool; over: Promise<unknown>; end(): Promise<void> }

export async function startQueue(options: QueueOptions): Promise<Queue> {
  let stopped = false
  let life = await beginLife(options)
  const lasting = keepAlive()

  /** The library ends its runner when it cannot give a job back; a server that stays must begin again. */
  async function keepAlive(): Promise<void> {
    while (!stopped) {
      await life.over
      if (!stopped) await life.end()
      while (!stopped) {
        await pause(mendMs)
        if (stopped) return
        try {
          life = await beginLife(options)
          break
        } catch (error) {
          options.onError(toError(error), 'queue')
        }
      }
    }
  }

  return {
    async stop() {
      stopped = true
      // The embedded database may already be gone: wait for running jobs, never for a silent socket.
      await withinMs(
        8_000,
        life.runner.stop().catch(() => {}),
      )
      await life.end()
      await withinMs(mendMs * 2, lasting)
    },
  }
}

async function beginLife(options: QueueOptions): Promise<Life> {
  const { concurrency = 8, onError } = options
  const pool = new pg.Pool({
    connectionString: options.url,
    max: concurrency + 2,
    application_name: 'evenhand-queue',
    connectionTimeoutMillis: 5_000,
  })
  // A database that goes away must not end the process: each client that dies unheard would.
  const heard = (error: unknown) => onError(toError(error), 'queue')
  pool.on('error', heard)
  pool.on('connect', (client) => client.on('error', heard))
  const events: WorkerEvents = new EventEmitter()
  const over = Promise.withResolvers<void>()
  let ownId = ''
  let cleaning: NodeJS.Timeout | undefined

  events.on('pool:create', ({ workerPool }) => {
    ownId = workerPool.id
  })
  events.on('pool:listen:success', ({ workerPool, client }) => {
    // A little later: the library is about to use this connection for its LISTEN.
    const lock = () => client.query('select pg_advisory_lock($1, hashtext($2))', [lockSpace, workerPool.id])
    setTimeout(() => void lock().catch(heard), 100)
  })
  events.on('job:error', ({ job, error }) => onError(toError(error), job.task_identifier))
  // It then waits for itself, and when two jobs could not be given back, for ever.
  events.on('pool:fatalError', () => setTimeout(over.resolve, mendMs))

  async function end(): Promise<void> {
    clearInterval(cleaning)
    await withinMs(
      1_000,
      runner?.stop().catch(() => {}),
    )
    await withinMs(
      1_000,
      freeJobs(pool, ownId).catch(() => {}),
    )
    await withinMs(
      1_000,
      pool.end().catch(() => {}),
    )
  }
  let runner: Runner | undefined
  try {
    await freeJobsOfTheDead(pool, ownId)
    for (const task of Object.keys(options.every ?? {})) await schedule(pool, task, 0)
    runner = await run({
      pgPool: pool,
      taskList: toTaskList({ ...options.tasks, ...repeating(options, pool) }),
      parsedCronItems: [],
      concurrency,
      pollInterval: options.pollMs ?? 500,
      noHandleSignals: true,
      // Batched even when there is nothing to wait for: the plain way gives a job back in a promise that nobody
      // handles, and a database that goes away at that moment would end the process.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      logger: quiet,
      events,
    })
    runner.promise.catch(heard).finally(over.resolve)
    cleaning = setInterval(() => void freeJobsOfTheDead(pool, ownId).catch(heard), 15_000)
    return { runner, pool, over: over.promise, end }
  } catch (error) {
    await end()
    throw error
  }
}

function toTaskList(tasks: Tasks): TaskList {
  const names = Object.entries(tasks)
  return Object.fromEntries(
    names.map(([name, task]) => [
      name,
      (payload: unknown, { job }: JobHelpers) => task(payload, job.attempts >= job.max_attempts),
    ]),
  )
}

function repeating({ every = {}, tasks }: QueueOptions, pool: pg.Pool): Tasks {
  return Object.fromEntries(
    Object.entries(every).map(([name, everyMs]) => [
      name,
      async (payload: unknown) => {
        // First the next round, so that a worker dying in this one does not end them all.
        await schedule(pool, name, everyMs)
        await tasks[name]!(payload, true)
      },
    ]),
  )
}

async function schedule(pool: pg.Pool, task: string, inMs: number): Promise<void> {
  await pool.query(
    `select graphile_worker.add_job($1, '{}'::json, run_at => now() + $2 * interval '1 millisecond',
      job_key => $3, max_attempts => 1)`,
    [task, inMs, `every:${task}`],
  )
}

/** The library gives a killed worker's jobs back after four hours; here the next round finds them. */
async function freeJobsOfTheDead(pool: pg.Pool, ownId: string): Promise<void> {
  await pool.query(
    `select graphile_worker.force_unlock_workers(array(
      select holder from (
        select locked_by as holder from graphile_worker._private_jobs where locked_by is not null
        union select locked_by from graphile_worker._private_job_queues where locked_by is not null
      ) holders
      where holder <> $2 and pg_try_advisory_xact_lock($1, hashtext(holder))))`,
    [lockSpace, ownId],
  )
  // What failed for good is kept for a week to look at.
  await pool.query(`delete from graphile_worker._private_jobs
    where locked_at is null and attempts >= max_attempts and updated_at < now() - interval '7 days'`)
}

async function freeJobs(pool: pg.Pool, ownId: string): Promise<void> {
  await pool.query('select graphile_worker.force_unlock_workers($1)', [[ownId]])
}

// What matters arrives through events and promises; the rest of its talk would fill the log.
const quiet = new Logger(() => () => {})
const toError = (thrown: unknown) => (thrown instanceof Error ? thrown : new Error(String(thrown)))
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

async function withinMs(ms: number, work: Promise<unknown> | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await Promise.race([
    work,
    new Promise((resolve) => {
      timer = setTimeout(resolve, ms)
    }),
  ])
  clearTimeout(timer)
}
