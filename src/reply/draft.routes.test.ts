/** Unsent words: whose they are, what they keep, and what they may name. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { aDesk } from '../../test/desk.ts'
import { newId } from '../base/clock.ts'
import { inWorkspace } from '../base/db.ts'

let it: TestDb
beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())
const atTheDesk = () => aDesk(it)

test('a draft survives: the last save wins, an empty one removes it', async () => {
  const { call, draft, channelId } = await atTheDesk()

  expect((await call('GET', draft)).body).toEqual({ text: '', channelId: null, savedAt: null })
  await call('PUT', draft, { text: 'Sor', channelId: null })
  await call('PUT', draft, { text: 'Sorry, ', channelId })
  expect((await call('GET', draft)).body).toMatchObject({ text: 'Sorry, ', channelId })
  await call('PUT', draft, { text: '', channelId })
  expect((await call('GET', draft)).body.text).toBe('')
})

test('a draft keeps hostile and huge words as they are, but for what no database can keep', async () => {
  const { call, draft } = await atTheDesk()
  const family = '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}'
  for (const [text, kept] of [
    ['a\u0000b', 'a\ufffdb'],
    ['half \ud83d', 'half \ufffd'],
    ['\u202eright to left\u202c', '\u202eright to left\u202c'],
    [`z${'\u0300'.repeat(500)}`, `z${'\u0300'.repeat(500)}`],
    ['x'.repeat(50_000), 'x'.repeat(50_000)],
    [family.repeat(50_000), family.repeat(50_000)],
    ["'; drop table drafts; --", "'; drop table drafts; --"],
  ] as const) {
    const saved = await call('PUT', draft, { text, channelId: null })
    expect(saved.status, text.slice(0, 20)).toBe(200)
    expect((await call('GET', draft)).body.text === kept, text.slice(0, 20)).toBe(true)
  }
})

test('thirty saves at once leave one draft', async () => {
  const { call, draft } = await atTheDesk()

  const saves = await Promise.all(
    Array.from({ length: 30 }, (_, n) => call('PUT', draft, { text: `draft ${n}`, channelId: null })),
  )

  expect(new Set(saves.map((save) => save.status))).toEqual(new Set([200]))
  expect((await call('GET', draft)).body.text).toMatch(/^draft \d+$/)
})

test("an agent sees neither a colleague's draft nor a case of another workspace", async () => {
  const { call, draft, desk, workspaceId } = await atTheDesk()
  await call('PUT', draft, { text: 'mine', channelId: null })
  const colleague = { agentId: newId() }
  await inWorkspace(it.db, workspaceId, (tx) =>
    sql`insert into agents (workspace_id, agent_id, user_id, name, email, role)
      values (${workspaceId}, ${colleague.agentId}, ${`user-${colleague.agentId}`}, 'Bo', 'bo@acme.test', 'agent')`.execute(
      tx,
    ),
  )
  const stranger = await aWorkspace(it.db)

  const asColleague = await call('GET', draft, undefined, await desk.signIn(colleague))
  const asStranger = await call('PUT', draft, { text: 'x', channelId: null }, await desk.signIn(stranger))

  expect(asColleague.body.text).toBe('')
  expect(asStranger).toMatchObject({ status: 404, body: { code: 'not-found' } })
})

test('a draft belongs to a case that is there, and to an account of ours', async () => {
  const { call, draft, channelId, workspaceId } = await atTheDesk()
  const theirs = await aWorkspace(it.db)
  const nowhere = `/api/cases/${newId()}/draft`
  const theirChannel = (await atTheDesk()).channelId

  expect(await call('GET', nowhere)).toMatchObject({ status: 404, body: { code: 'not-found' } })
  expect(await call('PUT', nowhere, { text: 'x', channelId: null })).toMatchObject({ status: 404 })
  for (const other of [newId(), theirChannel, theirs.workspaceId])
    expect(await call('PUT', draft, { text: 'x', channelId: other })).toMatchObject({
      status: 422,
      body: { code: 'channel-unknown' },
    })
  expect((await call('GET', draft)).body.text).toBe('')

  await sql`update channels set removed_at = now() where workspace_id = ${workspaceId}`.execute(it.owner)
  expect((await call('PUT', draft, { text: 'still mine', channelId })).status).toBe(200)
})
