/** Who waits in another help desk waits here, since the word that nobody answered. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { findAll, findOne, inWorkspace } from '../base/db.ts'
import { carryIn } from './foreign.jobs.ts'
import type { OldCase, Said } from './foreign.ts'

let it: TestDb
beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())

const at = new Date('2026-11-22T10:00:00Z')
type Words = [kind: Said['kind'], at: string, n?: number]

async function aDesk() {
  const { workspaceId, agentId } = await aWorkspace(it.db)
  let minutes = 0
  /** No two imports at the same moment. */
  const by = () => ({
    workspaceId,
    agentId,
    fileName: 'f.zip',
    digest: Buffer.alloc(32),
    at: new Date(at.getTime() + minutes++ * 60_000),
    from: 'zendesk',
  })
  const carry = (words: Words[], over: Partial<OldCase> = {}) =>
    carryIn(
      it.db,
      {
        people: [{ key: 'zendesk:user/1', name: 'Kim', points: [] }],
        cases: [
          {
            key: 'zendesk:ticket/1',
            subject: null,
            personKey: 'zendesk:user/1',
            isClosed: false,
            openedAt: words[0]![1],
            closedAt: null,
            said: words.map(([kind, at], n) => ({ key: `zendesk:comment/${n}`, kind, byName: null, text: 'Where is my parcel?', at })),
            ...over,
          },
        ],
      },
      by(),
    ) // biome-ignore format: one case
  const ask = <T>(query: ReturnType<typeof sql<T>>) =>
    inWorkspace(it.db, workspaceId, (tx) => findAll(tx, query))
  const state = async () =>
    (
      await ask(
        sql`select status, unanswered_since, answer_due_at, first_answered_at, customer_posts from cases`,
      )
    )[0]
  const events = async () =>
    (await ask(sql<{ type: string }>`select type from case_events order by at, event_id`)).map(
      (row) => row.type,
    )
  return { workspaceId, agentId, carry, ask, state, events }
}
const day = (n: number) => `2026-11-${String(n).padStart(2, '0')}T10:00:00.000Z`

test('who wrote three times and was never answered waits since the first time, with the promise counted from there', async () => {
  const { carry, state } = await aDesk()

  await carry([['customer', day(2)], ['customer', day(5)], ['customer', day(20)]]) // biome-ignore format: a talk

  expect(await state()).toMatchObject({
    status: 'new',
    unansweredSince: new Date(day(2)),
    // Four hours from Monday at ten in London.
    answerDueAt: new Date('2026-11-02T14:00:00Z'),
    customerPosts: 3,
  })
})

test('who wrote again after our answer waits since then, whatever order the file is in', async () => {
  const { carry, state } = await aDesk()

  await carry([['customer', day(9)], ['us', day(4)], ['customer', day(2)], ['customer', day(10)]]) // biome-ignore format: a talk

  expect(await state()).toMatchObject({
    status: 'open',
    unansweredSince: new Date(day(9)),
    firstAnsweredAt: new Date(day(4)),
  })
})

test('a case that was answered there since the first file is answered here', async () => {
  const { carry, state, events } = await aDesk()
  await carry([['customer', day(2)], ['customer', day(5)]]) // biome-ignore format: a talk

  await carry([['customer', day(2)], ['customer', day(5)], ['us', day(21)]]) // biome-ignore format: a talk

  expect(await state()).toMatchObject({
    status: 'waiting',
    unansweredSince: null,
    answerDueAt: null,
    firstAnsweredAt: new Date(day(21)),
    customerPosts: 2,
  })
  expect(await events()).toEqual(['imported', 'answered'])
})

test('a closed case comes back for what the customer wrote since, and is in the queue', async () => {
  const { carry, state, events, ask } = await aDesk()
  const closed = { isClosed: true, closedAt: day(3) }
  await carry([['customer', day(2)], ['us', day(3)]], closed) // biome-ignore format: a talk
  expect(await state()).toMatchObject({ status: 'closed' })

  await carry([['customer', day(2)], ['us', day(3)], ['customer', day(21)]]) // biome-ignore format: a talk

  expect(await state()).toMatchObject({
    status: 'open',
    unansweredSince: new Date(day(21)),
    customerPosts: 2,
  })
  expect(await ask(sql`select outcome, closed_at from cases`)).toEqual([{ outcome: null, closedAt: null }])
  expect(await events()).toEqual(['imported', 'reopened'])
  const { postId } = (await ask(sql<{ postId: string }>`select post_id from posts order by said_at desc`))[0]!
  expect(await ask(sql`select detail ->> 'postId' as post from case_events where type = 'reopened'`)).toEqual(
    [{ post: postId }],
  )
})

test('what was written and dealt with there since stays closed here', async () => {
  const { carry, state, events } = await aDesk()
  await carry([['customer', day(2)]], { isClosed: true, closedAt: day(3) })

  await carry([['customer', day(2)], ['customer', day(21)]], { isClosed: true, closedAt: day(22) }) // biome-ignore format: a talk

  expect(await state()).toMatchObject({ status: 'closed', customerPosts: 2 })
  expect(await events()).toEqual(['imported', 'reopened', 'closed'])
})

test('the same file once more leaves alone what was done here meanwhile', async () => {
  const { carry, state, ask, workspaceId, agentId } = await aDesk()
  await carry([['customer', day(2)]])
  await inWorkspace(it.db, workspaceId, (tx) =>
    sql`update cases set assignee_id = ${agentId}, status = 'waiting', unanswered_since = null, answer_due_at = null,
      version = version + 1`.execute(tx),
  )
  const before = await ask(sql`select * from cases`)

  await carry([['customer', day(2)]])

  expect(await ask(sql`select * from cases`)).toEqual(before)
  expect(await state()).toMatchObject({ status: 'waiting', unansweredSince: null })
})

test('nobody waits for what was never said, and a date to come buys nothing', async () => {
  const { carry, state } = await aDesk()
  await carry([['note', day(2)]])
  expect(await state()).toMatchObject({ status: 'new', unansweredSince: null, customerPosts: 0 })

  const other = await aDesk()
  await other.carry([['customer', '2099-01-01T00:00:00Z']])
  expect(await other.state()).toMatchObject({ unansweredSince: at })
  expect(await findOne(it.owner, sql`select max(opened_at) <= ${at} as now from cases`)).toEqual({
    now: true,
  })
})
