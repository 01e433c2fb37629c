/** Handing in what customers said elsewhere: by the rules of listening, once, and many at a time. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { testKey } from '../../test/key.ts'
import { newId } from '../base/clock.ts'
import { findAll, inWorkspace } from '../base/db.ts'
import { makeOutside } from '../base/outside.ts'
import { makeConnectors } from '../connectors/connectors.ts'
import type { Agent } from '../staff/agent.ts'
import { makeTogether } from '../staff/together.ts'
import { caseRoutes } from './case.routes.ts'
import { lockThread } from './case.sql.ts'
import { saveMute } from './case-view.sql.ts'
import { createCases } from './create-case.jobs.ts'
import { createCaseRoutes } from './create-case.routes.ts'
import { type CreatedCase, type HandedIn, HandedIn as HandedInForm } from './create-case-contract.ts'

let it: TestDb
let web: TestApp
beforeAll(async () => {
  it = await freshDb()
  const connectors = makeConnectors({ appViewUrl: null, plcUrl: 'http://127.0.0.1:9', rehearsalPace: 1 })
  web = await testApp(it, {
    rooms(mount, tools) {
      createCaseRoutes(mount, tools)
      caseRoutes(mount, { ...tools, connectors, outside: makeOutside([]) })
    },
  })
})
afterAll(async () => {
  await web.app.close()
  await it[Symbol.asyncDispose]()
})

const kim = { accountId: 'customer-7', displayName: 'Kim Lee' }
const aForm = (over: object = {}) => ({
  externalId: `form-${newId()}`,
  author: kim,
  text: 'My parcel never came, where is it?',
  ...over,
})

async function aHouse() {
  const house = await aWorkspace(it.db)
  const headers = await web.signIn(house)
  const ask = async (payload: object, more: Record<string, string> = {}) => {
    const answer = await web.app.inject({
      method: 'POST',
      url: '/api/cases',
      headers: { ...headers, ...more },
      payload,
    })
    return { status: answer.statusCode, body: answer.json(), headers: answer.headers }
  }
  const rows = <T>(query: ReturnType<typeof sql<T>>) =>
    inWorkspace(it.db, house.workspaceId, (tx) => findAll(tx, query))
  const read = async (path: string) => (await web.app.inject({ url: path, headers })).json()
  return { ...house, headers, ask, rows, read }
}

/** In the role of someone who sees only their teams. */
async function aTeamAgent(workspaceId: string, teamId: string) {
  const agentId = newId()
  await inWorkspace(it.db, workspaceId, async (tx) => {
    await sql`insert into agents (workspace_id, agent_id, user_id, name, email, role, sees)
      values (${workspaceId}, ${agentId}, ${`user-${agentId}`}, 'Tom', 'tom@acme.test', 'agent', 'teams')`.execute(
      tx,
    )
    await sql`insert into team_agents (workspace_id, team_id, agent_id)
      values (${workspaceId}, ${teamId}, ${agentId})`.execute(tx)
  })
  return { agentId }
}

test('what a form says opens a case in the queue, with its clock, its triage and who handed it in', async () => {
  const { ask, read } = await aHouse()

  const made = await ask(aForm())

  expect(made).toMatchObject({ status: 200, body: { outcome: 'opened', number: 1 } })
  const { cards } = await read('/api/cases?view=queue')
  expect(cards).toMatchObject([
    {
      caseId: made.body.caseId,
      network: 'api',
      kind: 'complaint',
      author: { displayName: 'Kim Lee', profileUrl: null },
    },
  ])
  expect(cards[0].answerDueAt).not.toBeNull()
  const whole = await read(`/api/cases/${made.body.caseId}`)
  expect(whole.matchedBy).toEqual([{ rule: 'handed-in', name: 'Ana Ruiz' }])
  expect(whole.events).toMatchObject([{ type: 'opened' }])
  expect(await read(`/api/cases/${made.body.caseId}/thread`)).toMatchObject({
    complete: true,
    posts: [{ voice: 'customer' }],
  })
})

test('more in the same thread joins the open case, and brings a closed one back', async () => {
  const { ask, read, headers } = await aHouse()
  const first = await ask(aForm({ threadId: 'call-12' }))

  const second = await ask(aForm({ threadId: 'call-12', text: 'Anybody there?' }))
  await web.app.inject({
    method: 'PUT',
    url: `/api/cases/${first.body.caseId}/closure`,
    headers,
    payload: { outcome: 'solved' },
  })
  const third = await ask(aForm({ threadId: 'call-12', text: 'It broke again.' }))
  const other = await ask(aForm({ threadId: 'call-12', author: { accountId: 'customer-8' } }))

  expect([second.body, third.body].map((body) => [body.outcome, body.caseId])).toEqual([
    ['joined', first.body.caseId],
    ['joined', first.body.caseId],
  ])
  expect(other.body.outcome).toBe('opened')
  const whole = await read(`/api/cases/${first.body.caseId}`)
  expect(whole.card).toMatchObject({ status: 'open', customerPosts: 3 })
  expect(whole.events.map((event: { type: string }) => event.type)).toEqual([
    'opened',
    'customer-wrote',
    'closed',
    'reopened',
  ])
})

test('the same external id is the same post, and other words under it are refused', async () => {
  const { ask, rows } = await aHouse()
  const form = aForm()
  const first = await ask(form)

  const again = await ask(form)
  const otherwise = await ask({ ...form, text: 'Something else entirely' })

  expect(again.body).toEqual({ ...first.body, outcome: 'known' })
  expect(otherwise).toMatchObject({ status: 409, body: { code: 'changed-meanwhile' } })
  expect(await rows(sql`select 1 from posts`)).toHaveLength(1)
  expect(await rows(sql`select customer_posts from cases`)).toEqual([{ customerPosts: 1 }])
})

test('a muted author opens no case, and what they say is not kept', async () => {
  const { ask, rows, workspaceId, agentId } = await aHouse()
  await ask(aForm({ threadId: 'one' }))
  const [author] = await rows(sql<{ authorId: string }>`select author_id from authors`)
  await inWorkspace(it.db, workspaceId, (tx) =>
    saveMute(tx, author!.authorId, { reason: 'muted', byAgentId: agentId, at: new Date() }),
  )

  const made = await ask(aForm({ threadId: 'two' }))

  expect(made.body).toEqual({ outcome: 'not-kept', postId: null, caseId: null, number: null })
  expect(await rows(sql`select 1 from posts`)).toHaveLength(1)
})

test('twenty at once with one key are one case and one answer', async () => {
  const { ask, rows } = await aHouse()
  const form = aForm()

  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(form, { 'idempotency-key': 'k1' })))

  expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1)
  expect(answers.filter((answer) => answer.headers['idempotent-replayed'])).toHaveLength(19)
  expect(await rows(sql`select 1 from cases`)).toHaveLength(1)
  expect(await rows(sql`select act from audit`)).toEqual([{ act: 'case.handed-in' }])
})

test('a key that was used for other words is refused, alone or beside good ones', async () => {
  const { ask } = await aHouse()
  await ask(aForm(), { 'idempotency-key': 'k1' })

  const [bad, good] = await Promise.all([
    ask(aForm(), { 'idempotency-key': 'k1' }),
    ask(aForm(), { 'idempotency-key': 'k2' }),
  ])

  expect(bad).toMatchObject({ status: 422, body: { code: 'key-of-another-request' } })
  expect(good).toMatchObject({ status: 200, body: { outcome: 'opened' } })
})

test('a refused one fails alone, and may try its key again', async () => {
  const { ask, rows } = await aHouse()
  const form = aForm()
  await ask(form)
  const twisted = { ...form, text: 'Other words' }

  const answers = await Promise.all([
    ask(aForm()),
    ask(twisted, { 'idempotency-key': 'again' }),
    ask(aForm()),
  ])
  const retried = await ask(form, { 'idempotency-key': 'again' })

  expect(answers.map((answer) => answer.status)).toEqual([200, 409, 200])
  expect(retried).toMatchObject({ status: 200, body: { outcome: 'known' } })
  expect(await rows(sql`select 1 from audit where act = 'case.handed-in'`)).toHaveLength(4)
})

test('what the database refuses fails alone too', async () => {
  const { ask, rows, workspaceId } = await aHouse()
  await sql`create function refuse_word() returns trigger language plpgsql as $$
    begin if new.text like '%unstorable%' then raise exception using errcode = '22000'; end if; return new; end $$`.execute(
    it.owner,
  )
  await sql`create trigger refuse before insert on posts for each row execute function refuse_word()`.execute(
    it.owner,
  )
  try {
    const answers = await Promise.all([ask(aForm()), ask(aForm({ text: 'unstorable' })), ask(aForm())])

    expect(answers.map((answer) => answer.status)).toEqual([200, 500, 200])
    expect(await rows(sql`select number from cases order by 1`)).toEqual([{ number: 1 }, { number: 2 }])
    expect(workspaceId).toBeTruthy()
  } finally {
    await sql`drop trigger refuse on posts`.execute(it.owner)
  }
})

test('many at once are few transactions, and number their cases without a hole', async () => {
  const { ask, rows } = await aHouse()
  const said = Array.from({ length: 40 }, (_, n) => aForm({ threadId: `thread-${n % 8}`, text: `line ${n}` }))

  const answers = await Promise.all(said.map((form) => ask(form)))

  expect(answers.every((answer) => answer.status === 200)).toBe(true)
  const batches = await rows(sql<{ count: number }>`select count(distinct xmin::text) as count from posts`)
  expect(batches[0]!.count).toBeLessThan(20)
  expect(await rows(sql`select number, customer_posts from cases order by 1`)).toEqual(
    Array.from({ length: 8 }, (_, n) => ({ number: n + 1, customerPosts: 5 })),
  )
})

test('within a batch and from one to the next, an author is heard in the order they came', async () => {
  const { workspaceId, agentId, rows } = await aHouse()
  const tools = { now: () => new Date(), newId }
  const create = makeTogether<HandedIn, CreatedCase>(
    { db: it.db, master: testKey },
    (tx, asked) => createCases(tx, asked, tools),
    (item) => item.externalId,
  )
  const agent = { workspaceId, agentId, keyId: null, teamIds: null } as Agent
  const beside = { agent, wish: null, entryOf: () => null }
  const say = (n: number) =>
    create({ ...beside, item: HandedInForm.parse(aForm({ threadId: `t${n % 2}`, text: `line ${n}` })) })

  // More than a batch holds.
  await Promise.all(Array.from({ length: 130 }, (_, n) => say(n)))

  const heard = await rows(sql<{ text: string }>`select p.text from case_events e
    join posts p on p.post_id = (e.detail ->> 'postId')::uuid
    where p.thread_uri = 't1' order by e.at, e.event_id`)
  expect(heard.map((row) => row.text)).toEqual(Array.from({ length: 65 }, (_, n) => `line ${2 * n + 1}`))
})

test('a batch that dies before its commit leaves nothing, and the same keys do it once afterwards', async () => {
  const { ask, rows, workspaceId } = await aHouse()
  const said = Array.from({ length: 6 }, (_, n) => ({
    form: aForm({ threadId: `line-${n % 3}` }),
    key: `key-${n}`,
  }))
  const askAll = () => Promise.all(said.map(({ form, key }) => ask(form, { 'idempotency-key': key })))
  const counts = () =>
    rows(sql`select (select count(*) from cases) as cases, (select count(*) from posts) as posts,
      (select count(*) from audit) as audit, (select count(*) from idempotency_keys) as keys`)

  // Somebody else holds one of its threads: it stands in the middle of its transaction, its keys claimed.
  const asked = await inWorkspace(it.db, workspaceId, async (tx) => {
    await lockThread(tx, { workspaceId, network: 'api', threadUri: 'line-1' })
    const answers = askAll()
    await untilSomebodyWaits()
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and wait_event = 'advisory'`.execute(it.owner)
    // In an array: who came a moment later waits for this transaction to end.
    return [answers]
  })
  const lost = await asked[0]!

  // Whoever came a moment later was in the next batch.
  const late = lost.filter((answer) => answer.status === 200).length
  expect(late).toBeLessThan(6)
  expect(lost.filter((answer) => answer.status === 503)).toHaveLength(6 - late)
  expect(await counts()).toEqual([
    { cases: late === 0 ? 0 : expect.any(Number), posts: late, audit: late, keys: late },
  ])
  const again = await askAll()
  const replayed = await askAll()
  expect(again.map((answer) => answer.status)).toEqual(Array(6).fill(200))
  expect(replayed.map((answer) => answer.body)).toEqual(again.map((answer) => answer.body))
  expect(await counts()).toEqual([{ cases: 3, posts: 6, audit: 6, keys: 6 }])
})

async function untilSomebodyWaits(): Promise<void> {
  const waiting = sql`select 1 from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`
  while ((await findAll(it.owner, waiting)).length === 0)
    await new Promise((resolve) => setTimeout(resolve, 10))
}

test('two workspaces never share a transaction, and their ids do not meet', async () => {
  const [ours, theirs] = [await aHouse(), await aHouse()]
  const forms = Array.from({ length: 10 }, (_, n) => aForm({ externalId: `same-${n}` }))

  const answers = await Promise.all(forms.flatMap((form) => [ours.ask(form), theirs.ask(form)]))

  expect(answers.map((answer) => answer.body.outcome)).toEqual(Array(20).fill('opened'))
  const shared = await findAll(
    it.owner,
    sql`select xmin::text from posts where workspace_id in (${ours.workspaceId}, ${theirs.workspaceId})
      group by xmin::text having count(distinct workspace_id) > 1`,
  )
  expect(shared).toEqual([])
})

test('who sees only their teams hands in all the same, and learns nothing of a case beyond them', async () => {
  const { ask, workspaceId, rows } = await aHouse()
  const [mine, other] = [newId(), newId()]
  await inWorkspace(it.db, workspaceId, (tx) =>
    sql`insert into teams (workspace_id, team_id, name) values (${workspaceId}, ${mine}, 'Mine'), (${workspaceId}, ${other}, 'Other')`.execute(
      tx,
    ),
  )
  const tom = await web.signIn(await aTeamAgent(workspaceId, mine))
  const first = await ask(aForm({ threadId: 'held' }))
  await inWorkspace(it.db, workspaceId, (tx) =>
    sql`update cases set team_id = ${other} where case_id = ${first.body.caseId}`.execute(tx),
  )

  const joined = await web.app.inject({
    method: 'POST',
    url: '/api/cases',
    headers: tom,
    payload: aForm({ threadId: 'held', text: 'Still waiting' }),
  })

  expect(joined.json()).toMatchObject({ outcome: 'joined', caseId: null, number: null })
  expect(await rows(sql`select customer_posts from cases`)).toEqual([{ customerPosts: 2 }])
})

test('what cannot be said is refused before anything is kept', async () => {
  const { ask, rows } = await aHouse()
  const bad = [
    { text: '  ' },
    { externalId: '' },
    { externalId: "it's" },
    { externalId: 'x'.repeat(301) },
    { network: 'bluesky' },
    { status: 'closed' },
    { saidAt: 'yesterday' },
  ]

  for (const over of bad) expect(await ask(aForm(over)), JSON.stringify(over)).toMatchObject({ status: 400 })

  expect(await rows(sql`select 1 from posts`)).toEqual([])
})
