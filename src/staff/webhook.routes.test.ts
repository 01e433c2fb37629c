/** Destinations over HTTP: secrets shown once, private addresses by two people's word, the log, and sending again. */
import { sql } from 'kysely'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { testKey } from '../../test/key.ts'
import { type Receiver, startReceiver } from '../../test/receiver.ts'
import { deliverAll, waysTo } from '../../test/webhooks.ts'
import { findAll } from '../base/db.ts'
import type { WaysOut } from '../base/webhook-post.ts'
import { webhookRoutes } from './webhook.routes.ts'

let it: TestDb
let house: TestApp
let named: Receiver
let other: Receiver
let ways: WaysOut
beforeAll(async () => {
  it = await freshDb()
  named = await startReceiver()
  other = await startReceiver()
  // The operator named one of the two, for webhooks.
  ways = waysTo(named)
  house = await testApp(it, { rooms: (mount, tools) => webhookRoutes(mount, { ...tools, ways }) })
})
afterAll(async () => {
  await house.app.close()
  await named.stop()
  await other.stop()
  await it[Symbol.asyncDispose]()
})

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
let workspaceId: string
// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, each expected by its test
let call: (method: Method, url: string, payload?: object) => Promise<{ status: number; body: any }>
beforeEach(async () => {
  const agent = await aWorkspace(it.db)
  workspaceId = agent.workspaceId
  const headers = await house.signIn(agent)
  call = async (method, url, payload) => {
    const answer = await house.app.inject({ method, url, headers, ...(payload ? { payload } : {}) })
    return { status: answer.statusCode, body: answer.json() }
  }
  named.all.length = 0
  named.answer = () => ({ status: 200 })
})

const aBody = (over: object = {}) => ({
  name: 'Depot',
  url: named.url,
  types: null,
  ownNetwork: true,
  ...over,
})
const deliver = (destinationId: string) =>
  deliverAll({ db: it.db, master: testKey, now: () => new Date(), ways }, { workspaceId, destinationId })
const audited = () =>
  findAll(
    it.owner,
    sql<{ act: string; content: object }>`select act, content from audit where workspace_id = ${workspaceId}
      order by audit_id`,
  )

test('a secret is in the answer that made it, sealed at rest, and nowhere else', async () => {
  const { body: made } = await call('POST', '/api/webhooks', aBody())
  const { body: list } = await call('GET', '/api/webhooks')
  const rows = await findAll(
    it.owner,
    sql`select * from webhook_destinations where workspace_id = ${workspaceId}`,
  )

  expect(Buffer.from(made.secret.replace(/^whsec_/, ''), 'base64')).toHaveLength(32)
  expect(list).toMatchObject([{ name: 'Depot', state: 'on', last: null, waiting: 0, dead: 0 }])
  for (const seen of [list, rows, await audited()])
    expect(JSON.stringify(seen)).not.toContain(made.secret.slice(6))
})

test('S-18: one host and port of the own network is reached, by a marked destination, and nothing else is', async () => {
  const marked = await call('POST', '/api/webhooks', aBody())
  const unmarked = await call('POST', '/api/webhooks', aBody({ ownNetwork: false }))
  const otherPort = await call('POST', '/api/webhooks', aBody({ url: other.url }))
  const otherName = await call(
    'POST',
    '/api/webhooks',
    aBody({ url: named.url.replace('127.0.0.1', 'localhost') }),
  )
  const { destinationId } = marked.body
  await call('POST', `/api/webhooks/${destinationId}/pings`, {})
  await deliver(destinationId)
  // Whatever a row says by now: what is reached is asked for again with each request.
  await sql`update webhook_destinations set url = ${other.url} where workspace_id = ${workspaceId}`.execute(
    it.owner,
  )
  await call('POST', `/api/webhooks/${destinationId}/pings`, {})
  await deliver(destinationId)

  expect(marked.status).toBe(200)
  for (const refused of [unmarked, otherPort, otherName])
    expect(refused.body.code).toBe('webhook-address-private')
  expect([named.all.length, other.connections()]).toEqual([1, 0])
  const elsewhere = await ways.open.fetch(named.url).catch((error: Error) => error.name)
  expect(elsewhere).toBe('NotAllowed')
  expect(await audited()).toContainEqual({
    act: 'webhook.added',
    content: { origin: new URL(named.url).origin, ownNetwork: true, types: null },
  })
})

test.each([
  ['ftp://care.example/', 'bad-input'],
  ['http://9.9.9.9/', 'webhook-needs-https'],
  ['https://10.0.0.1/', 'webhook-address-private'],
  ['https://ana:word@care.example/', 'webhook-address-private'],
])('%s is refused as %s', async (url, code) => {
  const { body } = await call('POST', '/api/webhooks', aBody({ url, ownNetwork: false }))

  expect(body.code).toBe(code)
})

test('a destination is changed, paused, turned on, and removed with its log', async () => {
  const { body: made } = await call('POST', '/api/webhooks', aBody())
  const of = `/api/webhooks/${made.destinationId}`
  const changed = await call('PUT', of, aBody({ name: 'Shop', types: ['case.closed'] }))
  const paused = await call('PUT', `${of}/state`, { state: 'paused' })
  const on = await call('PUT', `${of}/state`, { state: 'on' })
  await call('POST', `${of}/pings`, {})
  const removed = await call('DELETE', of)

  expect(changed.body).toMatchObject({ name: 'Shop', types: ['case.closed'] })
  expect(paused.body).toMatchObject({ state: 'paused', stateReason: 'by-agent' })
  expect(on.body).toMatchObject({ state: 'on', stateReason: null })
  expect(removed.status).toBe(200)
  expect((await call('GET', '/api/webhooks')).body).toEqual([])
  expect(
    await findAll(it.owner, sql`select 1 from webhook_deliveries where workspace_id = ${workspaceId}`),
  ).toEqual([])
  expect((await audited()).map((one) => one.act)).toEqual([
    'webhook.added', 'webhook.changed', 'webhook.turned', 'webhook.turned', 'webhook.pinged', 'webhook.removed',
  ]) // biome-ignore format: a list to read
})

test('a new secret signs beside the old one', async () => {
  const { body: made } = await call('POST', '/api/webhooks', aBody())
  const of = `/api/webhooks/${made.destinationId}`
  const { body: renewed } = await call('POST', `${of}/secrets`, {})
  await call('POST', `${of}/pings`, {})
  await deliver(made.destinationId)

  const [sent] = named.all
  for (const secret of [made.secret, renewed.secret]) new Webhook(secret).verify(sent!.body, sent!.headers)
  const hoursLeft = (Date.parse(renewed.oldSecretUntil) - Date.now()) / 3_600_000
  expect(hoursLeft).toBeGreaterThan(23.9)
  expect(hoursLeft).toBeLessThanOrEqual(24)
})

test('the log tells what was sent and what came back, by state and type and page; a dead letter is sent again', async () => {
  const { body: made } = await call('POST', '/api/webhooks', aBody({ types: ['watch.added'] }))
  const of = `/api/webhooks/${made.destinationId}`
  named.answer = () => ({ status: 500, body: 'not today' })
  for (let n = 0; n < 3; n++) await call('POST', `${of}/pings`, {})
  await deliver(made.destinationId)
  const first = await call('GET', `${of}/deliveries?limit=2`)
  const second = await call('GET', `${of}/deliveries?limit=2&after=${first.body.next}`)
  const dead = await call('GET', `${of}/deliveries?state=dead&type=webhook.ping`)
  const none = await call('GET', `${of}/deliveries?type=case.closed`)
  const { eventId } = dead.body.rows[0]
  const details = await call('GET', `${of}/deliveries/${eventId}`)
  named.answer = () => ({ status: 200 })
  const one = await call('POST', `${of}/replays`, { eventId })
  const rest = await call('POST', `${of}/replays`, { eventId: null })
  const again = await call('POST', `${of}/replays`, { eventId })
  await deliver(made.destinationId)

  expect([first.body.rows.length, second.body.rows.length, second.body.next]).toEqual([2, 1, null])
  expect(dead.body.rows).toHaveLength(3)
  expect(dead.body.rows[0]).toMatchObject({ state: 'dead', tries: 1, lastStatus: 500, lastError: 'status' })
  expect(none.body.rows).toEqual([])
  expect(details.body.attempts).toMatchObject([{ status: 500, error: 'status', answer: 'not today' }])
  expect(details.body.body).toEqual(
    JSON.parse(named.all.find((it) => it.headers['webhook-id'] === eventId)!.body),
  )
  expect([one.body, rest.body, again.body.code]).toEqual([{ replayed: 1 }, { replayed: 2 }, 'not-found'])
  expect((await call('GET', `${of}/deliveries?state=delivered`)).body.rows).toHaveLength(3)
})

test('there are twenty at most', async () => {
  const answers = await Promise.all(Array.from({ length: 22 }, () => call('POST', '/api/webhooks', aBody())))

  expect(answers.filter((one) => one.status === 200)).toHaveLength(20)
  expect(answers.find((one) => one.status !== 200)!.body.code).toBe('too-many-webhooks')
})
