/** The queue and the other lists on the real database: order, pages, and the index that carries them. */
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { aCaseThere, anAuthor, aTriage } from '../../test/cases.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { newId } from '../base/clock.ts'
import { findAll, inWorkspace, narrowToTeams, type Tx } from '../base/db.ts'
import { countViews, findCards, findPage, type ListView, pageQuery } from './card.sql.ts'
import { changeCase, findTargets } from './case.sql.ts'
import { answerSent, type Case, hearCustomer } from './case.ts'
import { assignCase } from './case-assigning.ts'
import { closeCase } from './case-closing.ts'

const links = { bluesky: { urlOf: () => null }, rehearsal: { urlOf: () => null } }
const at = (time: string) => new Date(`2026-11-18T${time}:00Z`)

let it: TestDb
let workspaceId: string
let agentId: string
beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())
beforeEach(async () => {
  ;({ workspaceId, agentId } = await aWorkspace(it.db))
})

const run = <T>(work: (tx: Tx) => Promise<T>) => inWorkspace(it.db, workspaceId, work)
const aCase = (time: string, over: Parameters<typeof aCaseThere>[2] = {}) =>
  aCaseThere(it.db, workspaceId, { at: at(time), ...over })
const page = (view: ListView, limit: number, after?: string) =>
  run((tx) => findPage(tx, { view, agentId, teamIds: null, after, limit }))
const card = async (caseId: string) => (await run((tx) => findCards(tx, [caseId], links)))[0]!
const change = (id: string, decide: Parameters<typeof changeCase>[2]) =>
  run((tx) => changeCase(tx, id, decide))

async function readAll(view: ListView, limit: number): Promise<string[]> {
  const seen: string[] = []
  for (let after: string | undefined; ; ) {
    const { caseIds, next } = await page(view, limit, after)
    seen.push(...caseIds)
    if (next === null) return seen
    after = next
  }
}

test('who was promised an answer first stands first, then who waits longest; urgency and kind move nobody', async () => {
  const late = await aCase('11:00', { triage: aTriage({ urgency: 3 }) })
  const early = await aCase('09:30', { triage: aTriage({ urgency: 0, kind: 'chatter' }) })
  // Both before opening time: the promise is the same, so the longer wait decides.
  const night = await aCase('05:00')
  const evening = await aCase('02:00')

  expect((await page('queue', 10)).caseIds).toEqual([evening.caseId, night.caseId, early.caseId, late.caseId])
})

test('pages together hold every case once, also where many share a promise to the microsecond', async () => {
  const made: Case[] = []
  for (let n = 0; n < 23; n++) made.push(await aCase(n < 15 ? '10:00' : '10:01'))
  // Written by hand into the database, finer than a JavaScript date can say.
  await it.owner.transaction().execute(async (tx) => {
    await sql`select set_config('evenhand.workspace', ${workspaceId}, true)`.execute(tx)
    await sql`alter table cases no force row level security`.execute(tx)
    await sql`update cases set answer_due_at = answer_due_at + number * interval '1 microsecond'`.execute(tx)
    await sql`alter table cases force row level security`.execute(tx)
  })

  const seen = await readAll('queue', 4)

  expect(seen).toHaveLength(23)
  expect(seen.toSorted()).toEqual(made.map((c) => c.caseId).toSorted())
})

test('a page begun stays true while cases above it come, go and change', async () => {
  const made: Case[] = []
  for (let n = 0; n < 9; n++) made.push(await aCase(`10:0${n}`))
  const first = await page('queue', 3)

  await aCase('09:00')
  await change(made[0]!.caseId, (was) => closeCase(was, { outcome: 'solved' }, agentId, at('12:00')))
  await change(made[1]!.caseId, (was) => answerSent(was, { replyId: null, sentAt: at('12:00') }))
  const targets = await run(findTargets)
  await change(made[4]!.caseId, (was) =>
    hearCustomer(was, { postId: newId(), saidAt: at('12:00'), triage: aTriage() }, targets, at('12:00')),
  )
  const second = await page('queue', 3, first.next!)
  const third = await page('queue', 3, second.next!)

  expect(first.caseIds).toEqual(made.slice(0, 3).map((c) => c.caseId))
  expect(second.caseIds).toEqual(made.slice(3, 6).map((c) => c.caseId))
  expect(third).toEqual({ caseIds: made.slice(6, 9).map((c) => c.caseId), next: null })
})

test('each view shows its own, newest words first outside the queue, and the counts agree', async () => {
  const waiting = await aCase('10:00')
  const mine = await aCase('10:01')
  const answered = [await aCase('10:02'), await aCase('10:03'), await aCase('10:04')]
  const closed = [await aCase('10:05'), await aCase('10:06'), await aCase('10:07')]
  await change(mine.caseId, (was) => assignCase(was, { agentId, version: 1 }, agentId, at('11:00')))
  for (const { caseId } of answered)
    await change(caseId, (was) => answerSent(was, { replyId: null, sentAt: at('11:00') }))
  for (const { caseId } of closed)
    await change(caseId, (was) => closeCase(was, { outcome: 'solved' }, agentId, at('12:00')))

  expect(await readAll('queue', 1)).toEqual([waiting.caseId, mine.caseId])
  expect(await readAll('mine', 1)).toEqual([mine.caseId])
  // All share their moment: the id decides, and pages of two lose none.
  expect(await readAll('answered', 2)).toEqual(answered.map((c) => c.caseId).toSorted())
  expect(await readAll('closed', 2)).toEqual(closed.map((c) => c.caseId).toSorted())
  expect(await run((tx) => countViews(tx, { agentId, teamIds: null }))).toEqual({
    queue: 2,
    mine: 1,
    answered: 3,
    closed: 3,
  })
})

test.each(['', 'x', 'MSAyIDM', Buffer.from(`1 2 ${'-'.repeat(36)}`).toString('base64url'), '\u{1F600}'])(
  'a page key of someone else’s making (%j) is refused',
  async (after) => {
    await expect(page('queue', 3, after)).rejects.toMatchObject({ code: 'bad-input' })
  },
)

test.each([
  ['queue', 'cases_queue'],
  ['mine', 'cases_mine'],
  ['answered', 'cases_answered'],
  ['closed', 'cases_closed'],
] as const)('a page of %s walks %s in order and sorts nothing', async (view, index) => {
  const { caseId } = await aCase('10:00')
  await fillWorkspace()

  const key = { first: at('14:00').getTime() * 1_000, second: at('10:00').getTime() * 1_000, caseId }
  const plan = await run((tx) =>
    findAll(
      tx,
      sql<{ 'QUERY PLAN': string }>`explain ${pageQuery(view, { agentId, teamIds: null }, key, 51)}`,
    ),
  )

  const lines = plan.map((row) => Object.values(row)[0]).join('\n')
  expect(lines).toContain(index)
  expect(lines).not.toContain('Sort')
  // The key is a place in the index, not a filter over all that stands before it.
  expect(lines).not.toMatch(/Filter: .*ROW/)
})

test.each([
  ['queue', 'cases_queue_of_team'],
  ['answered', 'cases_answered_of_team'],
  ['closed', 'cases_closed_of_team'],
] as const)(
  'of some teams, a page of %s walks %s for each, and never the cases of the others',
  async (view, index) => {
    const { caseId } = await aCase('10:00')
    await fillWorkspace()
    const reader = { agentId, teamIds: [newId(), newId()] }
    const key = { first: at('14:00').getTime() * 1_000, second: at('10:00').getTime() * 1_000, caseId }
    const plan = await run(async (tx) => {
      // Of a few rows it would rather sort than walk.
      await sql`set local enable_sort = off`.execute(tx)
      return findAll(tx, sql<{ 'QUERY PLAN': string }>`explain ${pageQuery(view, reader, key, 51)}`)
    })

    const lines = plan.map((row) => Object.values(row)[0]).join('\n')
    expect(lines).toContain(index)
    expect(lines).not.toContain('Seq Scan on cases')
  },
)

test('who sees some teams pages through theirs and those of none, in the one order, and counts no more', async () => {
  const [repairs, parcels] = [newId(), newId()]
  await run((tx) =>
    sql`insert into teams (workspace_id, team_id, name)
      values (${workspaceId}, ${repairs}, 'Repairs'), (${workspaceId}, ${parcels}, 'Parcels')`.execute(tx),
  )
  const ofTeams = [repairs, null, parcels, repairs, null, parcels, repairs]
  const made: { caseId: string; teamId: string | null }[] = []
  for (const [n, teamId] of ofTeams.entries()) {
    const { caseId } = await aCase(`10:0${n}`)
    await run((tx) => sql`update cases set team_id = ${teamId} where case_id = ${caseId}`.execute(tx))
    made.push({ caseId, teamId })
  }
  const reader = { agentId, teamIds: [repairs] }

  const seen: string[] = []
  for (let after: string | undefined, more = true; more; ) {
    const found = await run(async (tx) => {
      await narrowToTeams(tx, reader.teamIds)
      return findPage(tx, { view: 'queue', ...reader, after, limit: 2 })
    })
    seen.push(...found.caseIds)
    after = found.next ?? undefined
    more = found.next !== null
  }

  expect(seen).toEqual(made.filter((it) => it.teamId !== parcels).map((it) => it.caseId))
  expect(await run((tx) => countViews(tx, reader))).toMatchObject({ queue: 5, closed: 0 })
  expect(await run((tx) => countViews(tx, { agentId, teamIds: null }))).toMatchObject({ queue: 7 })
})

/** Enough rows that reading them all would cost: as the planner sees a workspace after a year. */
async function fillWorkspace() {
  const authorId = await anAuthor(it.db, workspaceId)
  await run((tx) =>
    sql`insert into cases (workspace_id, number, network, thread_uri, author_id, status, opened_at, last_said_at,
        unanswered_since, answer_due_at, kind, urgency, language, triage, outcome, closed_at, assignee_id)
      select ${workspaceId}, 1000 + n, 'bluesky', 'at://fill/' || n, ${authorId},
        case when n % 3 = 0 then 'closed' else 'open' end, said, said,
        case when n % 3 = 1 then said end, case when n % 3 = 1 then said + interval '4 hours' end,
        'complaint', 1, 'en', '{}', case when n % 3 = 0 then 'solved' end, said,
        case when n % 2 = 0 then ${agentId}::uuid end
      from (select n, '2026-11-01T00:00:00Z'::timestamptz + n * interval '1 minute' as said
        from generate_series(1, 6000) as n) as many`.execute(tx),
  )
  await sql`analyze cases`.execute(it.owner)
}

test('a card shows the newest words that are still there, cut between characters', async () => {
  const { caseId, postId, authorId } = await aCase('10:00', { text: 'My parcel never came' })
  const family = '👨‍👩‍👧‍👦'
  await say(caseId, authorId, family.repeat(300), at('10:10'))

  const long = await card(caseId)
  await run((tx) =>
    sql`update posts set text = null, deleted_at = now() where case_id = ${caseId} and post_id <> ${postId}`.execute(
      tx,
    ),
  )
  const older = await card(caseId)
  await run((tx) => sql`update posts set hidden_at = now() where post_id = ${postId}`.execute(tx))
  const none = await card(caseId)

  // 2,000 characters of the database hold 285 whole families of 7.
  expect(long.excerpt).toBe(`${family.repeat(280)}…`)
  expect(older.excerpt).toBe('My parcel never came')
  expect(none.excerpt).toBeNull()
})

test('whoever piles marks on one letter, or writes 50,000 characters, gets a bounded card', async () => {
  const zalgo = await aCase('10:00', { text: `Z${'\u0321\u0489'.repeat(20_000)}` })
  const long = await aCase('10:01', { text: 'ש'.repeat(50_000) })

  expect((await card(zalgo.caseId)).excerpt!.length).toBeLessThanOrEqual(2_001)
  expect((await card(long.caseId)).excerpt).toBe(`${'ש'.repeat(280)}…`)
})

test('a card tells of the newest reply in trouble, until a later one went out', async () => {
  const { caseId } = await aCase('10:00')
  const trouble = async () => (await card(caseId)).replyTrouble

  expect(await trouble()).toBeNull()
  await reply(caseId, 'refused', at('11:00'))
  expect(await trouble()).toBe('refused')
  await reply(caseId, 'queued', at('11:01'))
  expect(await trouble()).toBe('refused')
  await reply(caseId, 'sent', at('11:02'))
  expect(await trouble()).toBeNull()
  await reply(caseId, 'sent', at('11:03'), 'hidden')
  expect(await trouble()).toBe('hidden')
})

test('cards come in the order asked for, without those of other workspaces', async () => {
  const theirs = await aWorkspace(it.db)
  const foreign = await aCaseThere(it.db, theirs.workspaceId)
  const [a, b] = [await aCase('10:00'), await aCase('10:01')]

  const cards = await run((tx) => findCards(tx, [b.caseId, foreign.caseId, newId(), a.caseId], links))

  expect(cards.map((c) => c.caseId)).toEqual([b.caseId, a.caseId])
})

async function say(caseId: string, authorId: string, text: string, saidAt: Date) {
  await run((tx) =>
    sql`insert into posts (workspace_id, network, uri, cid, rev, thread_uri, author_account_id, author_id, case_id,
        text, said_at)
      values (${workspaceId}, 'bluesky', ${`at://${newId()}`}, 'c', '1', 'at://t', 'did:plc:kim', ${authorId},
        ${caseId}, ${text}, ${saidAt})`.execute(tx),
  )
}

async function reply(caseId: string, state: string, queuedAt: Date, shown = 'unchecked') {
  const channelId = newId()
  await run(async (tx) => {
    await sql`insert into channels (workspace_id, channel_id, network, account_id, handle, service_url, sealed_secret)
      values (${workspaceId}, ${channelId}, 'bluesky', ${`did:plc:${channelId}`}, 'acme.example', 'https://pds.invalid', 'x')`.execute(
      tx,
    )
    await sql`insert into replies (workspace_id, reply_id, case_id, channel_id, by_agent_id, text, parent_uri,
        thread_uri, frozen_key, frozen_uri, frozen_record, state, send_after, queued_at, shown)
      values (${workspaceId}, ${newId()}, ${caseId}, ${channelId}, ${agentId}, 'Sorry!', 'at://t', 'at://t', ${newId()},
        'at://us', '{}', ${state}, ${queuedAt}, ${queuedAt}, ${shown})`.execute(tx)
  })
}
