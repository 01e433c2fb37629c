/** What strangers' news may do to us: nothing to other workspaces (P8), nothing that outlives them (P7), nothing without a bound. */
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { aWorkspace, freshDb, type TestDb } from '../test/db.ts'
import { newId } from './base/clock.ts'
import { findAll, inWorkspace } from './base/db.ts'
import type { HeardEvent, HeardPost } from './connectors/connector.ts'
import { makeMemory, takeIn } from './intake.ts'
import { forgetOldLetters } from './listen/letter.jobs.ts'

let it: TestDb
let memory = makeMemory()
let count = 0
const at = new Date('2026-11-23T10:00:00Z')

beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())
beforeEach(() => {
  memory = makeMemory()
})

/** A workspace that watches `word` on streams of its own, or on those that are named. */
async function aHouse({ word = 'acme', streams = [`https://${newId()}.test`] } = {}) {
  const { workspaceId } = await aWorkspace(it.db)
  const inside = <T>(query: ReturnType<typeof sql<T>>) =>
    inWorkspace(it.db, workspaceId, (tx) => findAll(tx, query))
  const terms = { words: [word], handles: [], hashtags: [], domains: [], exclusions: [] }
  await inside(sql`insert into watches (workspace_id, name, terms)
    values (${workspaceId}, 'us', ${JSON.stringify(terms)}::jsonb)`)
  const ids = streams.map((address) => `firehose ${address}`)
  for (const id of ids) {
    await inside(sql`insert into sources (source_id, kind, address) values (${id}, 'firehose', ${id})
      on conflict do nothing`)
    await inside(sql`insert into workspace_sources (workspace_id, source_id) values (${workspaceId}, ${id})`)
  }
  const takeFrom = (sourceId: string, ...events: HeardEvent[]) =>
    takeIn(
      { events, bookmark: { cursor: String(++count), host: 'h' }, heardAt: at },
      { sourceId, kind: 'firehose' },
      { db: it.db, newId, memory },
    )
  const take = (...events: HeardEvent[]) => takeFrom(ids[0]!, ...events)
  const texts = async () =>
    (await inside(sql<{ text: string | null }>`select text from posts order by said_at, uri`)).map(
      (row) => row.text,
    )
  return { workspaceId, ids, inside, take, takeFrom, texts }
}

const uriOf = (key: string, by = 'kim') => `at://did:plc:${by}/app.bsky.feed.post/${key}`
function aPost(over: Partial<HeardPost> & { by?: string } = {}): HeardPost {
  const { by = 'kim', ...rest } = over
  const uri = rest.uri ?? uriOf(`p${++count}`, by)
  return {
    uri,
    cid: `cid-${uri}-${rest.rev ?? '1'}`,
    rev: '1',
    threadUri: uri,
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
const edit = (over: Parameters<typeof aPost>[0]): HeardEvent => ({
  type: 'post',
  op: 'update',
  post: aPost(over),
})
const remove = (uri: string, by = 'kim'): HeardEvent => ({
  type: 'delete',
  uri,
  authorId: `did:plc:${by}`,
  rev: '9',
})
const gone = (by = 'kim'): HeardEvent => ({ type: 'account', authorId: `did:plc:${by}`, status: 'deleted' })
const poison = (words: string, over: object = {}): HeardEvent => ({
  type: 'poison',
  raw: new TextEncoder().encode(words),
  error: 'unreadable',
  cursor: null,
  ...over,
})
const letters = async (sourceId: string) =>
  (
    await findAll(
      it.db,
      sql<{ raw: Buffer }>`select raw from dead_letters where source_id = ${sourceId} order by raw`,
    )
  ).map((row) => row.raw.toString())

test("a workspace's own stream cannot put words into a post of another workspace", async () => {
  const [forger, victim] = [await aHouse({ word: 'zenith' }), await aHouse()]
  const uri = uriOf('forged')
  await forger.take(edit({ uri, rev: '9', text: 'acme: forged' }))
  await victim.take(create({ uri }))

  expect(await victim.texts()).toEqual(['My Acme kettle is broken'])
})

test("a workspace's own stream cannot silence posts and people for another workspace", async () => {
  const [silencer, victim] = [await aHouse({ word: 'zenith' }), await aHouse()]
  const uri = uriOf('silenced', 'lee')
  await silencer.take(gone('kim'), remove(uri, 'lee'))
  await victim.take(create({ text: 'acme one' }), create({ uri, by: 'lee', text: 'acme two' }))

  expect((await victim.texts()).sort()).toEqual(['acme one', 'acme two'])
})

test('what one of its streams deleted or edited counts for a workspace that hears the post on another', async () => {
  const streams = [`https://a.${newId()}`, `https://b.${newId()}`]
  const { ids, take, takeFrom, texts } = await aHouse({ streams })
  await take(
    remove(uriOf('x', 'sue'), 'sue'),
    edit({ uri: uriOf('y'), rev: '2', text: 'all fine now' }),
    gone('lee'),
  )
  await takeFrom(
    ids[1]!,
    create({ uri: uriOf('x', 'sue'), by: 'sue' }),
    create({ uri: uriOf('y') }),
    create({ by: 'lee' }),
  )

  expect(await texts()).toEqual(['all fine now'])
})

test('of two streams that speak about one account the later word counts', async () => {
  const { ids, take, takeFrom, texts } = await aHouse({
    streams: [`https://a.${newId()}`, `https://b.${newId()}`],
  })
  const deactivated: HeardEvent = { type: 'account', authorId: 'did:plc:kim', status: 'deactivated' }
  await take(deactivated)
  await takeFrom(ids[1]!, { ...deactivated, status: 'active' })
  await take(create())

  expect(await texts()).toEqual(['My Acme kettle is broken'])
})

test('what could not be read goes when its post is deleted, or its account, and other posts stay', async () => {
  const { ids, take } = await aHouse()
  await take(
    poison('no name in it: one', { uri: uriOf('one'), authorId: 'did:plc:kim' }),
    poison('no name in it: two', { uri: uriOf('two'), authorId: 'did:plc:kim' }),
    poison('no name in it: lee', { uri: uriOf('one', 'lee'), authorId: 'did:plc:lee' }),
  )
  await take(remove(uriOf('one')))
  expect(await letters(ids[0]!)).toEqual(['no name in it: lee', 'no name in it: two'])
  await take(gone('kim'))

  expect(await letters(ids[0]!)).toEqual(['no name in it: lee'])
})

test('a frame that nobody could take apart goes by the names that stand in its bytes', async () => {
  const { ids, take } = await aHouse()
  const kim = `did:plc:${'k'.repeat(24)}`
  const [one, two] = [`{"did":"${kim}","rkey":"3kone"`, `{"did":"${kim}","rkey":"3ktwo"`]
  await take(poison(one), poison(two), poison('{"did":"did:web:lee.example","rkey":"3kone"'))
  await take({ type: 'delete', uri: `at://${kim}/app.bsky.feed.post/3kone`, authorId: kim, rev: '9' })
  expect(await letters(ids[0]!)).toEqual([two, '{"did":"did:web:lee.example","rkey":"3kone"'])
  await take({ type: 'account', authorId: kim, status: 'deleted' })

  expect(await letters(ids[0]!)).toEqual(['{"did":"did:web:lee.example","rkey":"3kone"'])
})

test('what could not be read is not kept when its deletion was heard before it, on another stream even', async () => {
  const streams = [`https://a.${newId()}`, `https://b.${newId()}`]
  const { ids, take, takeFrom } = await aHouse({ streams })
  await takeFrom(ids[1]!, remove(uriOf('one')), gone('lee'))
  await take(
    poison('kim one', { uri: uriOf('one'), authorId: 'did:plc:kim' }),
    poison('kim two', { uri: uriOf('two'), authorId: 'did:plc:kim' }),
    poison('lee one', { uri: uriOf('one', 'lee'), authorId: 'did:plc:lee' }),
  )

  expect(await letters(ids[0]!)).toEqual(['kim two'])
})

test('letters without content are told apart by the post that is missing', async () => {
  const { ids, take } = await aHouse()
  const empty = (key: string) => poison('', { uri: uriOf(key), authorId: 'did:plc:kim' })
  await take(empty('one'), empty('two'))
  await take(empty('one'), remove(uriOf('two')))

  expect(
    await findAll(it.db, sql`select uri, attempts from dead_letters where source_id = ${ids[0]!}`),
  ).toEqual([{ uri: uriOf('one'), attempts: 2 }])
})

test("a workspace's own stream burns no letters that others keep, and all that only it keeps", async () => {
  const common = `https://common.${newId()}`
  const own = `https://own.${newId()}`
  const mine = await aHouse({ streams: [own, common] })
  const third = `https://third.${newId()}`
  const alone = await aHouse({ streams: [third, `https://fourth.${newId()}`] })
  await aHouse({ streams: [common] })
  const letter = poison('words', { uri: uriOf('one'), authorId: 'did:plc:kim' })
  await mine.takeFrom(`firehose ${common}`, letter)
  await alone.takeFrom(alone.ids[1]!, letter)
  await mine.takeFrom(`firehose ${own}`, remove(uriOf('one')), gone())
  await alone.takeFrom(alone.ids[0]!, remove(uriOf('one')))

  expect(await letters(`firehose ${common}`)).toEqual(['words'])
  expect(await letters(alone.ids[1]!)).toEqual([])
})

test('of one source the newest thousand letters are kept, for two weeks', async () => {
  const { ids, take } = await aHouse()
  await take(...Array.from({ length: 1_003 }, (_, n) => poison(`letter ${n}`)))
  const kept = await letters(ids[0]!)
  expect(kept.length).toBe(1_000)
  expect(kept).not.toContain('letter 2')
  expect(kept).toContain('letter 3')

  const written = (
    days: number,
  ) => sql`update dead_letters set first_at = ${new Date(at.getTime() - days * 86_400_000)}
    where source_id = ${ids[0]!} and raw = 'letter 3'`
  await sql`update dead_letters set first_at = ${at}`.execute(it.owner)
  await written(13).execute(it.owner)
  await forgetOldLetters({ db: it.db, now: () => at })
  expect((await letters(ids[0]!)).length).toBe(1_000)
  await written(15).execute(it.owner)
  await forgetOldLetters({ db: it.db, now: () => at })
  expect((await letters(ids[0]!)).length).toBe(999)
})

test('what could not be read, and not be kept the first time either, is kept as it came and leaves with its account', async () => {
  const { ids, take } = await aHouse()
  await sql`create function spoil() returns trigger language plpgsql as
    $$ begin raise exception 'spoilt' using errcode = '22023'; end $$`.execute(it.owner)
  await sql`create trigger spoil before insert on dead_letters for each row
    when (new.cursor = 'spoilt') execute function spoil()`.execute(it.owner)
  await take(poison('half a post', { uri: uriOf('x'), authorId: 'did:plc:kim', cursor: 'spoilt' }))

  expect(await letters(ids[0]!)).toEqual(['half a post'])
  await take({ type: 'account', authorId: 'did:plc:kim', status: 'deleted' })
  expect(await letters(ids[0]!)).toEqual([])
  await sql`drop function spoil cascade`.execute(it.owner)
})

test('deletes do not read what letters hold: a batch of them is quick beside a hundred megabytes', async () => {
  const { ids, take } = await aHouse()
  await sql`insert into dead_letters (source_id, digest, accounts, raw, error)
    select ${ids[0]!}, sha256(i::text::bytea), array['did:plc:other' || i],
      convert_to(repeat(md5(i::text), 3200), 'UTF8'), 'x' from generate_series(1, 1000) i`.execute(it.owner)
  const tookMs = async (work: () => Promise<unknown>) => {
    const began = performance.now()
    await work()
    return performance.now() - began
  }
  const readMs = await tookMs(() =>
    sql`select count(*) from dead_letters where position('x' in encode(raw, 'escape')) > 0`.execute(it.owner),
  )
  const removing = Array.from({ length: 50 }, (_, n) => remove(uriOf(`gone${n}`, `u${n}`), `u${n}`))

  // To read them all for each would be fifty times this.
  expect(await tookMs(() => take(...removing))).toBeLessThan(5 * readMs)
  await sql`delete from dead_letters`.execute(it.owner)
})

const hole = (by: string, from: string, to: string): HeardEvent => ({
  type: 'gap',
  cause: 'desynchronized',
  from,
  to,
  authorId: `did:plc:${by}`,
})
const gaps = (sourceId: string) =>
  findAll(
    it.db,
    sql`select cause, author_id, from_cursor, to_cursor from gaps where source_id = ${sourceId} order by 2`,
  )

test('the holes of strangers are not written down; those of people we know are one hole each', async () => {
  const { ids, take } = await aHouse()
  await take(create({ by: 'kim' }))
  await take(hole('kim', 'r1', 'r2'), hole('kim', 'r5', 'r6'), hole('stranger', 'r1', 'r2'))
  await take(hole('kim', 'r7', 'r9'))

  expect(await gaps(ids[0]!)).toEqual([
    { cause: 'desynchronized', authorId: 'did:plc:kim', fromCursor: 'r1', toCursor: 'r9' },
  ])
})

test('the holes of people we know do not push out what the stream itself missed', async () => {
  const { ids, take } = await aHouse()
  await take({ type: 'gap', cause: 'outdated-cursor', from: '7', to: null })
  await sql`insert into gaps (source_id, cause, author_id)
    select ${ids[0]!}, 'desynchronized', 'did:plc:known' || i from generate_series(1, 1000) i`.execute(
    it.owner,
  )
  await take(create({ by: 'kim' }))
  await take(hole('kim', 'r1', 'r2'))

  const kept = (await gaps(ids[0]!)) as { cause: string; authorId: string | null }[]
  expect(kept.filter((gap) => gap.authorId === null)).toMatchObject([{ cause: 'outdated-cursor' }])
  expect(kept.filter((gap) => gap.authorId !== null)).toHaveLength(1_000)
  expect(kept.some((gap) => gap.authorId === 'did:plc:kim')).toBe(true)
})

test('of one source the newest thousand gaps are kept', async () => {
  const { ids, take } = await aHouse()
  const outdated = (n: number): HeardEvent => ({
    type: 'gap',
    cause: 'outdated-cursor',
    from: `${n}`,
    to: null,
  })
  await take(...Array.from({ length: 1_000 }, (_, n) => outdated(n)))
  await take(outdated(1_000), outdated(1_000))

  const [kept] = await findAll(
    it.db,
    sql`select count(*)::int as many, count(distinct from_cursor)::int as different from gaps
      where source_id = ${ids[0]!}`,
  )
  expect(kept).toEqual({ many: 1_000, different: 1_000 })
})
