/** Connecting the brand's accounts, on a real PDS. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { testKey } from '../../test/key.ts'
import { startPds, type TestPds } from '../../test/pds.ts'
import { newId } from '../base/clock.ts'
import { findAll, findOne, inWorkspace } from '../base/db.ts'
import { resumeReplies } from '../reply/reply.jobs.ts'
import { makeBluesky } from './bluesky/bluesky.ts'
import { channelRoutes, welcomed } from './channel.routes.ts'
import { findChannel, listOpenChannels, pauseChannel, toChannel } from './channel.sql.ts'
import { makeRehearsal } from './rehearsal/rehearsal.ts'

let it: TestDb
let pds: TestPds
let house: TestApp
beforeAll(async () => {
  ;[it, pds] = await Promise.all([freshDb(), startPds()])
  const connectors = { bluesky: makeBluesky(pds.settings), rehearsal: makeRehearsal() }
  const { outside } = pds
  const jetstreamUrl = 'wss://jetstream.example'
  const tools = { connectors, outside, master: testKey, jetstreamUrl, resumeReplies }
  house = await testApp(it, { rooms: (mount) => channelRoutes(mount, tools) })
})
afterAll(async () => {
  await house.app.close()
  await pds[Symbol.asyncDispose]()
  await it[Symbol.asyncDispose]()
})

async function anAdmin() {
  const agent = await aWorkspace(it.db)
  const headers = await house.signIn(agent)
  type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
  const call = (method: Method, url: string, payload?: object) =>
    house.app.inject({ method, url, headers, ...(payload ? { payload } : {}) })
  const connect = (handle: string, appPassword: string, over: object = {}) =>
    call('POST', '/api/channels', { handle, appPassword, serviceUrl: pds.url, ...over })
  const inside = <T>(work: Parameters<typeof inWorkspace<T>>[2]) =>
    inWorkspace(it.db, agent.workspaceId, work)
  const sources = async () =>
    (
      await inside((tx) =>
        findAll(tx, sql<{ sourceId: string }>`select source_id from workspace_sources order by source_id`),
      )
    ).map((row) => row.sourceId)
  return { ...agent, headers, call, connect, inside, sources }
}

test('an account is connected with handle and app password, and heard from then on', async () => {
  const kim = await pds.makeAccount('kimcare')
  const { call, connect, inside, sources } = await anAdmin()

  const answer = await connect(`@${kim.handle}`, kim.appPassword)
  const { channelId } = answer.json()
  const row = await inside((tx) => findChannel(tx, channelId))

  expect(answer.json()).toEqual({
    channelId,
    network: 'bluesky',
    handle: 'kimcare.test',
    displayName: null,
    accountId: kim.did,
    serviceUrl: pds.url,
    state: 'open',
    pausedReason: null,
    pausedDetail: null,
    pausedAt: null,
    needsApproval: false,
    teamId: null,
    limits: { graphemes: 300, bytes: 3000 },
  })
  expect((await call('GET', '/api/channels')).json()).toEqual([answer.json()])
  expect(await sources()).toEqual(['jetstream wss://jetstream.example', `notifications ${channelId}`])
  expect(toChannel(row!, testKey)).toMatchObject({ accountId: kim.did, secret: kim.appPassword })
})

test("a server of one's own is heard by its own stream too: what people elsewhere delete is told on the public one", async () => {
  const lee = await pds.makeAccount('leecare')
  const { connect, sources } = await anAdmin()

  const { channelId } = (await connect(lee.handle, lee.appPassword, { ownStream: true })).json()

  expect(await sources()).toEqual([
    `firehose ${pds.url}`,
    'jetstream wss://jetstream.example',
    `notifications ${channelId}`,
  ])
})

test('an operator who wants no public stream gets none', async () => {
  const max = await pds.makeAccount('maxcare')
  const { headers, sources } = await anAdmin()
  const connectors = { bluesky: makeBluesky(pds.settings), rehearsal: makeRehearsal() }
  const tools = { connectors, outside: pds.outside, master: testKey, jetstreamUrl: null, resumeReplies }
  const own = await testApp(it, { rooms: (mount) => channelRoutes(mount, tools) })
  const payload = { handle: max.handle, appPassword: max.appPassword, serviceUrl: pds.url, ownStream: true }

  const { channelId } = (
    await own.app.inject({ method: 'POST', url: '/api/channels', headers, payload })
  ).json()
  await own.app.close()

  expect(await sources()).toEqual([`firehose ${pds.url}`, `notifications ${channelId}`])
})

test('secrets go in and never come out, and are sealed where they lie', async () => {
  const sue = await pds.makeAccount('suecare')
  const { call, connect } = await anAdmin()

  const answers = [await connect(sue.handle, sue.appPassword)]
  const { channelId } = answers[0]!.json()
  answers.push(
    await call('GET', '/api/channels'),
    await connect(sue.handle, sue.appPassword),
    await call('PUT', `/api/channels/${channelId}/secret`, { appPassword: sue.appPassword }),
    await call('GET', '/api/me'),
    await connect(sue.handle, `${sue.appPassword}x`),
    await call('POST', '/api/channels', { handle: 'x', appPassword: sue.appPassword }),
    await call('DELETE', `/api/channels/${channelId}`),
  )
  const rows = await findAll(it.owner, sql<{ row: string }>`select channels::text as row from channels`)

  for (const answer of answers) {
    expect(answer.body).not.toContain(sue.appPassword)
    expect(answer.body).not.toContain('sealed')
  }
  for (const { row } of rows) expect(row).not.toContain(sue.appPassword)
})

test('a server that repeats the password in its refusal is not quoted', () => {
  const refused = { outcome: 'refused', why: 'password-refused', detail: 'bad password abcd-efgh' } as const

  expect(() => welcomed(refused, 'abcd-efgh')).toThrow('bad password …')
})

test('an account that cannot be signed in to is refused in words, and nothing is kept', async () => {
  const amy = await pds.makeAccount('amycare')
  const { call, connect, sources } = await anAdmin()

  const answers = [
    await connect(amy.handle, 'not-the-password'),
    await connect('nobody.test', amy.appPassword),
    await connect(amy.handle, amy.appPassword, { serviceUrl: 'http://127.0.0.1:9' }),
    await connect(amy.handle, amy.appPassword, { serviceUrl: 'https://care.invalid' }),
  ]

  expect(answers.map((answer) => [answer.statusCode, answer.json().code])).toEqual([
    [422, 'sign-in-failed'],
    [422, 'sign-in-failed'],
    [422, 'address-not-allowed'],
    [422, 'service-unreachable'],
  ])
  expect((await call('GET', '/api/channels')).json()).toEqual([])
  expect(await sources()).toEqual([])
})

test('an account is connected once, also when two tabs do it at the same moment', async () => {
  const zoe = await pds.makeAccount('zoecare')
  const { call, connect } = await anAdmin()

  const answers = await Promise.all([
    connect(zoe.handle, zoe.appPassword),
    connect(zoe.handle, zoe.appPassword),
    connect(zoe.handle, zoe.appPassword),
  ])

  expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 409, 409])
  expect(answers.find((answer) => answer.statusCode === 409)?.json().code).toBe('channel-known')
  expect((await call('GET', '/api/channels')).json()).toHaveLength(1)
})

test('a removed account loses its secret and its listening, and comes back as the channel it was', async () => {
  const ian = await pds.makeAccount('iancare')
  const { call, connect, sources } = await anAdmin()
  const { channelId } = (await connect(ian.handle, ian.appPassword, { ownStream: true })).json()
  const keptOf = () =>
    findOne(
      it.owner,
      sql<{ sealedSecret: string; state: string }>`select c.sealed_secret, s.state from channels c, sources s
        where c.channel_id = ${channelId} and s.source_id = ${`notifications ${channelId}`}`,
    )

  const removed = await call('DELETE', `/api/channels/${channelId}`)
  const kept = await keptOf()
  const listed = (await call('GET', '/api/channels')).json()
  const left = await sources()
  const back = await connect(ian.handle, ian.appPassword)

  expect(removed.json()).toEqual({ done: true })
  expect(kept).toEqual({ sealedSecret: '', state: 'stopped' })
  expect([listed, left]).toEqual([[], ['jetstream wss://jetstream.example']])
  expect(back.json()).toMatchObject({ channelId, state: 'open' })
  expect((await keptOf())?.state).toBe('running')
  expect(await sources()).toEqual(['jetstream wss://jetstream.example', `notifications ${channelId}`])
  expect((await call('DELETE', `/api/channels/${channelId}`)).statusCode).toBe(200)
  expect((await call('DELETE', `/api/channels/${channelId}`)).statusCode).toBe(404)
})

test("a server's own stream is heard as long as one account there is ours", async () => {
  const [mia, noa] = [await pds.makeAccount('miacare'), await pds.makeAccount('noacare')]
  const { call, connect, sources } = await anAdmin()
  const first = (await connect(mia.handle, mia.appPassword, { ownStream: true })).json()
  const second = (await connect(noa.handle, noa.appPassword, { ownStream: true })).json()

  await call('DELETE', `/api/channels/${first.channelId}`)
  const afterOne = await sources()
  await call('DELETE', `/api/channels/${second.channelId}`)

  const common = 'jetstream wss://jetstream.example'
  expect(afterOne).toEqual([`firehose ${pds.url}`, common, `notifications ${second.channelId}`])
  expect(await sources()).toEqual([common])
})

test('a paused channel opens again with a new password, after a wrong one did nothing', async () => {
  const eva = await pds.makeAccount('evacare')
  const { call, connect, inside, workspaceId } = await anAdmin()
  const { channelId } = (await connect(eva.handle, eva.appPassword)).json()
  const replyId = await aWaitingReply(workspaceId, channelId)
  const at = new Date('2026-11-02T09:00:00Z')
  await inside((tx) => pauseChannel(tx, channelId, 'password-refused', 'Invalid identifier or password', at))
  const renew = (appPassword: string) => call('PUT', `/api/channels/${channelId}/secret`, { appPassword })

  const wrong = await renew('not-the-password')
  const [paused] = (await call('GET', '/api/channels')).json()
  const open = await inside(listOpenChannels)
  const right = await renew(eva.password)

  expect(wrong.json().code).toBe('sign-in-failed')
  expect(paused).toMatchObject({
    state: 'paused',
    pausedReason: 'password-refused',
    pausedDetail: 'Invalid identifier or password',
    pausedAt: '2026-11-02T09:00:00.000Z',
  })
  expect(open).toEqual([])
  expect(right.json()).toMatchObject({
    state: 'open',
    pausedReason: null,
    pausedDetail: null,
    pausedAt: null,
  })
  expect(toChannel((await inside((tx) => findChannel(tx, channelId)))!, testKey).secret).toBe(eva.password)
  expect(await jobsFor(replyId)).toBe(1)
})

async function aWaitingReply(workspaceId: string, channelId: string): Promise<string> {
  const [replyId, caseId, authorId] = [newId(), newId(), newId()]
  await sql`insert into authors (workspace_id, author_id, network, account_id)
    values (${workspaceId}, ${authorId}, 'bluesky', 'did:plc:kim')`.execute(it.owner)
  await sql`insert into cases (workspace_id, case_id, number, network, thread_uri, author_id, status, opened_at,
      last_said_at, kind, urgency, language, triage)
    values (${workspaceId}, ${caseId}, 1, 'bluesky', 'at://kim/1', ${authorId}, 'open', now(), now(), 'complaint', 1,
      'en', '{}')`.execute(it.owner)
  await sql`insert into replies (workspace_id, reply_id, case_id, channel_id, by_agent_id, text, thread_uri, parent_uri, frozen_key,
      frozen_uri, frozen_record, send_after)
    values (${workspaceId}, ${replyId}, ${caseId}, ${channelId}, ${newId()}, 'On its way.', 'at://kim/1', 'at://kim/1', 'k', 'at://us/k',
      '{}', now())`.execute(it.owner)
  return replyId
}

async function jobsFor(replyId: string): Promise<number> {
  const found = await findOne(
    it.owner,
    sql<{ count: number }>`select count(*) as count from graphile_worker._private_jobs
      where payload::text like ${`%${replyId}%`}`,
  )
  return found?.count ?? 0
}

test('an agent of one workspace gets not-found for a channel of another', async () => {
  const ben = await pds.makeAccount('bencare')
  const theirs = await anAdmin()
  const ours = await anAdmin()
  const { channelId } = (await theirs.connect(ben.handle, ben.appPassword)).json()

  const renewed = await ours.call('PUT', `/api/channels/${channelId}/secret`, {
    appPassword: ben.appPassword,
  })
  const removed = await ours.call('DELETE', `/api/channels/${channelId}`)
  const alsoOurs = await ours.connect(ben.handle, ben.appPassword)

  expect([renewed.statusCode, removed.statusCode]).toEqual([404, 404])
  expect((await theirs.call('GET', '/api/channels')).json()).toMatchObject([{ channelId, state: 'open' }])
  expect(alsoOurs.json().channelId).not.toBe(channelId)
})

test('only admins connect, renew and remove', async () => {
  const { call, connect, agentId } = await anAdmin()
  await sql`update agents set role = 'agent' where agent_id = ${agentId}`.execute(it.owner)

  const answers = [
    await connect('any.test', 'password'),
    await call('PUT', `/api/channels/${agentId}/secret`, { appPassword: 'password' }),
    await call('DELETE', `/api/channels/${agentId}`),
  ]

  expect(answers.map((answer) => answer.json().code)).toEqual(['not-allowed', 'not-allowed', 'not-allowed'])
})

test('a workspace answers from two hundred accounts at most', async () => {
  const kim = await pds.makeAccount('kimmany')
  const { connect, call, workspaceId } = await anAdmin()
  await sql`insert into channels (workspace_id, network, account_id, handle, service_url, sealed_secret)
    select ${workspaceId}, 'bluesky', 'did:plc:' || n, 'acme' || n || '.example', 'https://pds.test', 'sealed'
    from generate_series(1, 200) n`.execute(it.owner)

  const answer = await connect(kim.handle, kim.appPassword)

  expect(answer.json()).toMatchObject({ code: 'too-many-channels' })
  expect((await call('GET', '/api/channels')).json()).toHaveLength(200)
})
