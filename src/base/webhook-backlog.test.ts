/** A destination that was away: it catches up at the pace of what is due, and what waits for it has a bound. */
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { aDestination, type Destination } from '../../test/webhooks.ts'
import { findAll, findOne, inWorkspace, type Tx } from './db.ts'
import { takeUp } from './webhook.jobs.ts'
import { addPing, findDueLanes, numberFresh, replayDead, saveFate, takeDue } from './webhook.sql.ts'
import { boundBacklogs, forgetOldDeliveries } from './webhook-backlog.jobs.ts'

let it: TestDb
let workspaceId: string
let place: Destination
beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())
beforeEach(async () => {
  workspaceId = (await aWorkspace(it.db)).workspaceId
  place = await aDestination(it, workspaceId, { url: 'https://a.example', types: ['watch.added'] })
})

const inside = <T>(work: (tx: Tx) => Promise<T>) => inWorkspace(it.db, workspaceId, work)
/** As many events, so many of them about each thing. */
const aBacklog = (count: number, ofEach = 1, agoDays = 0) =>
  inside((tx) =>
    sql`insert into webhook_deliveries (workspace_id, destination_id, event_id, type, about, data, at)
      select ${workspaceId}, ${place.destinationId}, uuidv7(), 'watch.added', ((n - 1) / ${ofEach}::int)::text, '{}',
        now() - ${agoDays} * interval '1 day' from generate_series(1, ${count}::int) n`.execute(tx),
  )
/** The same, as it stands when all of it has its number. */
const aNumberedBacklog = (count: number, ofEach = 1) =>
  inside((tx) =>
    sql`with counted as (update webhook_destinations set last_sequence = last_sequence + ${count}::int
        where destination_id = ${place.destinationId} returning last_sequence - ${count}::int as before)
      insert into webhook_deliveries (workspace_id, destination_id, event_id, type, about, data, at, sequence, is_behind)
      select ${workspaceId}, ${place.destinationId}, uuidv7(), 'watch.added', ((before + n - 1) / ${ofEach}::int)::text,
        '{}', now(), before + n, (before + n - 1) % ${ofEach}::int > 0
      from counted, generate_series(1, ${count}::int) n`.execute(tx),
  )
const set = (change: ReturnType<typeof sql>) =>
  sql`update webhook_destinations set ${change} where destination_id = ${place.destinationId}`.execute(
    it.owner,
  )
/** Which states there are, and why. */
const states = () =>
  findAll(
    it.owner,
    sql<{
      state: string
      lastError: string | null
      count: number
    }>`select state, last_error, count(*) as count
      from webhook_deliveries where workspace_id = ${workspaceId} group by 1, 2 order by 1, 2`,
  )
const addWatch = () =>
  inside((tx) =>
    sql`insert into watches (workspace_id, name, terms) values (current_workspace(), 'Late', '{}')`.execute(
      tx,
    ),
  )
const numberAll = () =>
  inside(async (tx) => {
    while ((await numberFresh(tx, place.destinationId, true)) > 0);
  })

const isDue = async () =>
  (await findDueLanes(it.db)).some((lane) => lane.destinationId === place.destinationId)

/** How many rows were looked at by this: told by the database, not by a clock. */
async function rowsRead(work: (tx: Tx) => Promise<unknown>): Promise<number> {
  // As autovacuum does within a minute.
  await sql`analyze webhook_deliveries`.execute(it.owner)
  return inside(async (tx) => {
    const before = await countRead(tx)
    await work(tx)
    return (await countRead(tx)) - before
  })
}
async function countRead(tx: Tx): Promise<number> {
  const found = await findOne(
    tx,
    sql<{
      count: number
    }>`select sum(seq_tup_read + idx_tup_fetch)::int8 as count from pg_stat_xact_user_tables
      where relname = 'webhook_deliveries'`,
  )
  return found!.count
}
const take = (tx: Tx) => takeDue(tx, place.destinationId, { room: 4, token: crypto.randomUUID(), isOn: true })

test('four of a hundred thousand are taken as cheaply as four of a thousand', async () => {
  await aNumberedBacklog(1_000, 4)
  const few = await rowsRead(take)
  await aNumberedBacklog(99_000, 4)

  const many = await rowsRead(take)

  expect(few).toBeGreaterThan(0)
  expect(many).toBeLessThanOrEqual(3 * few)
})

test('what is behind, or is to be tried later, is not looked through for what is due', async () => {
  await aNumberedBacklog(10_000, 10_000)
  await inside(take)
  const behind = await rowsRead(async (tx) => expect(await take(tx)).toEqual([]))
  await aNumberedBacklog(10_000)
  await inside((tx) => sql`update webhook_deliveries set next_at = now() + interval '1 hour'`.execute(tx))

  const later = await rowsRead(async (tx) => expect(await take(tx)).toEqual([]))

  expect(await isDue()).toBe(false)
  expect([behind, later]).toEqual([0, 0])
})

test('what was written is numbered a thousand at a time, and in its order', async () => {
  await aBacklog(2_500)

  const counts = []
  for (let n = 0; n < 4; n++) counts.push(await inside((tx) => numberFresh(tx, place.destinationId, true)))

  expect(counts).toEqual([1_000, 1_000, 500, 0])
  const wrong = sql`select from (select sequence, row_number() over (order by event_id) as place
    from webhook_deliveries where workspace_id = ${workspaceId}) it where sequence <> place`
  expect(await findAll(it.owner, wrong)).toEqual([])
})

test('the next about the same thing is woken by what settles the one before it, whatever number it got', async () => {
  await aBacklog(3, 3)
  const order = []
  for (let n = 0; n < 3; n++) {
    const { taken } = await takeUp({ db: it.db } as never, place, 4)
    order.push(taken.map((one) => one.sequence))
    await inside((tx) =>
      saveFate(
        tx,
        { ...place, eventId: taken[0]!.eventId },
        { state: n === 1 ? 'dead' : 'delivered' },
        { outcome: 'taken', status: 200 },
      ),
    )
  }

  expect(order).toEqual([[1], [2], [3]])
})

test('a dead letter that is sent again goes before what was behind it', async () => {
  await aBacklog(3, 3)
  const { taken } = await takeUp({ db: it.db } as never, place, 4)
  const eventId = taken[0]!.eventId
  await inside((tx) =>
    saveFate(tx, { ...place, eventId }, { state: 'dead' }, { outcome: 'taken', status: 200 }),
  )

  await inside((tx) => replayDead(tx, place.destinationId, eventId))

  const { taken: again } = await takeUp({ db: it.db } as never, place, 4)
  expect(again.map((one) => one.sequence)).toEqual([1])
})

test('a ping goes past all that waits for a paused destination', async () => {
  await aBacklog(3_000)
  await set(sql`state = 'paused'`)
  await inside((tx) => addPing(tx, place.destinationId, workspaceId, new Date()))

  const wasDue = await isDue()
  const { taken } = await takeUp({ db: it.db } as never, place, 4)

  expect(wasDue).toBe(true)
  expect(taken.map((one) => one.type)).toEqual(['webhook.ping'])
})

test('after a day of pause what happens is put aside with a word, until it is turned on and asked for', async () => {
  await set(sql`state = 'paused', state_at = now() - interval '23 hours'`)
  await boundBacklogs({ db: it.db })
  await addWatch()
  const afterHours = await states()
  await set(sql`state_at = now() - interval '25 hours'`)
  await boundBacklogs({ db: it.db })
  await addWatch()
  const afterDay = await states()
  await set(sql`state = 'on', state_at = now()`)
  await boundBacklogs({ db: it.db })
  await addWatch()
  const replayed = await inside((tx) => replayDead(tx, place.destinationId, null))

  expect(afterHours).toEqual([{ state: 'waiting', lastError: null, count: 1 }])
  expect(afterDay).toEqual([
    { state: 'dead', lastError: 'paused', count: 1 },
    { state: 'waiting', lastError: null, count: 1 },
  ])
  expect(replayed).toBe(1)
  expect(await states()).toEqual([{ state: 'waiting', lastError: null, count: 3 }])
  const { taken } = await takeUp({ db: it.db } as never, place, 4)
  expect(taken.map((one) => one.sequence)).toEqual([1, 2, 3])
})

test('a hundred thousand wait at most; below half of it there is room again', async () => {
  const isOverflowing = async () => {
    await boundBacklogs({ db: it.db })
    return (
      await findAll(
        it.owner,
        sql<{ yes: boolean }>`select overflowing_since is not null as yes from webhook_destinations
          where destination_id = ${place.destinationId}`,
      )
    )[0]!.yes
  }
  const keep = (count: number) =>
    inside((tx) =>
      sql`delete from webhook_deliveries where event_id not in
        (select event_id from webhook_deliveries limit ${count})`.execute(tx),
    )
  await aBacklog(100_000)

  const said = [await isOverflowing()]
  await addWatch()
  const told = await states()
  await keep(60_000)
  said.push(await isOverflowing())
  await keep(40_000)
  said.push(await isOverflowing())

  expect(told).toContainEqual({ state: 'dead', lastError: 'paused', count: 1 })
  expect(said).toEqual([true, true, false])
})

test('what waits is never forgotten without a word: after a month it is a dead letter for another', async () => {
  await set(sql`state = 'paused'`)
  await aBacklog(2, 2, 31)
  await numberAll()
  await aBacklog(1, 1, 0)
  await numberAll()

  await forgetOldDeliveries({ db: it.db })
  const atFirst = await states()
  await sql`update webhook_deliveries set settled_at = settled_at - interval '31 days'
    where workspace_id = ${workspaceId}`.execute(it.owner)
  await forgetOldDeliveries({ db: it.db })

  expect(atFirst).toEqual([
    { state: 'dead', lastError: 'paused', count: 2 },
    { state: 'waiting', lastError: null, count: 1 },
  ])
  expect(await states()).toEqual([{ state: 'waiting', lastError: null, count: 1 }])
  // It was behind what is gone.
  await set(sql`state = 'on'`)
  expect((await takeUp({ db: it.db } as never, place, 4)).taken).toHaveLength(1)
})
