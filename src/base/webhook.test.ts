/** Deliveries over a real database and a real receiver (R-19, F24): signed, in order, once or more, never lost. */
import { sql } from 'kysely'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { testKey } from '../../test/key.ts'
import { type Receiver, startReceiver } from '../../test/receiver.ts'
import { aDestination, type Destination, deliverAll, waysTo } from '../../test/webhooks.ts'
import { findAll, inWorkspace } from './db.ts'
import { deliver, startWebhooks, takeUp } from './webhook.jobs.ts'
import { addPing, replayDead } from './webhook.sql.ts'

let it: TestDb
let receiver: Receiver
let workspaceId: string
let place: Destination

beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())
beforeEach(async () => {
  receiver = await startReceiver()
  workspaceId = (await aWorkspace(it.db)).workspaceId
  place = await aDestination(it, workspaceId, { url: receiver.url, types: ['watch.added', 'watch.changed'] })
})
afterEach(() => receiver.stop())

const tools = (more: object = {}) => ({
  db: it.db,
  master: testKey,
  now: () => new Date(),
  ways: waysTo(receiver),
  ...more,
})
const start = (more: object = {}) => startWebhooks({ ...tools(more), url: it.url, onError: () => {} })

/** A change that is told: each a watch of its own, so that none waits for another. */
const addWatch = () =>
  inWorkspace(it.db, workspaceId, (tx) =>
    sql`insert into watches (workspace_id, name, terms) values (current_workspace(), 'Late', '{}')`.execute(
      tx,
    ),
  )
/** Changes of one thing: these go one after the other. */
async function changesOfOne(times: number): Promise<void> {
  await inWorkspace(it.db, workspaceId, async (tx) => {
    await sql`insert into watches (workspace_id, name, terms) values (current_workspace(), 'One', '{}')`.execute(
      tx,
    )
    for (let n = 1; n < times; n++)
      await sql`update watches set name = ${`One ${n}`} where name like 'One%'`.execute(tx)
  })
}
const rows = () =>
  inWorkspace(it.db, workspaceId, (tx) =>
    findAll(
      tx,
      sql<{ state: string; tries: number; lastError: string | null; lastStatus: number | null }>`
        select state, tries, last_error, last_status from webhook_deliveries
        where destination_id = ${place.destinationId} order by event_id`,
    ),
  )
const attempts = () =>
  findAll(
    it.owner,
    sql<{ status: number | null; error: string | null; answer: string | null; durationMs: number }>`
      select status, error, answer, duration_ms from webhook_attempts
      where destination_id = ${place.destinationId} order by attempt_id`,
  )
const destination = async () =>
  (
    await findAll(
      it.owner,
      sql<{ state: string; stateReason: string | null; failures: number }>`
        select state, state_reason, failures from webhook_destinations where destination_id = ${place.destinationId}`,
    )
  )[0]!
/** What waits is due, and what was leased is over. */
const hoursPass = () =>
  sql`update webhook_deliveries set next_at = next_at - interval '3 hours'
    where workspace_id = ${workspaceId}`.execute(it.owner)

test('a change is told on its commit, without waiting for anybody to look, signed as Standard Webhooks has it', async () => {
  const webhooks = start({ sweepMs: 3_600_000 })
  await webhooks.ready
  await addWatch()
  const [told] = await receiver.heard(1)
  await webhooks.stop()

  const body = new Webhook(place.secret).verify(told!.body, told!.headers)
  expect(body).toMatchObject({ type: 'watch.added', sequence: 1, workspaceId })
  expect(told!.headers['webhook-id']).toMatch(/^[\da-f-]{36}$/)
  expect(() => new Webhook(place.secret).verify(`${told!.body} `, told!.headers)).toThrow()
  expect(() =>
    new Webhook(`whsec_${Buffer.alloc(32).toString('base64')}`).verify(told!.body, told!.headers),
  ).toThrow()
})

test('what is rolled back is told to nobody', async () => {
  const failing = it.db.transaction().execute(async (tx) => {
    await sql`select set_config('evenhand.workspace', ${workspaceId}, true)`.execute(tx)
    await sql`insert into watches (workspace_id, name, terms) values (current_workspace(), 'Late', '{}')`.execute(
      tx,
    )
    throw new Error('the change failed')
  })
  await failing.catch(() => {})

  expect(await rows()).toEqual([])
})

test('what is about one thing goes one after the other, and is counted in that order', async () => {
  receiver.answer = () => ({ status: 200, afterMs: 20 })
  await changesOfOne(6)
  const webhooks = start()
  const told = await receiver.heard(6)
  await webhooks.stop()

  expect(told.map((one) => JSON.parse(one.body).sequence)).toEqual([1, 2, 3, 4, 5, 6])
  expect(receiver.mostAtOnce()).toBe(1)
})

test('what comes after a failed one waits for it, and what is about other things does not', async () => {
  const isFirst = (body: string) => JSON.parse(body).sequence === 1
  receiver.answer = ({ body }) => ({ status: isFirst(body) ? 500 : 200 })
  await changesOfOne(2)
  await addWatch()

  await deliverAll(tools(), place)
  const before = (await rows()).map((one) => one.state)
  receiver.answer = () => ({ status: 200 })
  await hoursPass()
  await deliverAll(tools(), place)

  expect(before).toEqual(['waiting', 'waiting', 'delivered'])
  expect((await rows()).map((one) => one.state)).toEqual(['delivered', 'delivered', 'delivered'])
  expect(receiver.all.map((one) => JSON.parse(one.body).sequence)).toEqual([1, 3, 1, 2])
})

test('a slow destination holds up nobody else', async () => {
  const slow = await startReceiver()
  slow.answer = () => ({ status: 200, afterMs: 60_000 })
  await aDestination(it, workspaceId, { url: slow.url, types: ['watch.added'] })
  const webhooks = start({ ways: waysTo(receiver, slow), timeoutMs: 1_500 })
  for (let n = 0; n < 12; n++) await addWatch()
  const told = await receiver.heard(12)
  await webhooks.stop()
  await slow.stop()

  expect(told).toHaveLength(12)
  expect(slow.mostAtOnce()).toBeLessThanOrEqual(4)
})

test('twenty failures, then taken: one webhook-id all along, and a log of every attempt', async () => {
  let left = 20
  receiver.answer = () => ({ status: left-- > 0 ? 500 : 204, body: 'later' })
  await addWatch()
  for (let n = 0; n < 21; n++) {
    await deliverAll(tools(), place)
    await hoursPass()
  }

  expect(await rows()).toMatchObject([{ state: 'delivered', tries: 21 }])
  expect(new Set(receiver.all.map((one) => one.headers['webhook-id'])).size).toBe(1)
  const log = await attempts()
  expect(log.map((one) => one.status)).toEqual([...Array(20).fill(500), 204])
  expect(log[0]).toMatchObject({ error: 'status', answer: 'later' })
  expect(await destination()).toMatchObject({ state: 'on', failures: 0 })
})

test('a day of failures makes a dead letter, which goes out again under its old id when asked', async () => {
  receiver.answer = () => ({ status: 503 })
  await addWatch()
  await deliverAll(tools(), place)
  await sql`update webhook_deliveries set next_at = now(), first_tried_at = now() - interval '24 hours'
    where workspace_id = ${workspaceId}`.execute(it.owner)
  await deliverAll(tools(), place)
  const dead = await rows()
  receiver.answer = () => ({ status: 200 })
  const replayed = await inWorkspace(it.db, workspaceId, (tx) => replayDead(tx, place.destinationId, null))
  await deliverAll(tools(), place)

  expect(dead).toMatchObject([{ state: 'dead', lastError: 'status', lastStatus: 503 }])
  expect(replayed).toBe(1)
  expect(await rows()).toMatchObject([{ state: 'delivered' }])
  expect(new Set(receiver.all.map((one) => one.headers['webhook-id'])).size).toBe(1)
})

test('410 ends a destination: nothing more is asked or written, and what waited can be replayed', async () => {
  receiver.answer = () => ({ status: 410 })
  await addWatch()
  await changesOfOne(3)
  await deliverAll(tools(), place)
  const asked = receiver.all.length
  await addWatch()
  await deliverAll(tools(), place)

  expect(await destination()).toMatchObject({ state: 'disabled', stateReason: 'gone' })
  expect(receiver.all).toHaveLength(asked)
  expect((await rows()).map((one) => one.state)).toEqual(Array(4).fill('dead'))
})

test('twenty failures in a row over a day pause a destination; what happens then waits', async () => {
  receiver.answer = () => ({ status: 500 })
  await sql`update webhook_destinations set failures = 19, failing_since = now() - interval '25 hours'
    where workspace_id = ${workspaceId}`.execute(it.owner)
  await addWatch()
  await deliverAll(tools(), place)
  await addWatch()
  await deliverAll(tools(), place)

  expect(await destination()).toMatchObject({ state: 'paused', stateReason: 'failing' })
  expect(receiver.all).toHaveLength(1)
  expect((await rows()).map((one) => one.state)).toEqual(['waiting', 'waiting'])
})

test('a lease that is over is taken up again under the same id; one that lasts is not', async () => {
  await addWatch()
  const dead = await takeUp(tools(), place, 4)
  await deliverAll(tools(), place)
  const whileLeased = receiver.all.length
  await hoursPass()
  await deliverAll(tools(), place)

  expect(whileLeased).toBe(0)
  expect(receiver.all.map((one) => one.headers['webhook-id'])).toEqual([dead.taken[0]!.eventId])
})

test('whoever lost the lease does not write what became of it', async () => {
  await addWatch()
  const slow = await takeUp(tools(), place, 4)
  await hoursPass()
  await deliverAll(tools(), place)
  receiver.answer = () => ({ status: 500 })
  await deliver(tools(), slow.destination!, slow.taken[0]!, slow.token, new AbortController().signal)

  expect(await rows()).toMatchObject([{ state: 'delivered' }])
  expect(await attempts()).toHaveLength(1)
})

test('a receiver that never answers is given up, and one that answers without end is read to its beginning', async () => {
  receiver.answer = () => ({ status: 200, afterMs: 60_000 })
  await addWatch()
  await deliverAll(tools({ timeoutMs: 300 }), place)
  receiver.answer = () => ({ status: 500, body: `${place.secret} ${'x'.repeat(500_000)}` })
  await hoursPass()
  await deliverAll(tools(), place)

  const [hung, long] = await attempts()
  expect(hung).toMatchObject({ status: null, error: 'timeout' })
  expect(long!.answer!.length).toBeLessThanOrEqual(1024)
  expect(long!.answer).toMatch(/^… x/)
})

test('a redirect is not followed', async () => {
  const elsewhere = await startReceiver()
  receiver.answer = () => ({ status: 307, headers: { location: elsewhere.url } })
  await addWatch()
  await deliverAll(tools({ ways: waysTo(receiver, elsewhere) }), place)
  await elsewhere.stop()

  expect(await rows()).toMatchObject([{ state: 'waiting', lastError: 'redirect', lastStatus: 307 }])
  expect(elsewhere.all).toEqual([])
})

test.each([
  ['http://127.0.0.1:1/', 'private-address'],
  ['https://127.0.0.1:1/', 'private-address'],
  ['https://receiver.invalid/', 'dns'],
])('%s fails as %s', async (url, word) => {
  await sql`update webhook_destinations set url = ${url} where workspace_id = ${workspaceId}`.execute(
    it.owner,
  )
  await addWatch()
  await deliverAll(tools(), place)

  expect(await attempts()).toMatchObject([{ status: null, error: word }])
})

test('nobody there, or one without a certificate, is said as such', async () => {
  const port = new URL(receiver.url).port
  await sql`update webhook_destinations set url = ${`https://127.0.0.1:${port}/`} where workspace_id = ${workspaceId}`.execute(
    it.owner,
  )
  await addWatch()
  await deliverAll(tools(), place)
  await receiver.stop()
  await hoursPass()
  await deliverAll(tools(), place)

  expect((await attempts()).map((one) => one.error)).toEqual(['tls', 'connect'])
})

test('while a secret is being replaced both sign; a day later only the new one does', async () => {
  const { sealed, secret } = place.another()
  await sql`update webhook_destinations set sealed_old_secret = sealed_secret, sealed_secret = ${sealed},
    old_secret_until = now() + interval '24 hours' where workspace_id = ${workspaceId}`.execute(it.owner)
  await addWatch()
  await deliverAll(tools(), place)
  await sql`update webhook_destinations set old_secret_until = now() - interval '1 second'
    where workspace_id = ${workspaceId}`.execute(it.owner)
  await addWatch()
  await deliverAll(tools(), place)

  const [both, one] = receiver.all
  for (const good of [place.secret, secret]) new Webhook(good).verify(both!.body, both!.headers)
  new Webhook(secret).verify(one!.body, one!.headers)
  expect(() => new Webhook(place.secret).verify(one!.body, one!.headers)).toThrow()
})

test('a ping goes to a paused destination too, alone and once', async () => {
  receiver.answer = () => ({ status: 500 })
  await sql`update webhook_destinations set state = 'paused' where workspace_id = ${workspaceId}`.execute(
    it.owner,
  )
  await inWorkspace(it.db, workspaceId, (tx) => addPing(tx, place.destinationId, workspaceId, new Date()))
  await deliverAll(tools(), place)

  expect(await rows()).toMatchObject([{ state: 'dead', tries: 1 }])
  expect(JSON.parse(receiver.all[0]!.body)).toMatchObject({ type: 'webhook.ping' })
})
