import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aCaseThere } from '../../test/cases.ts'
import { freshDb, type TestDb } from '../../test/db.ts'
import { aDesk } from '../../test/desk.ts'
import { newId } from '../base/clock.ts'
import { changeCase } from '../cases/case.sql.ts'
import { closeCase } from '../cases/case-closing.ts'

let it: TestDb
beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())

const atTheDesk = (undoMs?: number) => aDesk(it, undoMs)

test('sending queues the reply, removes the draft and says when it leaves', async () => {
  const { call, draft, say, channelId } = await atTheDesk()
  await call('PUT', draft, { text: 'Sorry!', channelId })
  const before = Date.now()

  const { status, body } = await say('  Sorry!\n')

  expect(status).toBe(200)
  expect(body).toMatchObject({
    text: 'Sorry!',
    state: 'queued',
    purpose: 'answer',
    shown: 'unchecked',
    url: null,
  })
  expect(new Date(body.sendAfter).getTime() - before).toBeGreaterThan(9_000)
  expect(new Date(body.sendAfter).getTime() - before).toBeLessThan(12_000)
  expect((await call('GET', draft)).body.text).toBe('')
})

test('the same reply sent twenty times at once is one reply', async () => {
  const { say, caseId } = await atTheDesk()
  const replyId = newId()

  const answers = await Promise.all(Array.from({ length: 20 }, () => say('Once', { replyId })))

  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]))
  expect(new Set(answers.map((answer) => answer.body.uri)).size).toBe(1)
  const rows = await sql`select 1 from replies where case_id = ${caseId}`.execute(it.owner)
  expect(rows.rows.length).toBe(1)
})

test('the same id for other words is refused', async () => {
  const { say } = await atTheDesk()
  const replyId = newId()
  await say('Once', { replyId })

  expect(await say('Twice', { replyId })).toMatchObject({ status: 409, body: { code: 'changed-meanwhile' } })
  expect(await say('Once', { replyId, purpose: 'public-ending' })).toMatchObject({
    body: { code: 'changed-meanwhile' },
  })
})

test('what must not be said in public is refused with the words that led to it', async () => {
  const { say } = await atTheDesk()

  for (const [text, status, code, detail] of [
    ['Hi {name}', 422, 'reply-placeholder', '{name}'],
    ['We wrote to kim@mail.example', 422, 'reply-personal-data', 'kim@mail.example'],
    ['Our lawyers will sue you', 422, 'reply-threat', 'Our lawyers will sue you'],
    [' \n ', 422, 'text-empty', 'text-empty'],
    ['x'.repeat(301), 422, 'text-too-long', 'text-too-long'],
    ['x'.repeat(50_000), 422, 'text-too-long', 'text-too-long'],
  ] as const)
    expect(await say(text), code).toMatchObject({ status, body: { code, detail } })
})

test('advice does not lock: a sales line in an apology goes out when the agent wants it to', async () => {
  const { say } = await atTheDesk()

  expect((await say('So sorry. Shop now for 20% off!')).status).toBe(200)
})

test('a reply needs an open case, a channel of its network and a post that is still there', async () => {
  const { say, caseId, channelId, workspaceId, run, agentId, call } = await atTheDesk()
  const other = await aCaseThere(it.db, workspaceId)

  const unknown = await call('POST', `/api/cases/${newId()}/replies`, {
    replyId: newId(),
    channelId,
    text: 'x',
  })
  expect(unknown).toMatchObject({ status: 404, body: { code: 'not-found' } })
  const wrong = await call('POST', `/api/cases/${other.caseId}/replies`, {
    replyId: newId(),
    channelId,
    text: 'x',
  })
  expect(wrong).toMatchObject({ status: 409, body: { code: 'wrong-network' } })
  expect(await say('x', { channelId: newId() })).toMatchObject({ status: 409, body: { code: 'no-channel' } })

  await run((tx) =>
    changeCase(tx, caseId, (was) =>
      closeCase(was, { outcome: 'solved', outcomeBy: 'us', reason: null }, agentId, new Date()),
    ),
  )
  expect(await say('x')).toMatchObject({ status: 409, body: { code: 'case-closed' } })
  expect(await say('Update: sorted', { purpose: 'public-ending' })).toMatchObject({
    status: 200,
    body: { purpose: 'public-ending' },
  })

  await sql`update posts set deleted_at = now(), text = null, embed = null where case_id = ${caseId}`.execute(
    it.owner,
  )
  expect(await say('Update: gone', { purpose: 'public-ending' })).toMatchObject({
    status: 409,
    body: { code: 'post-deleted' },
  })
})

test('the newest words of the customer that are still there are the ones answered', async () => {
  const { say, caseId, rehearsal, uri, workspaceId } = await atTheDesk(0)
  const later = rehearsal.say('kim', 'Anyone?', { replyTo: uri })
  await sql`insert into posts (workspace_id, network, uri, cid, rev, thread_uri, author_account_id, author_id, case_id,
      text, said_at)
    select workspace_id, network, ${later.uri}, 'cid', '2', thread_uri, author_account_id, author_id, case_id,
      'Anyone?', said_at + interval '1 minute' from posts where case_id = ${caseId}`.execute(it.owner)

  const { body } = await say('Here we are')

  const row = await sql<{ parentUri: string; threadUri: string }>`select parent_uri, thread_uri from replies
    where workspace_id = ${workspaceId} and reply_id = ${body.replyId}`.execute(it.owner)
  expect(row.rows).toEqual([{ parentUri: later.uri, threadUri: uri }])
})

test('undo brings the words back to the composer, and a second press changes nothing', async () => {
  const { call, say, draft } = await atTheDesk()
  const { body } = await say('Oops')

  const undone = await call('DELETE', `/api/replies/${body.replyId}`)
  const again = await call('DELETE', `/api/replies/${body.replyId}`)

  expect(undone).toMatchObject({ status: 200, body: { state: 'undone' } })
  expect(again).toMatchObject({ status: 200, body: { state: 'undone' } })
  expect((await call('GET', draft)).body.text).toBe('Oops')
})

test('undo never overwrites words that were begun since', async () => {
  const { call, say, draft } = await atTheDesk()
  const { body } = await say('Oops')
  await call('PUT', draft, { text: 'Second thought', channelId: null })

  await call('DELETE', `/api/replies/${body.replyId}`)

  expect((await call('GET', draft)).body.text).toBe('Second thought')
})

test('what has left cannot be undone', async () => {
  const { call, say, send } = await atTheDesk(0)
  const { body } = await say('Too late')
  await send(body)

  expect(await call('DELETE', `/api/replies/${body.replyId}`)).toMatchObject({
    status: 409,
    body: { code: 'reply-not-undoable' },
  })
  expect(await call('DELETE', `/api/replies/${newId()}`)).toMatchObject({ status: 404 })
})

test('a refused reply may be tried again as it was frozen, or given up', async () => {
  const { call, say, send, rehearsal, draft, reply, events } = await atTheDesk(0)
  const { body } = await say('Hello')
  rehearsal.fail('refused', 'not today')
  await send(body)

  const again = await call('PUT', `/api/replies/${body.replyId}/decision`, { decision: 'again' })
  expect(again).toMatchObject({ status: 200, body: { state: 'queued', uri: body.uri } })
  rehearsal.fail('refused', 'not today')
  await send(body)
  const given = await call('PUT', `/api/replies/${body.replyId}/decision`, { decision: 'give-up' })

  expect(given).toMatchObject({ status: 200, body: { state: 'undone' } })
  expect((await call('GET', draft)).body.text).toBe('Hello')
  expect((await reply(body)).state).toBe('undone')
  expect(await events()).toEqual([
    'opened', 'reply-queued', 'reply-refused', 'reply-again', 'reply-refused', 'reply-given-up',
  ]) // biome-ignore format: a history to read
  expect(rehearsal.ourPosts()).toEqual([])
})

test('a reply that needs a person is looked up before it is tried again', async () => {
  const { call, say, send, rehearsal, reply } = await atTheDesk(0)
  const { body } = await say('Hello')
  rehearsal.fail('cut')
  await send(body)
  await sql`update replies set state = 'needs-person' where reply_id = ${body.replyId}`.execute(it.owner)

  const again = await call('PUT', `/api/replies/${body.replyId}/decision`, { decision: 'again' })
  await send(body)

  expect(again.body.state).toBe('unknown')
  expect((await reply(body)).state).toBe('sent')
  expect(rehearsal.ourPosts().length).toBe(1)
})

test('a reply on its way is not for deciding', async () => {
  const { call, say } = await atTheDesk()
  const { body } = await say('Hello')

  expect(await call('PUT', `/api/replies/${body.replyId}/decision`, { decision: 'again' })).toMatchObject({
    status: 409,
    body: { code: 'reply-not-repeatable' },
  })
})

test('two agents deciding at once decide once', async () => {
  const { call, say, send, rehearsal } = await atTheDesk(0)
  const { body } = await say('Hello')
  rehearsal.fail('refused')
  await send(body)

  const answers = await Promise.all(
    ['again', 'again', 'give-up'].map((decision) =>
      call('PUT', `/api/replies/${body.replyId}/decision`, { decision }),
    ),
  )

  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409])
})

test('the gate is asked before anyone writes', async () => {
  const { call, caseId, channelId, rehearsal, uri } = await atTheDesk()
  const gate = `/api/cases/${caseId}/gate?channelId=${channelId}`

  expect((await call('GET', gate)).body).toEqual({ outcome: 'open', why: null, detail: null })
  rehearsal.remove(uri)
  expect((await call('GET', gate)).body).toEqual({
    outcome: 'shut',
    why: 'parent-deleted',
    detail: 'The post was deleted by its author.',
  })
})

test('without signing in nothing answers', async () => {
  const { call, draft, replies } = await atTheDesk()

  for (const [method, url] of [
    ['GET', draft],
    ['PUT', draft],
    ['POST', replies],
    ['DELETE', `/api/replies/${newId()}`],
  ] as const)
    expect(await call(method, url, method === 'GET' ? undefined : {}, { cookie: '' })).toMatchObject({
      status: 401,
    })
})
