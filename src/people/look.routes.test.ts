/** Looking at people, on the real database: with a reason, on record, and told of when unusual. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { aCaseThere, anAuthor } from '../../test/cases.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { testKey } from '../../test/key.ts'
import { newId } from '../base/clock.ts'
import { findAll, inWorkspace } from '../base/db.ts'
import { keepLooks } from './look.jobs.ts'
import { lookRoutes } from './look.routes.ts'
import { judgeLooks } from './unusual.jobs.ts'

let it: TestDb
let house: TestApp
let at = new Date('2026-11-02T09:10:00Z')
const now = () => at
beforeAll(async () => {
  it = await freshDb()
  house = await testApp(it, { now, rooms: (mount) => lookRoutes(mount) })
})
afterAll(async () => {
  await house.app.close()
  await it[Symbol.asyncDispose]()
})

async function aTeam() {
  const admin = await aWorkspace(it.db)
  const { workspaceId } = admin
  const robinId = newId()
  await sql`insert into agents (workspace_id, agent_id, user_id, name, email, role)
    values (${workspaceId}, ${robinId}, ${`user-${robinId}`}, 'Robin Doe', 'robin@acme.test', 'agent')`.execute(
    it.owner,
  )
  const robin = { workspaceId, agentId: robinId }
  const person = (displayName: string, handle: string) =>
    anAuthor(it.db, workspaceId, { handle }).then(async (authorId) => {
      await sql`update authors set display_name = ${displayName} where author_id = ${authorId}`.execute(
        it.owner,
      )
      return authorId
    })
  const headers = { admin: await house.signIn(admin), robin: await house.signIn(robin) }
  const search = async (name: string, reason = 'She called about a parcel', who = headers.robin) =>
    house.app.inject({ method: 'POST', url: '/api/person-searches', headers: who, payload: { name, reason } })
  const get = async (url: string, who = headers.admin) =>
    (await house.app.inject({ url, headers: who })).json()
  const names = async (name: string) =>
    (await search(name)).json().people.map((one: { displayName: string }) => one.displayName)
  const look = (authorId: string, caseId: string) =>
    inWorkspace(it.db, workspaceId, (tx) => keepLooks(tx, { ...robin, authorIds: [authorId], caseId, at }))
  const judge = () =>
    judgeLooks({ db: it.db, now, master: testKey, publicUrl: 'http://localhost:4000' }, robin)
  const alerts = async () => (await get('/api/alerts')).rows
  return { ...admin, robinId, person, headers, search, get, names, look, judge, alerts }
}

test('searching for a person takes a reason, in words', async () => {
  const { search, person } = await aTeam()
  await person('Kim Nair', 'kim.example')

  for (const reason of ['', '   ', 'why', '.......'])
    expect((await search('Kim', reason)).json()).toMatchObject({ code: 'reason-needed' })
  expect((await search('Kim', 'She called us')).statusCode).toBe(200)
})

test('a person is found by any part of their name or handle, and letters of patterns are letters', async () => {
  const { names, person } = await aTeam()
  await person('Kim Nair', 'kim.example')
  await person('José 100%_sure', 'jo.example')
  const gone = await person('Kim Gone', 'gone.example')
  await sql`update authors set status = 'deleted' where author_id = ${gone}`.execute(it.owner)

  expect(await names('nai')).toEqual(['Kim Nair'])
  expect(await names('@KIM.ex')).toEqual(['Kim Nair'])
  expect(await names('JOSÉ')).toEqual(['José 100%_sure'])
  expect(await names('0%_s')).toEqual(['José 100%_sure'])
  expect(await names('%%')).toEqual([])
  expect(await names('k_m')).toEqual([])
  expect(await names('Kim')).toEqual(['Kim Nair'])
})

test('nobody of another workspace is found', async () => {
  const theirs = await aTeam()
  const ours = await aTeam()
  await theirs.person('Zoe Elsewhere', 'zoe.example')

  expect(await ours.names('Zoe')).toEqual([])
})

test('what a search shows is on record: who searched, for whom, why, and who was seen', async () => {
  const { search, person, get, workspaceId, robinId } = await aTeam()
  const kim = await person('Kim Nair', 'kim.example')

  const found = (await search('Kim', 'She called about a parcel')).json()
  const { rows } = await get('/api/looks')
  const [logged] = await findAll(
    it.owner,
    sql<{
      onId: string
      content: unknown
    }>`select on_id, content from audit where workspace_id = ${workspaceId} and act = 'person.searched'`,
  )

  expect(rows).toMatchObject([
    {
      agentId: robinId,
      agentName: 'Robin Doe',
      authorId: kim,
      reason: 'She called about a parcel',
      caseId: null,
    },
  ])
  expect(logged).toEqual({ onId: found.searchId, content: { found: 1, lookIds: [rows[0].lookId] } })
})

test('results come in pages, and end at a hundred people', async () => {
  const { search, workspaceId, headers, get } = await aTeam()
  await sql`insert into authors (workspace_id, network, account_id, handle, display_name)
    select ${workspaceId}, 'bluesky', 'did:plc:' || n, 'p' || n || '.example', 'Pat ' || n from generate_series(1, 130) n`.execute(
    it.owner,
  )
  const first = (await search('Pat')).json()
  let page = first
  const seen = page.people.map((one: { authorId: string }) => one.authorId)
  while (page.next) {
    page = await get(`/api/person-searches/${first.searchId}?after=${page.next}`, headers.robin)
    seen.push(...page.people.map((one: { authorId: string }) => one.authorId))
  }

  expect(new Set(seen).size).toBe(100)
  expect(page.tooMany).toBe(true)
  expect(await get(`/api/person-searches/${first.searchId}`, headers.admin)).toMatchObject({
    code: 'not-found',
  })
})

test('the index on names can be used for the workspace that searches', async () => {
  const { workspaceId } = await aTeam()
  await sql`insert into authors (workspace_id, network, account_id, display_name)
    select ${workspaceId}, 'bluesky', 'did:index:' || n, md5(n::text) from generate_series(1, 20000) n`.execute(
    it.owner,
  )
  await sql`analyze authors`.execute(it.owner)

  const plan = await it.owner.transaction().execute(async (tx) => {
    await sql`select set_config('evenhand.workspace', ${workspaceId}, true), set_config('enable_seqscan', 'off', true)`.execute(
      tx,
    )
    return findAll(
      tx,
      sql`explain select author_id from authors a where a.workspace_id = ${workspaceId}
      and name_of_author(a.handle, a.display_name) like '%nairo%'`,
    )
  })

  expect(JSON.stringify(plan)).toContain('authors_by_name')
})

test('the same occasion within an hour is one look; the next hour is another', async () => {
  const { look, get, person, workspaceId } = await aTeam()
  const kim = await person('Kim', 'kim.example')
  const { caseId } = await aCaseThere(it.db, workspaceId, { authorId: kim })
  at = new Date('2026-11-02T09:10:00Z')
  await Promise.all([look(kim, caseId), look(kim, caseId), look(kim, caseId)])
  at = new Date('2026-11-02T10:10:00Z')
  await look(kim, caseId)

  const { rows } = await get(`/api/looks?author=${kim}`)

  expect(rows.map((row: { at: string; caseNumber: number }) => [row.at, row.caseNumber])).toEqual([
    ['2026-11-02T10:10:00.000Z', 1],
    ['2026-11-02T09:10:00.000Z', 1],
  ])
})

test('looking at many people who are not of their own cases is told to admins, once a day, and can be acknowledged', async () => {
  const { look, judge, alerts, get, headers, workspaceId, robinId } = await aTeam()
  at = new Date('2026-11-03T09:10:00Z')
  for (let n = 0; n < 32; n++) {
    const { authorId, caseId } = await aCaseThere(it.db, workspaceId)
    // The first is a case of their own.
    if (n === 0)
      await sql`update cases set assignee_id = ${robinId} where case_id = ${caseId}`.execute(it.owner)
    await look(authorId, caseId)
    if (n === 30) {
      await judge()
      expect(await alerts()).toEqual([])
    }
  }
  await judge()
  await judge()

  const told = await alerts()
  const letters = await findAll(
    it.owner,
    sql`select 1 from graphile_worker._private_jobs where payload ->> 'workspaceId' = ${workspaceId} and payload ->> 'letterId' is not null`,
  )
  expect(told).toMatchObject([
    { kind: 'many-people', agentName: 'Robin Doe', found: 31, usual: 0, acknowledgedAt: null },
  ])
  expect(letters).toHaveLength(1)

  const url = `/api/alerts/${told[0].alertId}/acknowledgement`
  expect((await house.app.inject({ method: 'PUT', url, headers: headers.robin })).statusCode).toBe(403)
  expect((await house.app.inject({ method: 'PUT', url, headers: headers.admin })).statusCode).toBe(200)
  expect(await alerts()).toEqual([])
  expect((await get('/api/alerts?state=all')).rows).toMatchObject([{ acknowledgedByName: 'Ana Ruiz' }])
})

test('coming back to one person without a case of theirs is told; with one it is not', async () => {
  const { look, judge, alerts, workspaceId, robinId } = await aTeam()
  const kim = await aCaseThere(it.db, workspaceId)
  const lee = await aCaseThere(it.db, workspaceId)
  await sql`update cases set assignee_id = ${robinId} where case_id = ${lee.caseId}`.execute(it.owner)
  for (let hour = 8; hour < 13; hour++) {
    at = new Date(`2026-11-04T${String(hour).padStart(2, '0')}:10:00Z`)
    for (const one of [kim, lee]) await look(one.authorId, one.caseId)
  }
  await judge()

  expect(await alerts()).toMatchObject([{ kind: 'one-person', author: { authorId: kim.authorId }, found: 5 }])
})

test('many searches within an hour are told, and who searches cannot read the looks', async () => {
  const { search, judge, alerts, get, headers } = await aTeam()
  at = new Date('2026-11-05T09:10:00Z')
  for (let n = 0; n < 11; n++) await search(`nobody ${n}`)
  await judge()

  expect(await alerts()).toMatchObject([{ kind: 'many-searches', found: 11 }])
  for (const url of ['/api/looks', '/api/alerts'])
    expect(await get(url, headers.robin)).toMatchObject({ code: 'not-allowed' })
})
