import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { freshDb, type TestDb } from '../../test/db.ts'
import { openDb } from './db.ts'
import { enqueue, type Queue, type QueueOptions, startQueue } from './queue.ts'

let it: TestDb
const running: Queue[] = []
const errors: string[] = []
beforeAll(async () => {
  it = await freshDb()
})
afterEach(async () => {
  for (const queue of running.splice(0)) await queue.stop()
  await sql`delete from graphile_worker._private_jobs`.execute(it.owner)
  errors.length = 0
})
afterAll(() => it[Symbol.asyncDispose]())

async function start(tasks: QueueOptions['tasks'], over: Partial<QueueOptions> = {}): Promise<Queue> {
  const queue = await startQueue({
    url: it.url,
    tasks,
    onError: (error, what) => errors.push(`${what}: ${error.message}`),
    pollMs: 50,
    ...over,
  })
  running.push(queue)
  return queue
}
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  for (let left = 400; left > 0; left--) {
    if (await check()) return
    await pause(20)
  }
  throw new Error('waited in vain')
}

test('a job runs once its transaction is committed, as the role that owns nothing', async () => {
  const ran: unknown[] = []
  await start({ greet: async (payload) => void ran.push(payload) })

  await it.db.transaction().execute((tx) => enqueue(tx, 'greet', { name: 'Kim' }))

  await until(() => ran.length > 0)
  expect(ran).toEqual([{ name: 'Kim' }])
})

test('a job enqueued in a transaction that was rolled back never runs', async () => {
  const ran: string[] = []
  await start({ greet: async (payload) => void ran.push(payload.name) })

  await it.db
    .transaction()
    .execute(async (tx) => {
      await enqueue(tx, 'greet', { name: 'never' })
      throw new Error('changed my mind')
    })
    .catch(() => {})
  await enqueue(it.db, 'greet', { name: 'after' })

  await until(() => ran.length > 0)
  await pause(150)
  expect(ran).toEqual(['after'])
})

test('a task is told when it is tried for the last time', async () => {
  const tries: boolean[] = []
  await start({
    ask: async (_payload, isLastTry) => {
      tries.push(isLastTry)
      throw new Error('nobody answered')
    },
  })

  await enqueue(it.db, 'ask', {}, { maxAttempts: 2 })
  await until(() => tries.length === 1)
  // The second one comes seconds later by itself.
  await until(async () => {
    await sql`update graphile_worker._private_jobs set run_at = now() where locked_at is null`.execute(
      it.owner,
    )
    return tries.length === 2
  })

  expect(tries).toEqual([false, true])
})

test('jobs of one named queue run one at a time and in order', async () => {
  const steps: string[] = []
  await start({
    step: async ({ n }) => {
      steps.push(`begin ${n}`)
      await pause(n === 1 ? 60 : 5)
      steps.push(`end ${n}`)
    },
  })

  await it.db.transaction().execute(async (tx) => {
    // Same transaction, same now(): the order comes from run_at.
    for (let n = 1; n <= 4; n++) {
      await enqueue(tx, 'step', { n }, { queueName: 'one thread', runAt: new Date(Date.now() - 1000 + n) })
    }
  })

  await until(() => steps.length === 8)
  expect(steps).toEqual([
    'begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3', 'begin 4', 'end 4',
  ]) // biome-ignore format: four steps
})

test('a later job under the same key replaces the waiting one', async () => {
  const ran: number[] = []
  const runAt = new Date(Date.now() + 150)
  await enqueue(it.db, 'count', { n: 1 }, { jobKey: 'same', runAt })
  await enqueue(it.db, 'count', { n: 2 }, { jobKey: 'same', runAt })

  await start({ count: async ({ n }) => void ran.push(n) })

  await until(() => ran.length > 0)
  await pause(200)
  expect(ran).toEqual([2])
})

test('a job that throws is told of and tried again', async () => {
  let tries = 0
  await start({
    shaky: async () => {
      tries++
      if (tries === 1) throw new Error('not yet')
    },
  })

  await enqueue(it.db, 'shaky', {})

  await until(() => tries === 2)
  expect(errors).toEqual(['shaky: not yet'])
})

test('a job held by a worker that was killed is given back when another starts', async () => {
  await enqueue(it.db, 'greet', {}, { queueName: 'held' })
  await sql`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'pool-dead'`.execute(
    it.owner,
  )
  await sql`update graphile_worker._private_job_queues set locked_at = now(), locked_by = 'pool-dead'
    where queue_name = 'held'`.execute(it.owner)
  let ran = 0

  await start({ greet: async () => void ran++ })

  await until(() => ran === 1)
  expect(ran).toBe(1)
})

test('a job held by a living worker stays with it when another starts', async () => {
  let ran = 0
  let finish = () => {}
  const gate = new Promise<void>((resolve) => {
    finish = resolve
  })
  const tasks = {
    long: async () => {
      ran++
      await gate
    },
  }
  await start(tasks)
  await enqueue(it.db, 'long', {})
  await until(() => ran === 1)
  await pause(300)

  await start(tasks)
  await pause(300)
  finish()

  expect(ran).toBe(1)
})

test('a repeating task comes round, on one worker at a time', async () => {
  let rounds = 0
  const tasks = { sweep: async () => void rounds++ }
  await start(tasks, { every: { sweep: 100 } })
  await start(tasks, { every: { sweep: 100 } })

  await until(() => rounds >= 3)

  const waiting = await sql`select 1 from graphile_worker._private_jobs where key = 'every:sweep'`.execute(
    it.owner,
  )
  expect(waiting.rows.length).toBe(1)
})

test('losing every connection to the database stops nothing: work goes on when it is back', async () => {
  let ran = 0
  await start({ greet: async () => void ran++ })
  await pause(200)

  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'evenhand-queue' and datname = current_database()`.execute(it.owner)
  await pause(100)
  await enqueue(it.db, 'greet', {})

  await until(() => ran === 1)
  expect(ran).toBe(1)
})

test('a database that goes away while jobs are being finished ends nothing, and no job is lost', async () => {
  const ran = new Set<number>()
  const database = new URL(it.ownerUrl).pathname.slice(1)
  // From another database: none may shut itself.
  const beside = openDb(inject('postgresUrl'), { max: 1 })
  const letIn = (yes: boolean) =>
    sql`alter database ${sql.id(database)} with allow_connections ${sql.raw(String(yes))}`.execute(beside.db)
  await start({
    step: async ({ n }) => {
      await pause(150)
      ran.add(n)
    },
  })
  for (let n = 0; n < 6; n++) await enqueue(it.db, 'step', { n })
  await pause(80)

  await letIn(false)
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where usename = 'evenhand_app' and datname = ${database}`.execute(beside.db)
  await pause(500)
  await letIn(true)
  await beside.db.destroy()
  await pause(300)
  await enqueue(it.db, 'step', { n: 6 })

  await until(async () => {
    const left = await sql`select 1 from graphile_worker._private_jobs`.execute(it.owner)
    return ran.size === 7 && left.rows.length === 0
  })
  expect([...ran].sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
})

test('stopping waits for the job that is running', async () => {
  let done = false
  let begun = false
  const queue = await start({
    slow: async () => {
      begun = true
      await pause(200)
      done = true
    },
  })
  await enqueue(it.db, 'slow', {})
  await until(() => begun)

  await queue.stop()

  expect(done).toBe(true)
  running.length = 0
})
