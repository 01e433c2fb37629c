/** One mention from heard to case, on the real database. */
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { aWorkspace, freshDb, type TestDb } from '../test/db.ts'
import { newId } from './base/clock.ts'
import { findAll, inWorkspace, openDb } from './base/db.ts'
import type { HeardEvent, HeardPost } from './connectors/connector.ts'
import { makeMemory, takeIn } from './intake.ts'

let it: TestDb
let workspaceId: string
let source: { sourceId: string; kind: 'firehose' }
let memory = makeMemory()
const at = new Date('2026-11-23T10:00:00Z')

beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())

beforeEach(async () => {
  workspaceId = (await aWorkspace(it.db)).workspaceId
  source = { sourceId: `firehose https://${workspaceId}.test`, kind: 'firehose' }
  memory = makeMemory()
  await it.db.transaction().execute(async (tx) => {
    await sql`select set_config('evenhand.workspace', ${workspaceId}, true)`.execute(tx)
    await sql`insert into sources (source_id, kind, address) values (${source.sourceId}, 'firehose', 'x')`.execute(
      tx,
    )
    await sql`insert into workspace_sources (workspace_id, source_id) values (${workspaceId}, ${source.sourceId})`.execute(
      tx,
    )
    await sql`insert into channels (workspace_id, network, account_id, handle, service_url, sealed_secret)
      values (${workspaceId}, 'bluesky', 'did:plc:acme', 'acme.example', 'https://pds.test', 'sealed')`.execute(
      tx,
    )
  })
  await watch(['acme'])
})

const inside = <T>(query: ReturnType<typeof sql<T>>) =>
  inWorkspace(it.db, workspaceId, (tx) => findAll(tx, query))

function watch(words: string[]) {
  const terms = { words, handles: [], hashtags: [], domains: [], exclusions: [] }
  return inside(sql`insert into watches (workspace_id, name, terms)
    values (${workspaceId}, 'us', ${JSON.stringify(terms)}::jsonb)`)
}

let count = 0
function aPost(over: Partial<HeardPost> & { by?: string } = {}): HeardPost {
  const { by = 'kim', ...rest } = over
  const uri = rest.uri ?? `at://did:plc:${by}/app.bsky.feed.post/${++count}`
  return {
    uri,
    cid: `cid-${uri}-${rest.rev ?? '1'}`,
    rev: '1',
    threadUri: rest.parentUri ?? uri,
    parentUri: null,
    author: { accountId: `did:plc:${by}`, handle: null, displayName: null },
    text: 'My Acme kettle is broken',
    facets: [],
    embed: null,
    langs: ['en'],
    saidAt: at,
    ...rest,
  }
}
const create = (over: Parameters<typeof aPost>[0] = {}): HeardEvent => ({
  type: 'post',
  op: 'create',
  post: aPost(over),
})
const take = (...events: HeardEvent[]) =>
  takeIn({ events, bookmark: { cursor: String(++count), host: 'h' }, heardAt: at }, source, {
    db: it.db,
    newId,
    memory,
  })

test('a post that matches a watch opens a case and is stored with its words', async () => {
  await take(create({ text: 'My Acme kettle is broken' }))

  expect(await inside(sql`select text, ours, matched -> 0 ->> 'rule' as rule from posts`)).toEqual([
    { text: 'My Acme kettle is broken', ours: false, rule: 'watch' },
  ])
  expect(await inside(sql`select number, status, kind, customer_posts from cases`)).toEqual([
    { number: 1, status: 'new', kind: 'complaint', customerPosts: 1 },
  ])
})

test('"yes, still broken" is heard although it comes in the same batch as the post that opened the case', async () => {
  const first = aPost({ text: 'My Acme kettle is broken' })
  await take(
    { type: 'post', op: 'create', post: first },
    create({ parentUri: first.uri, text: 'yes, still broken' }),
    create({ parentUri: first.uri, text: 'same here', by: 'lou' }),
  )

  expect(await inside(sql`select text from posts order by text`)).toEqual([
    { text: 'My Acme kettle is broken' },
    { text: 'yes, still broken' },
  ])
  expect(await inside(sql`select customer_posts from cases`)).toEqual([{ customerPosts: 2 }])
})

const remove = (uri: string, over: { rev?: string; by?: string } = {}): HeardEvent => ({
  type: 'delete',
  uri,
  authorId: `did:plc:${over.by ?? 'kim'}`,
  rev: over.rev ?? '9',
})
const edit = (over: Parameters<typeof aPost>[0]): HeardEvent => ({
  type: 'post',
  op: 'update',
  post: aPost(over),
})
const account = (status: 'active' | 'deactivated' | 'deleted', by = 'kim'): HeardEvent => ({
  type: 'account',
  authorId: `did:plc:${by}`,
  status,
})
const uriOf = (key: string, by = 'kim') => `at://did:plc:${by}/app.bsky.feed.post/${key}`
const texts = () => inside(sql<{ text: string }>`select text from posts order by said_at, uri`)
const cases = () =>
  inside(
    sql<{ status: string; customerPosts: number }>`select status, customer_posts from cases order by number`,
  )
const eventTypes = async () =>
  (await inside(sql<{ type: string }>`select type from case_events order by at, event_id`)).map(
    (row) => row.type,
  )
const letters = () =>
  findAll(
    it.db,
    sql<{ error: string; attempts: number; raw: Buffer }>`
  select error, attempts, raw from dead_letters where source_id = ${source.sourceId}`,
  )

/** Every row of every table as text: what must be nowhere is looked for here. */
async function dump(): Promise<string> {
  const tables = await findAll(
    it.owner,
    sql<{ name: string }>`select c.oid::regclass::text as name from pg_class c
      where c.relkind = 'r' and c.relnamespace::regnamespace::text in ('public', 'graphile_worker')`,
  )
  const rows = await Promise.all(
    tables.map(({ name }) => findAll(it.owner, sql`select t::text as row from ${sql.raw(name)} t`)),
  )
  const raws = await findAll(it.owner, sql<{ raw: Buffer }>`select raw from dead_letters`)
  return JSON.stringify(rows) + raws.map((letter) => letter.raw.toString('utf8')).join()
}

test('what matches nothing is nowhere in the database', async () => {
  await take(create({ text: 'canary-unmatched about the weather' }), create({ text: 'acme canary-matched' }))

  const everything = await dump()
  expect(everything).toContain('canary-matched')
  expect(everything).not.toContain('canary-unmatched')
})

test('the same batch twice is stored once', async () => {
  const events = [create(), create({ text: 'acme again' })]
  await take(...events)
  await take(...events)

  expect((await texts()).length).toBe(2)
  expect((await cases()).length).toBe(2)
})

test('the bookmark moves with the batch', async () => {
  await takeIn({ events: [create()], bookmark: { cursor: '77', host: 'pds.test' }, heardAt: at }, source, {
    db: it.db,
    newId,
    memory,
  })

  expect(
    await findAll(
      it.db,
      sql`select cursor, cursor_host, last_heard_at, last_said_at from sources where source_id = ${source.sourceId}`,
    ),
  ).toEqual([{ cursor: '77', cursorHost: 'pds.test', lastHeardAt: at, lastSaidAt: at }])
})

test('"yes, still broken" in their own thread joins their case; another voice there opens none', async () => {
  await take(create({ uri: uriOf('root') }))
  await take(
    create({ parentUri: uriOf('root'), text: 'yes, still broken' }),
    create({ by: 'lee', parentUri: uriOf('root'), text: 'same here, canary-bystander' }),
  )

  expect(await cases()).toEqual([{ status: 'new', customerPosts: 2 }])
  expect(await dump()).not.toContain('canary-bystander')
})

test('another voice that names the brand gets a case of its own in the same thread', async () => {
  await take(create({ uri: uriOf('root2') }))
  await take(create({ by: 'lee', parentUri: uriOf('root2'), text: 'acme did this to me too' }))

  expect(await cases()).toEqual([
    { status: 'new', customerPosts: 1 },
    { status: 'new', customerPosts: 1 },
  ])
})

test('addressing one of our channels opens a case for that channel', async () => {
  await take(create({ text: 'hello @acme.example, anybody there?' }))

  expect(
    await inside(sql`select c.handle from cases join channels c using (workspace_id, channel_id)`),
  ).toEqual([{ handle: 'acme.example' }])
})

test('a closed case reopens when its author writes again', async () => {
  await take(create({ uri: uriOf('closed') }))
  await inside(sql`update cases set status = 'closed', outcome = 'solved', closed_at = ${at}`)
  await take(create({ parentUri: uriOf('closed'), text: 'broken again' }))

  expect(await cases()).toEqual([{ status: 'open', customerPosts: 2 }])
  expect(await eventTypes()).toEqual(['opened', 'reopened'])
})

test('a muted author opens no case and nothing of theirs is kept', async () => {
  await take(create({ by: 'spam', uri: uriOf('first', 'spam') }))
  await inside(sql`update authors set muted_at = ${at}, muted_reason = 'spam'`)
  await inside(sql`update cases set status = 'closed', outcome = 'no-answer-needed', closed_at = ${at}`)
  await take(
    create({ by: 'spam', text: 'acme canary-muted' }),
    create({
      by: 'spam',
      uri: uriOf('second', 'spam'),
      parentUri: uriOf('first', 'spam'),
      text: 'in their case',
    }),
  )

  expect(await texts()).toEqual([{ text: 'My Acme kettle is broken' }, { text: 'in their case' }])
  expect(await cases()).toEqual([{ status: 'closed', customerPosts: 1 }])
})

test('two posts of a new thread racing through two connections open one case', async () => {
  const other = openDb(it.url, { max: 2 })
  const batch = (db: typeof it.db, uri: string) =>
    takeIn(
      { events: [create({ uri, threadUri: uriOf('race'), text: 'acme!' })], bookmark: null, heardAt: at },
      source,
      {
        db,
        newId,
        memory: makeMemory(),
      },
    )
  await Promise.all(
    Array.from({ length: 10 }, (_, n) => batch(n % 2 ? it.db : other.db, uriOf(`race${n % 5}`))),
  )
  await other.db.destroy()

  expect(await cases()).toEqual([{ status: 'new', customerPosts: 5 }])
  expect((await texts()).length).toBe(5)
})

test('batches of the same people in opposite order wait for each other instead of failing', async () => {
  const people = ['ann', 'bob', 'cem', 'dia', 'eve']
  const batch = (names: string[], round: number) =>
    takeIn(
      {
        events: names.map((by) => create({ by, uri: uriOf(`r${round}`, by), threadUri: uriOf('t', by) })),
        bookmark: null,
        heardAt: at,
      },
      source,
      {
        db: it.db,
        newId,
        memory: makeMemory(),
      },
    )
  await Promise.all(Array.from({ length: 8 }, (_, n) => batch(n % 2 ? people : people.toReversed(), n)))

  expect((await cases()).map((row) => row.customerPosts)).toEqual([8, 8, 8, 8, 8])
  expect(await letters()).toEqual([])
})

test('an edit rewrites the post, and the reasons quote nothing that is gone', async () => {
  await take(create({ uri: uriOf('e'), text: 'acme: my canaryphone is broken' }))
  await take(edit({ uri: uriOf('e'), rev: '2', text: 'all fine now' }))
  await take(edit({ uri: uriOf('e'), rev: '1', text: 'older news' }))

  expect(await inside(sql`select text, edited_at is not null as edited from posts`)).toEqual([
    { text: 'all fine now', edited: true },
  ])
  expect(await inside(sql`select triage -> 'kindReasons' -> 0 -> 'words' as words from cases`)).toEqual([
    { words: [] },
  ])
  expect(await dump()).not.toContain('canaryphone')
})

const urgent = 'acme: your charger is on fire and burned my hand'

test('an edit that makes a post urgent makes its case urgent, and one that calms it lowers nothing', async () => {
  await take(create({ uri: uriOf('u'), text: 'hello acme' }))
  await take(edit({ uri: uriOf('u'), rev: '2', text: urgent }))
  await take(edit({ uri: uriOf('u'), rev: '3', text: 'hello acme, all fine' }))

  expect(await inside(sql`select urgency, customer_posts from cases`)).toEqual([
    { urgency: 3, customerPosts: 1 },
  ])
  expect(await eventTypes()).toEqual(['opened', 'customer-wrote', 'urgency-rose'])
})

test('an edit tells what an unsure case is about, also when the brand is named no more', async () => {
  await take(create({ uri: uriOf('k'), text: 'acme' }))
  await take(edit({ uri: uriOf('k'), rev: '2', text: 'My kettle is broken' }))

  expect(await inside(sql`select kind, status from cases`)).toEqual([{ kind: 'complaint', status: 'new' }])
})

test('a closed case comes back for an edit that makes it urgent, unless its author is muted', async () => {
  await take(create({ uri: uriOf('c1') }), create({ uri: uriOf('c2', 'lee'), by: 'lee' }))
  await inside(sql`update cases set status = 'closed', outcome = 'solved', closed_at = ${at}`)
  await inside(
    sql`update authors set muted_at = ${at}, muted_reason = 'muted' where account_id = 'did:plc:lee'`,
  )
  await take(
    edit({ uri: uriOf('c1'), rev: '2', text: urgent }),
    edit({ uri: uriOf('c2', 'lee'), by: 'lee', rev: '2', text: urgent }),
  )

  expect(
    await inside(sql`select c.status, a.account_id from cases c join authors a using (author_id) order by 2`),
  ).toEqual([
    { status: 'open', accountId: 'did:plc:kim' },
    { status: 'closed', accountId: 'did:plc:lee' },
  ])
})

test('deleted there is deleted here: no word of it is left, and the case says what happened', async () => {
  await take(create({ uri: uriOf('d'), text: 'acme canarydelete: my charger caught fire' }))
  await take(remove(uriOf('d')))

  const everything = await dump()
  expect(everything).not.toContain('canarydelete')
  expect(everything).not.toContain('caught fire')
  expect(await eventTypes()).toEqual(['opened', 'post-deleted'])
  expect(await cases()).toEqual([{ status: 'new', customerPosts: 1 }])
})

test('a delete that comes before its create wins, after a restart too when the author is known', async () => {
  await take(create({ uri: uriOf('known') }))
  await take(remove(uriOf('late')), remove(uriOf('late', 'stranger'), { by: 'stranger' }))
  await take(create({ uri: uriOf('late', 'stranger'), by: 'stranger', text: 'acme canarylate' }))
  memory = makeMemory()
  await take(create({ uri: uriOf('late'), text: 'acme canarylate' }))

  expect(await dump()).not.toContain('canarylate')
})

test('a delete that crosses its create on another connection wins', async () => {
  for (let n = 0; n < 10; n++) {
    const uri = uriOf(`cross${n}`, `new${n}`)
    await Promise.all([
      take(create({ uri, by: `new${n}`, text: 'acme canarycross' })),
      take(remove(uri, { by: `new${n}` })),
    ])
  }

  expect(await dump()).not.toContain('canarycross')
})

/** Lets a create stand in its transaction, written and not to be seen, until it is told to go on. */
async function holdUp(create: HeardEvent) {
  const blocker = openDb(it.url, { max: 1 })
  const [blocked, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  // The bookmark is the last thing that a batch writes.
  const holding = blocker.db.transaction().execute(async (tx) => {
    await sql`select 1 from sources where source_id = ${source.sourceId} for update`.execute(tx)
    blocked.resolve()
    await free.promise
  })
  await blocked.promise
  const taking = take(create)
  for (let waiting = 0; waiting === 0; ) {
    const [row] = await findAll(
      it.owner,
      sql<{ count: number }>`select count(*)::int as count from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like 'update sources%'`,
    )
    waiting = row!.count
  }
  return async () => {
    free.resolve()
    await Promise.all([holding, taking])
    await blocker.db.destroy()
  }
}

/** Another stream of the same workspace. */
async function anotherStream(): Promise<typeof take> {
  const other = { sourceId: `${source.sourceId}/other`, kind: 'firehose' } as const
  await sql`insert into sources (source_id, kind, address) values (${other.sourceId}, 'firehose', 'y')`.execute(
    it.db,
  )
  await inside(
    sql`insert into workspace_sources (workspace_id, source_id) values (${workspaceId}, ${other.sourceId})`,
  )
  const tools = { db: it.db, newId, memory }
  return (...events) => takeIn({ events, bookmark: { cursor: '1', host: 'h' }, heardAt: at }, other, tools)
}

test.each([
  ['a delete', remove(uriOf('held', 'new'), { by: 'new' })],
  ['the end of the account', account('deleted', 'new')],
])(
  '%s that meets its create halfway waits for it: one transaction each, and nothing is left',
  async (_, news) => {
    const takeElsewhere = await anotherStream()
    const goOn = await holdUp(create({ uri: uriOf('held', 'new'), by: 'new', text: 'acme canaryheld' }))
    let isTaken = false
    const taking = takeElsewhere(news).then(() => {
      isTaken = true
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    const early = isTaken
    await goOn()
    await taking

    expect(early).toBe(false)
    expect(await inside(sql`select text, deleted_at from posts`)).toEqual([{ text: null, deletedAt: at }])
    expect(await dump()).not.toContain('canaryheld')
  },
)

test('a delete that comes while its create is still being read about is heard in time', async () => {
  const takeElsewhere = await anotherStream()
  const watcher = openDb(it.url, { max: 1 })
  const free = Promise.withResolvers<void>()
  const blocked = Promise.withResolvers<void>()
  // Whoever asks who has a case in a thread waits here.
  const holding = it.owner.transaction().execute(async (tx) => {
    await sql`lock table authors in access exclusive mode`.execute(tx)
    blocked.resolve()
    await free.promise
  })
  await blocked.promise
  const answer = { uri: uriOf('read', 'new'), by: 'new', parentUri: uriOf('any'), text: 'acme canaryread' }
  const creating = take(create(answer))
  const waitingFor = async (count: number) => {
    for (let waiting = 0; waiting < count; ) {
      const [row] = await findAll(
        watcher.db,
        sql<{ count: number }>`select count(*)::int as count from pg_locks where not granted`,
      )
      waiting = row!.count
    }
  }
  await waitingFor(1)
  const deleting = takeElsewhere(remove(answer.uri, { by: 'new' }))
  await waitingFor(2)
  free.resolve()
  await Promise.all([holding, creating, deleting])
  await watcher.db.destroy()

  expect(await inside(sql`select text from posts`)).toEqual([])
})

test('an edit that meets its create halfway is the text that stands', async () => {
  const takeElsewhere = await anotherStream()
  const goOn = await holdUp(create({ uri: uriOf('held2', 'new'), by: 'new' }))
  const taking = takeElsewhere(
    edit({ uri: uriOf('held2', 'new'), by: 'new', rev: '2', text: 'all fine now' }),
  )
  await goOn()
  await taking

  expect(await texts()).toEqual([{ text: 'all fine now' }])
})

test('a deactivated account is hidden and comes back; a deleted one is emptied with its names', async () => {
  await take(create({ uri: uriOf('a') }))
  await inside(sql`update authors set handle = 'kim.canaryname', display_name = 'Kim'`)
  await take(account('deactivated'))
  expect(await inside(sql`select hidden_at is not null as hidden, text from posts`)).toEqual([
    { hidden: true, text: 'My Acme kettle is broken' },
  ])
  await take(account('active'))
  expect(await inside(sql`select hidden_at from posts`)).toEqual([{ hiddenAt: null }])
  await take(account('deleted'))

  expect(await inside(sql`select text, deleted_at from posts`)).toEqual([{ text: null, deletedAt: at }])
  expect(await dump()).not.toContain('canaryname')
})

test('who deleted their account is not taken back by a late post, after a restart neither', async () => {
  await take(create())
  await take(account('deleted'))
  memory = makeMemory()
  await take(
    create({
      text: 'acme canaryback',
      author: { accountId: 'did:plc:kim', handle: 'canaryback.example', displayName: null },
    }),
  )

  expect(await dump()).not.toContain('canaryback')
})

test('a new handle is followed; one that is not told is asked for; our own channel follows too', async () => {
  await take(create(), create({ by: 'lee', text: 'acme too' }))
  await inside(sql`insert into channels (workspace_id, network, account_id, handle, service_url, sealed_secret)
    values (${workspaceId}, 'bluesky', 'did:plc:bcme', 'bcme.example', 'https://pds.test', 'sealed')`)
  await sql`delete from graphile_worker._private_jobs`.execute(it.owner)
  const named = (by: string, handle: string | null): HeardEvent => ({
    type: 'identity',
    authorId: `did:plc:${by}`,
    handle,
  })
  await take(
    named('kim', 'kim.example'),
    named('lee', null),
    named('acme', 'care.acme.example'),
    named('bcme', null),
    named('stranger', 'x.example'),
  )

  expect(await inside(sql`select account_id, handle from authors order by 1`)).toEqual([
    { accountId: 'did:plc:kim', handle: 'kim.example' },
    { accountId: 'did:plc:lee', handle: null },
  ])
  expect(await inside(sql`select handle from channels order by account_id`)).toEqual([
    { handle: 'care.acme.example' },
    { handle: 'bcme.example' },
  ])
  expect(
    await inside(
      sql`select account_id from graphile_worker.jobs join authors on key = 'author:' || author_id`,
    ),
  ).toEqual([{ accountId: 'did:plc:lee' }])
  expect(
    await inside(
      sql`select account_id, task_identifier as task from graphile_worker.jobs
        join channels on key = 'channel:' || channel_id`,
    ),
  ).toEqual([{ accountId: 'did:plc:bcme', task: 'read-channel' }])
})

test('what is heard by two workspaces is stored in each by its own watches', async () => {
  const ours = workspaceId
  const other = (await aWorkspace(it.db)).workspaceId
  workspaceId = other
  await inside(
    sql`insert into workspace_sources (workspace_id, source_id) values (${other}, ${source.sourceId})`,
  )
  await watch(['zenith'])
  await take(create({ text: 'acme only' }), create({ text: 'acme and zenith' }))

  expect(await texts()).toEqual([{ text: 'acme and zenith' }])
  workspaceId = ours
  expect(await texts()).toEqual([{ text: 'acme only' }, { text: 'acme and zenith' }])
})

test('what an account says that is gone for all we know is not kept', async () => {
  await take(account('deleted', 'ghost'), create({ by: 'ghost', text: 'acme canaryghost' }))
  await take(create({ by: 'ghost', text: 'acme canaryghost' }))

  expect(await dump()).not.toContain('canaryghost')
})

test('an answer of ours from elsewhere is shown in its case and stops the clock; other posts of ours are not kept', async () => {
  await take(create({ uri: uriOf('q') }))
  const answer = { by: 'acme', parentUri: uriOf('q'), text: 'We are on it' }
  await take(
    create({ ...answer, uri: uriOf('ans', 'acme') }),
    create({ by: 'acme', text: 'acme canaryours: new in our shop' }),
  )

  expect(await inside(sql`select text, ours from posts where ours`)).toEqual([
    { text: 'We are on it', ours: true },
  ])
  expect(await inside(sql`select status, unanswered_since from cases`)).toEqual([
    { status: 'waiting', unansweredSince: null },
  ])
  expect(await dump()).not.toContain('canaryours')
})

test('our own reply, deleted by its owner there, is never sent again', async () => {
  await take(create({ uri: uriOf('own') }))
  await inside(sql`insert into replies (workspace_id, reply_id, case_id, channel_id, by_agent_id, text, parent_uri, thread_uri, frozen_key,
      frozen_uri, frozen_record, state, send_after)
    select c.workspace_id, uuidv7(), c.case_id, ch.channel_id, uuidv7(), 'Hello', ${uriOf('own')}, ${uriOf('own')}, 'k', ${uriOf('k', 'acme')}, '{}', 'unknown', now()
    from cases c join channels ch using (workspace_id)`)
  await take(create({ by: 'acme', uri: uriOf('k', 'acme'), parentUri: uriOf('own'), text: 'Hello' }))
  expect(await inside(sql`select text from posts where ours`)).toEqual([])
  await take(remove(uriOf('k', 'acme'), { by: 'acme' }))

  expect(await inside(sql`select state from replies`)).toEqual([{ state: 'deleted-by-owner' }])
})

test('a watch that is added, changed or ended counts from the next batch on', async () => {
  await take(create({ text: 'zenith one' }))
  await watch(['zenith'])
  await take(create({ text: 'zenith two' }))
  await inside(sql`update watches set removed_at = ${at} where terms -> 'words' ? 'zenith'`)
  await take(create({ text: 'zenith three' }))

  expect(await texts()).toEqual([{ text: 'zenith two' }])
})

test('input that cannot be read is laid aside once and counted, a gap is noted once', async () => {
  const poison = {
    type: 'poison',
    raw: new Uint8Array([0, 255, 1]),
    error: 'no frame\0',
    cursor: '5',
  } as const
  const gap = { type: 'gap', cause: 'outdated-cursor', from: '1', to: '5' } as const
  await take(poison, create(), gap)
  await take(poison, gap)

  expect(await letters()).toMatchObject([{ error: 'no frame\ufffd', attempts: 2 }])
  expect(
    await findAll(it.db, sql`select cause, from_cursor from gaps where source_id = ${source.sourceId}`),
  ).toEqual([{ cause: 'outdated-cursor', fromCursor: '1' }])
  expect((await texts()).length).toBe(1)
})

test('of a monstrous frame only the beginning is kept', async () => {
  await take({ type: 'poison', raw: new Uint8Array(1_000_000), error: 'too large', cursor: null })

  expect((await letters()).map((row) => [row.raw.length, row.error])).toEqual([
    [262_144, 'too large (only the first of its 1000000 bytes are kept)'],
  ])
})

test('one event that cannot be stored is laid aside after three tries, and the rest of its batch is kept', async () => {
  // Random, because a long run of one letter compresses to a key that fits the index.
  const uri = uriOf(Array.from({ length: 400 }, () => newId()).join(''))
  await take(
    create({ text: 'acme one' }),
    create({ uri, text: 'acme unkeepable' }),
    create({ text: 'acme two' }),
    create({ text: 'acme three' }),
  )

  expect(await texts()).toEqual([{ text: 'acme one' }, { text: 'acme two' }, { text: 'acme three' }])
  expect((await letters()).map((row) => row.attempts)).toEqual([3])
  await take(remove(uri))
  expect(await letters()).toEqual([])
})

test('while the database is away nothing is taken, and the same batch is stored when it is back', async () => {
  const away = openDb(it.url.replace(/:\d+\//, ':1/'), { max: 1 })
  const heard = {
    events: [create({ text: 'acme patience' })],
    bookmark: { cursor: '5', host: 'h' },
    heardAt: at,
  }
  await expect(takeIn(heard, source, { db: away.db, newId, memory })).rejects.toThrow()
  await away.db.destroy()
  await takeIn(heard, source, { db: it.db, newId, memory })

  expect(await texts()).toEqual([{ text: 'acme patience' }])
})

test.each([
  ['a NUL', 'acme a\0b', 'acme a\ufffdb'],
  ['half a surrogate pair', 'acme \ud83d!', 'acme \ufffd!'],
  ['fifty thousand graphemes', `acme ${'👩‍👩‍👧é'.repeat(25_000)}`, `acme ${'👩‍👩‍👧é'.repeat(25_000)}`],
  ['right to left', 'acme \u202eشركة سيئة\u202c', 'acme \u202eشركة سيئة\u202c'],
  [
    'zalgo',
    `acme ${`e${'\u0301\u0323'.repeat(500)}`.repeat(20)}`,
    `acme ${`e${'\u0301\u0323'.repeat(500)}`.repeat(20)}`,
  ],
  ['SQL', `acme '); drop table posts; -- $1 %s \\ "`, `acme '); drop table posts; -- $1 %s \\ "`],
  ['decomposed letters', 'acme cafe\u0301', 'acme cafe\u0301'],
])('hostile text is kept byte for byte: %s', async (_, said, kept) => {
  const embed = {
    images: [{ ref: 'r', alt: said, mime: 'image/png', width: 1, height: 1 }],
    link: null,
    quote: null,
    other: said,
  }
  await take(
    create({
      text: said,
      embed,
      author: { accountId: 'did:plc:kim', handle: said.slice(0, 50), displayName: said.slice(0, 50) },
    }),
  )

  expect(await letters()).toEqual([])
  expect((await texts()).map((row) => Buffer.from(row.text).equals(Buffer.from(kept)))).toEqual([true])
})

test('a time that no calendar holds is the time we heard it', async () => {
  await take(
    create({ saidAt: new Date(Number.NaN) }),
    create({ saidAt: new Date('+200000-01-01T00:00:00Z') }),
    create({ saidAt: new Date('-000001-01-01T00:00:00Z') }),
  )

  expect(await inside(sql`select said_at from posts`)).toEqual([
    { saidAt: at },
    { saidAt: at },
    { saidAt: at },
  ])
})

test('whatever the order and however often: the newest version stands, and what was deleted is gone', async () => {
  const names = ['p', 'q', 'r']
  const eventOf = (post: string, what: number, by: string): HeardEvent => {
    const uri = uriOf(post, by)
    if (what === 3) return remove(uri, { by, rev: '4' })
    const said = { uri, by, rev: `${what + 1}`, text: `acme version ${what + 1}` }
    return what === 0 ? create(said) : edit(said)
  }
  const all = names.flatMap((post, n) => [0, 1, 2, ...(n === 1 ? [3] : [])].map((what) => ({ post, what })))
  let run = 0
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([...all, ...all, ...all], { minLength: all.length * 3 }),
      fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 5, maxLength: 5 }),
      async (order, sizes) => {
        const by = `fold${++run}`
        const events = order.map(({ post, what }) => eventOf(post, what, by))
        for (let n = 0; events.length > 0; n++) await take(...events.splice(0, sizes[n % sizes.length]!))
        const left = await inside(
          sql`select uri, text from posts where author_account_id = ${`did:plc:${by}`} and text is not null order by uri`,
        )
        expect(left).toEqual([
          { uri: uriOf('p', by), text: 'acme version 3' },
          { uri: uriOf('r', by), text: 'acme version 3' },
        ])
      },
    ),
    { numRuns: 15 },
  )
  expect(await letters()).toEqual([])
})

test('an opened case asks for reach and for the name behind the account, in the same transaction', async () => {
  await take(create())

  const jobs = await inside(sql<{ task: string }>`select task_identifier as task from graphile_worker.jobs
    where key in (select 'reach:' || case_id from cases) or key in (select 'author:' || author_id from authors) order by 1`)
  expect(jobs.map((row) => row.task)).toEqual(['read-author', 'read-reach'])
})

test('a batch of three hundred posts is stored whole', async () => {
  const events = Array.from({ length: 300 }, (_, n) =>
    create({ by: `crowd${n % 100}`, text: `acme number ${n}` }),
  )
  await take(...events)

  expect((await cases()).length).toBe(300)
})
