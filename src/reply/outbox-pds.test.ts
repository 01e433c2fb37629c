/** P2 on a real PDS, seen through the customer's own client. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDb, type TestDb } from '../../test/db.ts'
import { startPds, type TestAccount, type TestPds } from '../../test/pds.ts'
import { aBlueskyScene } from '../../test/replies.ts'
import { newId } from '../base/clock.ts'
import { startQueue } from '../base/queue.ts'
import { markRepliesDeleted } from '../cases/intake.sql.ts'
import type { Connector, Sent } from '../connectors/connector.ts'
import { makeTasks } from '../jobs.ts'
import { undoReply } from './reply.sql.ts'

let it: TestDb
let pds: TestPds
let customer: TestAccount
let made = 0
beforeAll(async () => {
  it = await freshDb()
  pds = await startPds()
  customer = await pds.makeAccount('kimlee')
})
afterAll(async () => {
  await pds[Symbol.asyncDispose]()
  await it[Symbol.asyncDispose]()
})

/** A brand of its own per test, so that what it said can be read whole. */
async function aScene() {
  const brand = await pds.makeAccount(`acmecare${++made}`)
  return { brand, ...(await aBlueskyScene(it, pds, { brand, customer })) }
}

test('a reply reaches the thread on a real PDS', async () => {
  const scene = await aScene()
  const queued = await scene.queue('Sorry! It is on its way: https://acme.example/help')

  await scene.send(queued)

  expect(await scene.said()).toEqual([
    {
      uri: queued.frozenUri,
      text: 'Sorry! It is on its way: https://acme.example/help',
      parent: scene.post.uri,
    },
  ])
  expect(await scene.reply(queued)).toMatchObject({ state: 'sent', attempts: 1 })
})

test('twenty workers at one row leave one record', async () => {
  const scene = await aScene()
  const queued = await scene.queue('Once, please')

  await Promise.all(Array.from({ length: 20 }, () => scene.send(queued)))

  expect((await scene.said()).map((post) => post.text)).toEqual(['Once, please'])
  expect((await scene.reply(queued)).state).toBe('sent')
})

test('twenty workers whose leases are all over leave one record', async () => {
  const scene = await aScene()
  const queued = await scene.queue('Once, please')
  const { bluesky } = scene.tools.connectors
  // Each takes the row from the one before it, and all of them send.
  const sends: Promise<Sent>[] = []
  const impatient: Connector = {
    ...bluesky,
    findSent: async () => ({ outcome: 'absent' }),
    send: async (...args) => {
      await scene.pass(queued)
      if (sends.length < 20) void sends.push(bluesky.send(...args))
      return { outcome: 'unknown', detail: 'cut' }
    },
  }
  const connectors = { ...scene.tools.connectors, bluesky: impatient }

  for (let round = 0; round < 12; round++) await scene.send(queued, { connectors })
  await Promise.all(sends)

  expect(sends.length).toBeGreaterThan(3)
  expect((await scene.said()).map((post) => post.text)).toEqual(['Once, please'])
})

test('the answer is cut, the reply is found, and one record stands', async () => {
  const scene = await aScene()
  const queued = await scene.queue('We are looking into it')

  await scene.send(queued, cut(scene))
  const between = await scene.reply(queued)
  await scene.send(queued)

  expect(between).toMatchObject({ state: 'unknown', detail: 'TypeError: fetch failed' })
  expect(await scene.reply(queued)).toMatchObject({ state: 'sent' })
  expect((await scene.said()).length).toBe(1)
})

test('a worker killed before it could write down that it sent leaves one record', async () => {
  const scene = await aScene()
  const queued = await scene.queue('We are looking into it')
  await scene.send(queued, cut(scene))
  await sql`update replies set state = 'sending', lease_token = ${newId()}, lease_until = now() - interval '1 second'
    where reply_id = ${queued.replyId}`.execute(it.owner)

  await Promise.all([scene.send(queued), scene.send(queued)])

  expect(await scene.reply(queued)).toMatchObject({ state: 'sent' })
  expect((await scene.said()).length).toBe(1)
})

test('R-03: its owner deletes the reply while we do not know of it, and it stays deleted', async () => {
  const scene = await aScene()
  const queued = await scene.queue('On second thought')
  await scene.send(queued, cut(scene))
  await scene.brand.agent.deletePost(queued.frozenUri)

  // The retry comes first: a repository keeps no trace of what was deleted.
  await scene.send(queued)
  const between = await scene.reply(queued)
  // Then the stream tells.
  await scene.run((tx) => markRepliesDeleted(tx, [queued.frozenUri]))
  for (let round = 0; round < 3; round++) await scene.send(queued)

  expect(between).toMatchObject({ state: 'unknown', detail: 'not-there-yet' })
  expect(await scene.reply(queued)).toMatchObject({ state: 'deleted-by-owner' })
  expect(await scene.said()).toEqual([])
})

test('the news of a deletion during a send is not overwritten by the worker that sends', async () => {
  const scene = await aScene()
  const queued = await scene.queue('On second thought')
  const { bluesky } = scene.tools.connectors
  const raced: Connector = {
    ...bluesky,
    send: async (...args) => {
      const sent = await bluesky.send(...args)
      await scene.brand.agent.deletePost(queued.frozenUri)
      await scene.run((tx) => markRepliesDeleted(tx, [queued.frozenUri]))
      return sent
    },
  }

  await scene.send(queued, { connectors: { ...scene.tools.connectors, bluesky: raced } })
  await scene.send(queued)

  expect(await scene.reply(queued)).toMatchObject({ state: 'deleted-by-owner' })
  expect(await scene.said()).toEqual([])
})

test('undone before sending, it leaves nothing on the PDS', async () => {
  const scene = await aScene()
  const queued = await scene.queue('Oops', { undoMs: 10_000 })

  await scene.run((tx) => undoReply(tx, queued.replyId))
  await scene.pass(queued)
  await scene.send(queued)

  expect(await scene.said()).toEqual([])
})

test('an account that was taken down pauses its channel and keeps the queue', async () => {
  const scene = await aScene()
  const queued = await scene.queue('Hello')
  await scene.brand.agent.com.atproto.server.deactivateAccount({})

  await scene.send(queued)
  const paused = await sql<{ state: string; pausedReason: string }>`select state, paused_reason from channels
    where channel_id = ${scene.channelId}`.execute(it.owner)

  expect(paused.rows).toEqual([{ state: 'paused', pausedReason: 'deactivated' }])
  expect(await scene.reply(queued)).toMatchObject({ state: 'queued', attempts: 0 })
})

test('the whole way by the job queue: three replies in order, once each, as the role that owns nothing', async () => {
  const scene = await aScene()
  const errors: string[] = []
  const queue = await startQueue({
    url: it.url,
    tasks: makeTasks({ ...scene.tools, reachDb: it.db, publicUrl: 'http://localhost:4000' }),
    every: { 'sweep-replies': 500 },
    onError: (error, what) => errors.push(`${what}: ${error.stack}`),
    pollMs: 50,
  })
  try {
    const replies = [await scene.queue('One'), await scene.queue('Two'), await scene.queue('Three')]
    for (let left = 300; left > 0; left--) {
      const states = await Promise.all(replies.map(async (reply) => (await scene.reply(reply)).state))
      if (states.every((state) => state === 'sent')) break
      await new Promise((resolve) => setTimeout(resolve, 50))
    }

    expect((await scene.said()).map((post) => post.text)).toEqual(['One', 'Two', 'Three'])
    expect(errors).toEqual([])
  } finally {
    await queue.stop()
  }
})

/** The request arrives and its answer never does. */
function cut(scene: Awaited<ReturnType<typeof aScene>>) {
  const { bluesky } = scene.tools.connectors
  const broken: Connector = {
    ...bluesky,
    send: async (...args) => {
      await bluesky.send(...args)
      throw new TypeError('fetch failed')
    },
  }
  return { connectors: { ...scene.tools.connectors, bluesky: broken } }
}
