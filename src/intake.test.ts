/** One mention from heard to case, on the real database. */
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { aWorkspace, freshDb, type TestDb } from '../test/db.ts'
import { newId } from './base/clock.ts'
import { findAll, inWorkspace } from './base/db.ts'
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
