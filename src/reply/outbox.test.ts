import { globSync, readFileSync } from 'node:fs'
import { type RawBuilder, sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDb, type TestDb } from '../../test/db.ts'
import { aRehearsedScene } from '../../test/replies.ts'
import { newId } from '../base/clock.ts'
import { startQueue } from '../base/queue.ts'
import { markRepliesDeleted } from '../cases/intake.sql.ts'
import { removeChannel, renewSecret } from '../connectors/channel.sql.ts'
import type { Connector } from '../connectors/connector.ts'
import { makeTasks } from '../jobs.ts'
import { lookOnce, resumeReplies, sweepReplies } from './reply.jobs.ts'
import { undoReply } from './reply.sql.ts'

let it: TestDb
beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())

const texts = (scene: Awaited<ReturnType<typeof aRehearsedScene>>) =>
  scene.rehearsal.ourPosts().map((post) => post.text)

test('a queued reply goes out once, answers the case and is looked at later', async () => {
  const scene = await aRehearsedScene(it)
  const queued = await scene.queue('Sorry! It is on its way.')

  await scene.send(queued)

  const reply = await scene.reply(queued)
  expect(queued.state).toBe('queued')
  expect(reply).toMatchObject({ state: 'sent', detail: null, attempts: 1, text: 'Sorry! It is on its way.' })
  expect(reply.cid).toMatch(/^rehearsal-/)
  expect(texts(scene)).toEqual(['Sorry! It is on its way.'])
  expect(await scene.caseRow()).toMatchObject({ status: 'waiting', unansweredSince: null })
  expect((await scene.caseRow()).firstAnsweredAt).toEqual(reply.sentAt)
  expect(await scene.events()).toEqual(['opened', 'reply-queued', 'answered'])
  expect((await scene.jobs(queued)).map((job) => job.task)).toEqual(['look-once', 'send-reply'])
})

test('twenty workers at one row send one post', async () => {
  const scene = await aRehearsedScene(it)
  const queued = await scene.queue('Once, please')

  await Promise.all(Array.from({ length: 20 }, () => scene.send(queued)))

  expect(texts(scene)).toEqual(['Once, please'])
  expect(await scene.reply(queued)).toMatchObject({ state: 'sent', attempts: 1 })
  expect((await scene.events()).filter((type) => type === 'answered')).toEqual(['answered'])
})

test('an answer that was cut is unknown, and is found before anything is sent again', async () => {
  const scene = await aRehearsedScene(it)
  const queued = await scene.queue('We are looking into it')
  scene.rehearsal.fail('cut')

  await scene.send(queued)
  const between = await scene.reply(queued)
  await scene.send(queued)

  expect(between).toMatchObject({ state: 'unknown', detail: 'rehearsed: cut' })
  expect(await scene.reply(queued)).toMatchObject({ state: 'sent', detail: null })
  expect(texts(scene)).toEqual(['We are looking into it'])
})

test('a request that never arrived is sent again, after its absence was seen twice', async () => {
  const scene = await aRehearsedScene(it)
  const queued = await scene.queue('We are looking into it')
  scene.rehearsal.fail('lost')

  await scene.send(queued)
  await scene.send(queued)
  const between = await scene.reply(queued)
  await scene.send(queued)

  expect(between).toMatchObject({ state: 'unknown', detail: 'not-there-yet' })
  expect(await scene.reply(queued)).toMatchObject({ state: 'sent' })
  expect(texts(scene)).toEqual(['We are looking into it'])
})

test('nothing lost is sent again before the stream has told of all that happened until it was missed', async () => {
  const scene = await aRehearsedScene(it)
  const queued = await scene.queue('We are looking into it')
  scene.rehearsal.fail('lost')
  await scene.send(queued)
  const again = async (how: RawBuilder<unknown>, more = {}) => {
    await scene.stream(how)
    for (let round = 0; round < 3; round++) await scene.send(queued, more)
    const { state, detail } = await scene.reply(queued)
    return `${state}: ${detail}`
  }
  const waits = 'unknown: not-there-yet'

  // It has told everything until a moment before.
  expect(await again(sql`alive_at = clock_timestamp()`, { graceMs: 60_000 })).toBe(waits)
  // It catches up: what it tells is an hour old.
  expect(await again(sql`alive_at = now() - interval '1 hour'`)).toBe(waits)
  // It stands, and has told nothing yet.
  expect(await again(sql`alive_at = null`)).toBe(waits)
  expect(await again(sql`alive_at = clock_timestamp(), connected_at = null`)).toBe(waits)
  expect(texts(scene)).toEqual([])
  // A line that was silent for long is taken for dead, whatever it had told.
  await sql`update replies set absent_at = absent_at - interval '2 minutes'
    where reply_id = ${queued.replyId}`.execute(it.owner)
  expect(await again(sql`connected_at = now(), alive_at = clock_timestamp() - interval '40 seconds'`)).toBe(
    waits,
  )
  expect(texts(scene)).toEqual([])

  expect(await again(sql`alive_at = clock_timestamp()`)).toBe('sent: null')
  expect(texts(scene)).toEqual(['We are looking into it'])
})

test.each([
  ['waits for a decision', sql`state = 'needs-decision', connected_at = null, heard_since = null`],
  ['was left', sql`state = 'stopped'`],
  ['had a hole since it went out', sql`heard_since = clock_timestamp()`],
])('where the stream %s, a lost reply needs a person and is not sent again', async (_how, how) => {
  const scene = await aRehearsedScene(it)
  const queued = await scene.queue('We are looking into it')
  scene.rehearsal.fail('lost')
  await scene.send(queued)
  await scene.stream(how)

  for (let round = 0; round < 4; round++) await scene.send(queued)

  expect(await scene.reply(queued)).toMatchObject({ state: 'needs-person', detail: 'nobody-can-tell' })
  expect(texts(scene)).toEqual([])
})

test('a stream that stays away for half an hour leaves a lost reply to a person, and the next one goes out', async () => {
  const scene = await aRehearsedScene(it)
  const [lost, next] = [await scene.queue('One'), await scene.queue('Two')]
  scene.rehearsal.fail('lost')
  await scene.send(lost)
  await scene.stream(sql`connected_at = null, alive_at = null`)
  await scene.send(lost)
  await scene.send(lost)
  const waiting = await scene.reply(lost)
  await sql`update replies set absent_at = absent_at - interval '31 minutes'
    where reply_id = ${lost.replyId}`.execute(it.owner)

  await scene.send(lost)
  await scene.send(next)

  expect(waiting).toMatchObject({ state: 'unknown', detail: 'not-there-yet' })
  expect(await scene.reply(lost)).toMatchObject({ state: 'needs-person', detail: 'nobody-can-tell' })
  expect(texts(scene)).toEqual(['Two'])
})

test('a worker killed between sending and writing it down leaves one post', async () => {
  const scene = await aRehearsedScene(it)
  const queued = await scene.queue('We are looking into it')
  // As the killed worker left it: taken, sent, not marked.
  await sql`update replies set state = 'sending', attempts = 1, lease_token = ${newId()},
    lease_until = now() + interval '30 seconds' where reply_id = ${queued.replyId}`.execute(it.owner)
  const frozen = { key: queued.frozenKey, uri: queued.frozenUri, record: queued.frozenRecord }
  const channel = { ...channelOf(scene), secret: 'x' }
  await scene.tools.connectors.rehearsal.send(channel, frozen, ioOf(scene))

  await scene.send(queued)
  const held = await scene.reply(queued)
  const [waiting] = await scene.jobs(queued)
  await scene.pass(queued)
  await scene.send(queued)

  expect(held.state).toBe('sending')
  // It comes back by itself when the dead one's lease is over.
  expect(waiting?.task).toBe('send-reply')
  expect(waiting!.inMs).toBeGreaterThan(15_000)
  expect(waiting!.inMs).toBeLessThan(32_000)
  expect(await scene.reply(queued)).toMatchObject({ state: 'sent', attempts: 2 })
  expect(texts(scene)).toEqual(['We are looking into it'])
})

test('a worker that lost its lease writes nothing', async () => {
  const scene = await aRehearsedScene(it)
  const queued = await scene.queue('Slow but sure')
  const { rehearsal } = scene.tools.connectors
  const slow = {
    ...rehearsal,
    send: async (...args: Parameters<typeof rehearsal.send>) => {
      await scene.pass(queued)
      await scene.send(queued)
      await scene.send(queued)
      const sent = await rehearsal.send(...args)
      return { ...sent, cid: 'from the slow one' } as typeof sent
    },
  }

  await scene.send(queued, { connectors: { ...scene.tools.connectors, rehearsal: slow } })
  // The other worker saw nothing there twice and is free to send.
  await scene.pass(queued)
  await scene.send(queued)

  const reply = await scene.reply(queued)
  expect(reply.state).toBe('sent')
  expect(reply.cid).toMatch(/^rehearsal-/)
  expect(texts(scene)).toEqual(['Slow but sure'])
})

test('its owner deleting a reply while it is unknown is never undone by us', async () => {
  const scene = await aRehearsedScene(it)
  const queued = await scene.queue('On second thought')
  scene.rehearsal.fail('cut')
  await scene.send(queued)
  scene.rehearsal.remove(queued.frozenUri)

  await scene.run((tx) => markRepliesDeleted(tx, [queued.frozenUri]))
  for (let round = 0; round < 3; round++) await scene.send(queued)

  expect(await scene.reply(queued)).toMatchObject({ state: 'deleted-by-owner' })
  expect(texts(scene)).toEqual([])
})

test('what the network itself calls deleted is not sent again', async () => {
  const scene = await aRehearsedScene(it)
  const queued = await scene.queue('On second thought')
  scene.rehearsal.fail('cut')
  await scene.send(queued)
  scene.rehearsal.remove(queued.frozenUri)

  await scene.send(queued)

  expect(await scene.reply(queued)).toMatchObject({ state: 'deleted-by-owner' })
})

test('a refusal is told with its reason and is not tried again by itself', async () => {
  const scene = await aRehearsedScene(it)
  const queued = await scene.queue('Hello')
  scene.rehearsal.fail('refused', 'Your account is too new to reply.')

  await scene.send(queued)
  await scene.send(queued)

  expect(await scene.reply(queued)).toMatchObject({
    state: 'refused',
    detail: 'Your account is too new to reply.',
    attempts: 1,
  })
  expect(texts(scene)).toEqual([])
  expect(await scene.events()).toContain('reply-refused')
})

test('a network that asks for patience gets all of it, and it is not counted as a try', async () => {
  const scene = await aRehearsedScene(it)
  const queued = await scene.queue('Hello')
  scene.rehearsal.fail('later', 'RateLimitExceeded')
  const askedAt = performance.now()

  await scene.send(queued)
  const waiting = await scene.reply(queued)
  const [job] = await scene.jobs(queued)
  await scene.send(queued)
  const early = texts(scene)
  await scene.quietIsOver()
  await scene.send(queued)

  expect(waiting).toMatchObject({ state: 'queued', detail: 'RateLimitExceeded', attempts: 0 })
  expect(job?.task).toBe('send-reply')
  // The rehearsal names a second.
  expect(job!.inMs + performance.now() - askedAt).toBeGreaterThan(1_000)
  expect(job!.inMs).toBeLessThan(1_300)
  expect(early).toEqual([])
  expect(await scene.reply(queued)).toMatchObject({ state: 'sent', attempts: 1 })
})

test('the whole account keeps quiet until then, in every thread and in order, and other accounts speak on', async () => {
  const scene = await aRehearsedScene(it)
  const other = await aRehearsedScene(it)
  const [first, second] = [await scene.queue('One'), await scene.queue('Two')]
  const elsewhere = await scene.queue('In another thread', { caseId: await scene.anotherCase() })
  const requests: number[] = []
  const { rehearsal } = scene.tools.connectors
  const counted: Connector = {
    ...rehearsal,
    send: (...args) => {
      if (args[0].channelId === scene.channelId) requests.push(performance.now())
      return rehearsal.send(...args)
    },
    findSent: (...args) => {
      if (args[0].channelId === scene.channelId) requests.push(performance.now())
      return rehearsal.findSent(...args)
    },
  }
  const tools = { ...scene.tools, connectors: { ...scene.tools.connectors, rehearsal: counted } }
  scene.rehearsal.fail('later', 'RateLimitExceeded')
  await scene.send(first, tools)
  // Looking something up is a request too.
  await sql`update replies set state = 'unknown' where reply_id = ${elsewhere.replyId}`.execute(it.owner)
  const queue = await startQueue({
    url: it.url,
    tasks: makeTasks({ ...tools, reachDb: it.db, publicUrl: 'http://localhost:4000' }),
    onError: () => {},
    pollMs: 20,
  })
  try {
    await expect.poll(() => scene.rehearsal.ourPosts().length, { timeout: 10_000 }).toBe(3)
  } finally {
    await queue.stop()
  }
  scene.rehearsal.fail('later')
  await scene.send(await scene.queue('Three'))
  await other.send(await other.queue('Hello'))

  expect(texts(scene).filter((text) => text !== 'In another thread')).toEqual(['One', 'Two'])
  for (const reply of [first, second, elsewhere])
    expect(await scene.reply(reply)).toMatchObject({ state: 'sent' })
  expect(texts(other)).toEqual(['Hello'])
  // Nothing is asked before the second is over that the network named.
  expect(requests.slice(1).filter((at) => at - requests[0]! < 1_000)).toEqual([])
})

test('a reply that was taken before the network asked for patience does not go out either', async () => {
  const scene = await aRehearsedScene(it)
  const [first, second] = [
    await scene.queue('One'),
    await scene.queue('Two', { caseId: await scene.anotherCase() }),
  ]
  const { rehearsal } = scene.tools.connectors
  // The second one is about to be looked up when the first is told to wait.
  await sql`update replies set state = 'unknown' where reply_id = ${second.replyId}`.execute(it.owner)
  const raced: Connector = {
    ...rehearsal,
    findSent: async () => {
      scene.rehearsal.fail('later')
      await scene.send(first)
      return { outcome: 'absent' }
    },
  }
  await sql`update replies set absent_at = now() where reply_id = ${second.replyId}`.execute(it.owner)

  await scene.send(second, { connectors: { ...scene.tools.connectors, rehearsal: raced } })

  expect(texts(scene)).toEqual([])
  expect(await scene.reply(second)).toMatchObject({ state: 'unknown', attempts: 0 })
  expect((await scene.jobs(second))[0]!.inMs).toBeGreaterThan(800)
})

test('what a network gives as its reason is kept as clean text of a bearable length', async () => {
  const scene = await aRehearsedScene(it)
  const [refused, paused] = [await scene.queue('One'), await scene.queue('Two')]
  const reason = `\0 no \ud800 ${'x'.repeat(490)}\u{1F600}\u{1F600}${'y'.repeat(100_000)}`

  scene.rehearsal.fail('refused', reason)
  await scene.send(refused)
  scene.rehearsal.fail('paused', reason)
  await scene.send(paused)

  const { state, detail } = await scene.reply(refused)
  expect(state).toBe('refused')
  expect(detail).toBe(`\ufffd no \ufffd ${'x'.repeat(490)}\u{1F600}\ufffd`)
  expect(await channelState(scene)).toEqual({
    state: 'paused',
    pausedReason: 'password-refused',
    pausedDetail: detail,
  })
})

test('a reply that nobody can tell about needs a person after eight tries', async () => {
  const scene = await aRehearsedScene(it)
  const queued = await scene.queue('Hello')
  scene.rehearsal.fail('lost')
  await scene.send(queued)
  for (let round = 0; round < 7; round++) {
    scene.rehearsal.fail('unreachable')
    await scene.send(queued)
  }

  expect(await scene.reply(queued)).toMatchObject({
    state: 'needs-person',
    attempts: 8,
    detail: 'unreachable',
  })
})

test('a channel whose account is refused is paused and keeps its queue until it opens again', async () => {
  const scene = await aRehearsedScene(it)
  const first = await scene.queue('One')
  const second = await scene.queue('Two')
  scene.rehearsal.fail('paused', 'Invalid identifier or password')

  await scene.send(first)
  await scene.send(first)
  await scene.send(second)
  await sweepReplies(scene.tools)

  expect(await channelState(scene)).toMatchObject({
    state: 'paused',
    pausedReason: 'password-refused',
    pausedDetail: 'Invalid identifier or password',
  })
  expect(await scene.reply(first)).toMatchObject({ state: 'queued', attempts: 0 })
  expect(await scene.reply(second)).toMatchObject({ state: 'queued', attempts: 0 })
  await expect(scene.queue('Three')).rejects.toMatchObject({ code: 'channel-paused' })
  expect(texts(scene)).toEqual([])

  await scene.run(async (tx) => {
    await renewSecret(
      tx,
      scene.channelId,
      { secret: 'new', handle: 'a', displayName: null },
      scene.tools.master,
    )
    await resumeReplies(tx, scene.channelId)
  })
  await scene.send(first)
  await scene.send(second)

  expect(texts(scene)).toEqual(['One', 'Two'])
})

test('in one thread nothing overtakes what was said before it', async () => {
  const scene = await aRehearsedScene(it)
  const replies = [await scene.queue('One'), await scene.queue('Two'), await scene.queue('Three')]

  await Promise.all(replies.toReversed().map((reply) => scene.send(reply)))
  for (let round = 0; round < 3; round++) for (const reply of replies.toReversed()) await scene.send(reply)

  expect(texts(scene)).toEqual(['One', 'Two', 'Three'])
})

test('a later reply waits while an earlier one is unknown, and is woken when that is settled', async () => {
  const scene = await aRehearsedScene(it)
  const first = await scene.queue('One')
  const second = await scene.queue('Two')
  scene.rehearsal.fail('lost')
  await scene.send(first)

  await scene.send(second)
  const waiting = await scene.reply(second)
  await scene.send(first)
  await scene.send(first)

  expect(waiting.state).toBe('queued')
  expect((await scene.jobs(second)).map((job) => job.task)).toEqual(['send-reply'])
  await scene.send(second)
  expect(texts(scene)).toEqual(['One', 'Two'])
})

test('what was undone in time never reaches the network', async () => {
  const scene = await aRehearsedScene(it)
  const queued = await scene.queue('Oops', { undoMs: 10_000 })

  await scene.send(queued)
  const undone = await scene.run((tx) => undoReply(tx, queued.replyId))
  await scene.pass(queued)
  await scene.send(queued)

  expect(undone).toMatchObject({ state: 'undone' })
  expect(texts(scene)).toEqual([])
})

test('undoing and sending at the same moment end in one of the two, never in both', async () => {
  for (let round = 0; round < 10; round++) {
    const scene = await aRehearsedScene(it)
    const queued = await scene.queue('Now or never', { undoMs: 40 })
    await new Promise((resolve) => setTimeout(resolve, 36 + round))

    const [undone] = await Promise.all([scene.run((tx) => undoReply(tx, queued.replyId)), scene.send(queued)])
    await scene.send(queued)
    await new Promise((resolve) => setTimeout(resolve, 20))
    await scene.send(queued)

    const { state } = await scene.reply(queued)
    expect({ state, said: texts(scene).length }).toEqual(
      undone ? { state: 'undone', said: 0 } : { state: 'sent', said: 1 },
    )
  }
})

test('no reply goes to a post that its author deleted meanwhile', async () => {
  const scene = await aRehearsedScene(it)
  const queued = await scene.queue('Hello')
  await sql`update posts set deleted_at = now(), text = null, embed = null where uri = ${scene.uri}`.execute(
    it.owner,
  )

  await scene.send(queued)

  expect(await scene.reply(queued)).toMatchObject({ state: 'refused', detail: 'post-deleted' })
  expect(texts(scene)).toEqual([])
})

test('replies of a channel that was removed are refused, or left to a person when they may have gone out', async () => {
  const scene = await aRehearsedScene(it)
  const maybe = await scene.queue('One')
  const never = await scene.queue('Two')
  scene.rehearsal.fail('cut')
  await scene.send(maybe)
  await scene.run((tx) => removeChannel(tx, scene.channelId, new Date()))

  await scene.send(maybe)
  await scene.send(never)

  expect(await scene.reply(maybe)).toMatchObject({ state: 'needs-person', detail: 'channel-removed' })
  expect(await scene.reply(never)).toMatchObject({ state: 'refused', detail: 'channel-removed' })
})

test('the sweep finds what a crash left behind, and leaves alone what has its job', async () => {
  const scene = await aRehearsedScene(it)
  const stranded = await scene.queue('One')
  const waiting = await scene.queue('Two')
  await scene.pass(stranded)
  await scene.pass(waiting)
  await sql`delete from graphile_worker._private_jobs
    where payload ->> 'replyId' = ${stranded.replyId}`.execute(it.owner)
  const before = await scene.jobs(stranded)

  await sweepReplies(scene.tools)

  expect(before).toEqual([])
  expect((await scene.jobs(stranded)).length).toBe(1)
  expect((await scene.jobs(waiting)).length).toBe(1)
})

test('a look tells whether people can see it', async () => {
  const scene = await aRehearsedScene(it)
  const queued = await scene.queue('Hello')
  await scene.send(queued)

  await lookOnce(scene.tools, { workspaceId: scene.workspaceId, replyId: queued.replyId, looks: 0 })

  expect(await scene.reply(queued)).toMatchObject({ shown: 'shown', shownReason: null })
})

test('a thread that takes no replies is said so before sending', async () => {
  const scene = await aRehearsedScene(it)
  const gated = scene.rehearsal.say('lee', 'No comments please', { gated: true })
  await sql`update posts set uri = ${gated.uri} where case_id = ${scene.caseId}`.execute(it.owner)
  await sql`update cases set thread_uri = ${gated.uri} where case_id = ${scene.caseId}`.execute(it.owner)

  await expect(scene.queue('Hello')).rejects.toMatchObject({
    code: 'thread-refuses',
    message: 'Only its author may answer in this thread.',
  })
})

test('sent but hidden is told with the reason', async () => {
  const scene = await aRehearsedScene(it)
  const queued = await scene.queue('Hello')
  await scene.send(queued)
  const connectors = {
    ...scene.tools.connectors,
    rehearsal: {
      ...scene.tools.connectors.rehearsal,
      look: async () => ({ outcome: 'hidden' as const, why: 'thread-gate' }),
    },
  }

  await lookOnce(
    { ...scene.tools, connectors },
    { workspaceId: scene.workspaceId, replyId: queued.replyId, looks: 0 },
  )

  expect(await scene.reply(queued)).toMatchObject({
    state: 'sent',
    shown: 'hidden',
    shownReason: 'thread-gate',
  })
})

test('no query of the outbox reads internal notes', () => {
  const files = globSync('src/reply/**/*.ts').filter((path) => !path.includes('.test.'))
  expect(files.length).toBeGreaterThan(8)

  expect(
    files.filter((path) => /\bnotes?\b\s|\.note/i.test(withoutComments(readFileSync(path, 'utf8')))),
  ).toEqual([])
})

const withoutComments = (code: string) => code.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')

type Scene = Awaited<ReturnType<typeof aRehearsedScene>>
const channelOf = (scene: Scene) => ({
  channelId: scene.channelId,
  workspaceId: scene.workspaceId,
  network: 'rehearsal' as const,
  accountId: 'did:rehearsal:fernhill',
  handle: 'fernhill.rehearsal',
  serviceUrl: 'https://rehearsal.invalid',
})
const ioOf = (scene: Scene) => ({
  outside: scene.tools.outside,
  now: scene.tools.now,
  signal: new AbortController().signal,
})
async function channelState(scene: Scene) {
  const found = await sql<{ state: string; pausedReason: string; pausedDetail: string }>`
    select state, paused_reason, paused_detail from channels where channel_id = ${scene.channelId}`.execute(
    it.owner,
  )
  return found.rows[0]
}
