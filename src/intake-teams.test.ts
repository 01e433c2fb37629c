/** The hours and the team of what comes in, on the real database. */
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { aCaseThere, aTriage } from '../test/cases.ts'
import { aTeam } from '../test/colleagues.ts'
import { aWorkspace, freshDb, type TestDb } from '../test/db.ts'
import { newId } from './base/clock.ts'
import { findAll, inWorkspace, type Tx } from './base/db.ts'
import { findPage } from './cases/card.sql.ts'
import { changeCase, findTargets } from './cases/case.sql.ts'
import { hearCustomer } from './cases/case.ts'
import type { HeardEvent } from './connectors/connector.ts'
import { makeMemory, takeIn } from './intake.ts'
import { saveHours, saveTeamHours } from './staff/hours.sql.ts'

/** A Wednesday. */
const at = new Date('2026-11-18T10:00:00Z')
const channelId = newId()

let it: TestDb
let workspaceId: string
let sourceId: string
beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())
beforeEach(async () => {
  workspaceId = (await aWorkspace(it.db)).workspaceId
  sourceId = `firehose https://${workspaceId}.test`
  await sql`insert into sources (source_id, kind, address) values (${sourceId}, 'firehose', 'x')`.execute(
    it.db,
  )
  await run(async (tx) => {
    await sql`insert into workspace_sources (workspace_id, source_id) values (${workspaceId}, ${sourceId})`.execute(
      tx,
    )
    await sql`insert into channels (workspace_id, channel_id, network, account_id, handle, service_url, sealed_secret)
      values (${workspaceId}, ${channelId}, 'bluesky', 'did:plc:acme', 'acme.example', 'https://pds.test', 'x')`.execute(
      tx,
    )
  })
})

const run = <T>(work: (tx: Tx) => Promise<T>) => inWorkspace(it.db, workspaceId, work)
const inside = <T>(query: ReturnType<typeof sql<T>>) => run((tx) => findAll(tx, query))

function mentionUs(n: number): HeardEvent {
  const uri = `at://did:plc:kim/app.bsky.feed.post/${n}`
  return {
    type: 'post',
    op: 'create',
    post: {
      uri,
      cid: `cid-${n}`,
      rev: '1',
      threadUri: uri,
      parentUri: null,
      author: { accountId: 'did:plc:kim', handle: null, displayName: null },
      text: '@acme.example where is my parcel?',
      facets: [{ byteStart: 0, byteEnd: 13, kind: 'mention', value: 'did:plc:acme' }],
      embed: null,
      langs: ['en'],
      saidAt: at,
    },
  }
}
const take = (...events: HeardEvent[]) =>
  takeIn(
    { events, bookmark: { cursor: '1', host: 'h' }, heardAt: at },
    { sourceId, kind: 'firehose' },
    {
      db: it.db,
      newId,
      memory: makeMemory(),
    },
  )
const dues = () =>
  inside(
    sql<{
      teamId: string | null
      answerDueAt: Date | null
    }>`select team_id, answer_due_at from cases order by number`,
  )

const nights = { timeZone: 'Europe/London', blocks: [{ day: 3, from: 1_200, to: 1_440 }], holidays: [] }

test('a case that addresses a channel of a team opens in the team, and is due by its hours', async () => {
  const teamId = await aTeam(it.db, workspaceId, { channelIds: [channelId] })
  await run((tx) => saveTeamHours(tx, teamId, nights))

  await take(mentionUs(1))

  expect(await dues()).toEqual([{ teamId, answerDueAt: new Date('2026-11-19T00:00:00Z') }])
})

test('a team without hours of its own is due by those of the workspace, and so is who has no team', async () => {
  const teamId = await aTeam(it.db, workspaceId, { channelIds: [channelId] })
  await take(mentionUs(1))
  await inside(sql`delete from team_channels`)
  await take(mentionUs(2))

  expect(await dues()).toEqual([
    { teamId, answerDueAt: new Date('2026-11-18T14:00:00Z') },
    { teamId: null, answerDueAt: new Date('2026-11-18T14:00:00Z') },
  ])
})

test('new hours move no promise that was given; what comes in from then on counts by them', async () => {
  const { caseId } = await aCaseThere(it.db, workspaceId, { at })
  await run((tx) => saveHours(tx, nights))
  const again = { postId: newId(), saidAt: new Date('2026-11-18T11:00:00Z'), triage: aTriage() }
  await run(async (tx) => {
    const targets = await findTargets(tx)
    await changeCase(tx, caseId, (was) => hearCustomer(was, again, targets, again.saidAt))
  })
  await take(mentionUs(1))

  expect((await dues()).map((it) => it.answerDueAt)).toEqual([
    new Date('2026-11-18T14:00:00Z'),
    new Date('2026-11-19T00:00:00Z'),
  ])
})

test('without hours nothing is due, and it stands behind all that is, on whatever page', async () => {
  await run((tx) => saveHours(tx, { ...nights, blocks: [] }))
  for (const n of [1, 2, 3]) await take(mentionUs(n))
  await run((tx) => saveHours(tx, nights))
  await take(mentionUs(4))

  expect((await dues()).map((it) => it.answerDueAt?.toISOString() ?? null)).toEqual([
    null,
    null,
    null,
    '2026-11-19T00:00:00.000Z',
  ])
  const pages: number[] = []
  const seen = new Set<string>()
  for (let after: string | undefined, n = 0; n < 5; n++) {
    const page = await run((tx) =>
      findPage(tx, { view: 'queue', agentId: newId(), teamIds: null, after, limit: 2 }),
    )
    for (const id of page.caseIds) seen.add(id)
    pages.push(page.caseIds.length)
    if (!page.next) break
    after = page.next
  }
  expect(pages).toEqual([2, 2])
  expect(seen.size).toBe(4)
})
