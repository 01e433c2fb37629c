/**
 * Creating cases through the API, 32 at a time, each answered after its commit is on the disk; and as the peer in the
 * same run, taking turns: one plain row of the same size per commit, by 32 connections and by one.
 */
import { sql } from 'kysely'
import pg from 'pg'
import { Pool } from 'undici'
import { newId } from '../src/base/clock.ts'
import { findOne } from '../src/base/db.ts'
import type { Ground } from './api-ground.ts'
import { type Figure, figureOf, medianOf } from './figure.ts'

const runs = 5
const atATime = 32
const runMs = 4_000

export async function measureCreating(
  { url, cookies, ground }: { url: string; cookies: string[]; ground: Ground },
  size: string,
  tell: (figure: Figure) => void,
): Promise<void> {
  await assertDurable(ground)
  await sql`create table plain_rows (id uuid primary key, of uuid not null, said text not null, at timestamptz not null)`.execute(
    ground.owner,
  )
  const pool = new Pool(url, { connections: atATime })
  const clients = await Promise.all(Array.from({ length: atATime }, () => connect(ground.ownerUrl)))
  const rates = { ours: [] as number[], many: [] as number[], one: [] as number[] }
  await countIn(500, atATime, (n) => create(pool, cookies, n))
  for (let run = 0; run < runs; run++) {
    rates.ours.push(await countIn(runMs, atATime, (n) => create(pool, cookies, n)))
    rates.many.push(await countIn(runMs / 2, atATime, (_n, who) => insertPlain(clients[who]!)))
    rates.one.push(await countIn(runMs / 2, 1, () => insertPlain(clients[0]!)))
  }
  await Promise.all(clients.map((it) => it.end()))
  await pool.close()
  await sql`drop table plain_rows`.execute(ground.owner)
  const against = (name: string, values: number[]) => ({ name, value: medianOf(values) })
  const name = `cases created, ${atATime} at a time, durable, at ${size}`
  const figure = { bench: 'api', unit: 'cases/s', runs: rates.ours }
  tell(
    figureOf({
      ...figure,
      name,
      goal: { atLeast: 500 },
      against: against('plain single-row autocommit inserts, one connection', rates.one),
    }),
  )
  tell(
    figureOf({
      ...figure,
      name: `${name}, beside ${atATime} connections`,
      against: against(`plain single-row autocommit inserts, ${atATime} connections`, rates.many),
    }),
  )
}

async function assertDurable({ owner }: Ground): Promise<void> {
  const found = await findOne(
    owner,
    sql<{
      durable: boolean
    }>`select current_setting('fsync') = 'on' and current_setting('synchronous_commit') = 'on'
      and current_setting('full_page_writes') = 'on' as durable`,
  )
  if (!found?.durable) throw new Error('this PostgreSQL does not wait for its disk')
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return client
}

const words =
  'My parcel never came, where is it? It was promised for Tuesday, and nobody answers the telephone.'

async function create(pool: Pool, cookies: string[], n: number): Promise<void> {
  const author = { accountId: `customer-${n % 5_000}`, displayName: `Customer ${n % 5_000}` }
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: '/api/cases',
    headers: {
      cookie: cookies[n % cookies.length]!,
      'content-type': 'application/json',
      'idempotency-key': newId(),
    },
    body: JSON.stringify({ externalId: newId(), author, text: words }),
  })
  const answer = await body.text()
  if (statusCode !== 200 || !answer.includes('"opened"'))
    throw new Error(`${statusCode} ${answer.slice(0, 200)}`)
}

const insertPlain = async (client: pg.Client) => {
  await client.query('insert into plain_rows (id, of, said, at) values ($1, $2, $3, now())', [
    newId(),
    newId(),
    words,
  ])
}

/** How many a second, so many at a time. */
async function countIn(
  ms: number,
  width: number,
  work: (n: number, who: number) => Promise<void>,
): Promise<number> {
  let count = 0
  let next = 0
  const startedAt = performance.now()
  const worker = async (who: number) => {
    while (performance.now() - startedAt < ms) {
      await work(next++, who)
      count++
    }
  }
  await Promise.all(Array.from({ length: width }, (_, who) => worker(who)))
  return (1_000 * count) / (performance.now() - startedAt)
}
