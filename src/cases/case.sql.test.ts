/** Cases on the real database: one per thread and person, numbered, and never lost to a race. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anAuthor, aTriage } from '../../test/cases.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { newId } from '../base/clock.ts'
import { findAll, inWorkspace } from '../base/db.ts'
import {
  changeCase,
  findCasesOfThreads,
  findTargets,
  lockThread,
  lockThreads,
  saveChange,
} from './case.sql.ts'
import { hearCustomer, openCase } from './case.ts'
import { assignCase } from './case-assigning.ts'

const at = (time: string) => new Date(`2026-11-18T${time}:00Z`)

let it: TestDb
beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())

/** What the intake does with one matched post. */
async function takeInPost(workspaceId: string, authorId: string, threadUri: string, postId = newId()) {
  return inWorkspace(it.db, workspaceId, async (tx) => {
    const thread = { workspaceId, network: 'bluesky' as const, threadUri }
    await lockThread(tx, thread)
    const targets = await findTargets(tx)
    const [known] = await findCasesOfThreads(tx, 'bluesky', [{ threadUri, authorId }])
    const triage = aTriage()
    const change = known
      ? hearCustomer(known, { postId, saidAt: at('10:05'), triage }, targets, at('10:05'))
      : openCase(
          { caseId: newId(), authorId, channelId: null, triage, saidAt: at('10:00'), targets, ...thread },
          at('10:00'),
        )
    return saveChange(tx, change)
  })
}

test('ten racing posts of one person in one thread open one case and all are counted', async () => {
  const { workspaceId } = await aWorkspace(it.db)
  const authorId = await anAuthor(it.db, workspaceId)

  await Promise.all(Array.from({ length: 10 }, () => takeInPost(workspaceId, authorId, 'at://a/1')))

  const cases = await inWorkspace(it.db, workspaceId, (tx) =>
    findAll(tx, sql`select number, customer_posts, version from cases`),
  )
  expect(cases).toEqual([{ number: 1, customerPosts: 10, version: 10 }])
})

test('cases that open at the same moment get one number each, counted per workspace', async () => {
  const ours = await aWorkspace(it.db)
  const theirs = await aWorkspace(it.db)
  const kim = await anAuthor(it.db, ours.workspaceId)
  const lee = await anAuthor(it.db, theirs.workspaceId)

  const opened = await Promise.all(
    Array.from({ length: 8 }, (_, n) => takeInPost(ours.workspaceId, kim, `at://many/${n}`)),
  )
  const other = await takeInPost(theirs.workspaceId, lee, 'at://many/0')

  expect(opened.map((c) => c.number).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  expect(other.number).toBe(1)
})

test('of two agents who take a case at once, one gets it and the other is told', async () => {
  const { workspaceId, agentId } = await aWorkspace(it.db)
  const authorId = await anAuthor(it.db, workspaceId)
  const { caseId, version } = await takeInPost(workspaceId, authorId, 'at://take/1')
  const take = (by: string) =>
    inWorkspace(it.db, workspaceId, (tx) =>
      changeCase(tx, caseId, (was) => assignCase(was, { agentId: by, version }, by, at('11:00'))),
    )

  const taken = await Promise.allSettled([take(agentId), take(newId())])

  expect(taken.map((t) => t.status).toSorted()).toEqual(['fulfilled', 'rejected'])
  const refused = taken.find((t) => t.status === 'rejected')
  expect(refused?.reason).toMatchObject({ code: 'taken-by-another' })
})

test('the history keeps every event in the order it happened, with who did it', async () => {
  const { workspaceId, agentId } = await aWorkspace(it.db)
  const authorId = await anAuthor(it.db, workspaceId)
  await takeInPost(workspaceId, authorId, 'at://history/1')
  const { caseId, version } = await takeInPost(workspaceId, authorId, 'at://history/1')
  await inWorkspace(it.db, workspaceId, (tx) =>
    changeCase(tx, caseId, (was) => assignCase(was, { agentId, version }, agentId, at('11:00'))),
  )

  const events = await inWorkspace(it.db, workspaceId, (tx) =>
    findAll(
      tx,
      sql`select type, by_agent_id from case_events where case_id = ${caseId} order by at, event_id`,
    ),
  )

  expect(events).toEqual([
    { type: 'opened', byAgentId: null },
    { type: 'customer-wrote', byAgentId: null },
    { type: 'assigned', byAgentId: agentId },
  ])
})

test('batches that share threads take turns in whatever order they name them', async () => {
  const { workspaceId } = await aWorkspace(it.db)
  const threads = Array.from({ length: 40 }, (_, n) => ({
    workspaceId,
    network: 'bluesky',
    threadUri: `at://turns/${n}`,
  }))
  const held: number[] = []
  let inside = 0

  await Promise.all(
    [threads, threads.toReversed(), threads.toSpliced(0, 20), threads.toReversed()].map((batch) =>
      inWorkspace(it.db, workspaceId, async (tx) => {
        await lockThreads(tx, batch)
        held.push(++inside)
        await sql`select pg_sleep(0.02)`.execute(tx)
        inside--
      }),
    ),
  )

  expect(held).toEqual([1, 1, 1, 1])
})
