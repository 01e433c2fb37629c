/** Beginning to listen, and deciding how a stopped stream goes on. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { testKey } from '../../test/key.ts'
import { findAll, inWorkspace } from '../base/db.ts'
import { makeOutside } from '../base/outside.ts'
import { findChannels, toChannel } from '../connectors/channel.sql.ts'
import type { Connectors } from '../connectors/connector.ts'
import { makeRehearsal } from '../connectors/rehearsal/rehearsal.ts'
import { addWatch, watchRoutes } from '../match/watch.routes.ts'
import { sourceRoutes } from './source.routes.ts'

let it: TestDb
let house: TestApp
beforeAll(async () => {
  it = await freshDb()
  const rehearsal = makeRehearsal()
  const tools = {
    // Nothing here speaks to Bluesky.
    connectors: { rehearsal, bluesky: rehearsal } satisfies Connectors,
    outside: makeOutside([]),
    master: testKey,
    jetstreamUrl: 'wss://jetstream.example/',
    addWatch,
  }
  house = await testApp(it, {
    rooms: (mount) => {
      sourceRoutes(mount, tools)
      watchRoutes(mount)
    },
  })
})
afterAll(async () => {
  await house.app.close()
  await it[Symbol.asyncDispose]()
})

async function anAdmin() {
  const agent = await aWorkspace(it.db)
  const headers = await house.signIn(agent)
  type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
  const call = (method: Method, url: string, payload?: object) =>
    house.app.inject({ method, url, headers, ...(payload ? { payload } : {}) })
  return { ...agent, call }
}

test('where the operator wants no public stream, one is listened to only by its address', async () => {
  const rehearsal = makeRehearsal()
  const tools = { connectors: { rehearsal, bluesky: rehearsal }, outside: makeOutside([]), master: testKey }
  const own = await testApp(it, {
    rooms: (mount) => sourceRoutes(mount, { ...tools, jetstreamUrl: null, addWatch }),
  })
  const headers = await own.signIn(await aWorkspace(it.db))
  const listen = (address?: string) =>
    own.app.inject({ method: 'POST', url: '/api/sources', headers, payload: { words: ['Acme'], address } })

  const unnamed = await listen()
  const named = await listen('wss://jetstream.example')
  await own.app.close()

  expect([unnamed.statusCode, unnamed.json().code]).toEqual([400, 'bad-input'])
  expect(named.json()).toMatchObject({ sourceId: 'jetstream wss://jetstream.example' })
})

test('listening to Bluesky needs words and no account: a watch and the public stream', async () => {
  const { call } = await anAdmin()

  const answer = await call('POST', '/api/sources', {
    words: ['Acme', '@acme.example', '#acmefail', 'acme.example'],
  })
  const watches = (await call('GET', '/api/watches')).json()
  const me = (await call('GET', '/api/me')).json()

  expect(answer.json()).toEqual({
    sourceId: 'jetstream wss://jetstream.example',
    kind: 'jetstream',
    address: 'wss://jetstream.example',
    state: 'running',
    stateReason: null,
    lastHeardAt: null,
    lastSaidAt: null,
    gaps: [],
    deadLetters: 0,
  })
  expect(watches).toMatchObject([
    {
      name: 'Acme, @acme.example, #acmefail, acme.example',
      terms: {
        words: ['Acme'],
        handles: ['acme.example'],
        hashtags: ['acmefail'],
        domains: ['acme.example'],
        exclusions: [],
      },
    },
  ])
  expect(me.begun).toBe(true)
})

test('pressing twice listens once', async () => {
  const { call } = await anAdmin()
  const words = ['Acme']

  await call('POST', '/api/sources', { words })
  await call('POST', '/api/sources', { words })

  expect((await call('GET', '/api/sources')).json()).toHaveLength(1)
  expect((await call('GET', '/api/watches')).json()).toHaveLength(1)
})

test('two workspaces on one stream share it, and each sees only its own list', async () => {
  const ours = await anAdmin()
  const theirs = await anAdmin()
  const address = 'wss://shared.example'

  await Promise.all([ours, theirs].map((it) => it.call('POST', '/api/sources', { words: ['Acme'], address })))
  await theirs.call('POST', '/api/sources', { words: ['Acme'], address: 'wss://theirs.example' })

  const seen = (await ours.call('GET', '/api/sources')).json() as { sourceId: string }[]
  const rows = await findAll(it.owner, sql`select 1 from sources where address = ${address}`)
  expect(seen.map((row) => row.sourceId)).toEqual(['jetstream wss://shared.example'])
  expect(rows).toHaveLength(1)
})

test('what cannot be listened to is refused, and nothing begins', async () => {
  const { call } = await anAdmin()

  const answers = await Promise.all([
    call('POST', '/api/sources', { words: ['Acme'], address: 'ws://127.0.0.1:6008' }),
    call('POST', '/api/sources', { words: ['Acme'], address: 'https://jetstream.example' }),
    call('POST', '/api/sources', { words: ['a'] }),
    call('POST', '/api/sources', { words: ['@'] }),
    call('POST', '/api/sources', { words: [`#${'x'.repeat(150)}`] }),
  ])

  expect(answers.map((answer) => answer.json().code)).toEqual([
    'address-not-allowed',
    'bad-input',
    'watch-too-wide',
    'watch-empty',
    'bad-input',
  ])
  expect((await call('GET', '/api/sources')).json()).toEqual([])
  expect((await call('GET', '/api/watches')).json()).toEqual([])
})

test('a source is listed with what it missed and what could not be read', async () => {
  const { call } = await anAdmin()
  const address = 'wss://gaps.example'
  const { sourceId } = (await call('POST', '/api/sources', { words: ['Acme'], address })).json()
  await sql`insert into gaps (source_id, cause, noticed_at) values
    (${sourceId}, 'outdated-cursor', '2026-11-02T09:00:00Z'), (${sourceId}, 'host-changed', '2026-11-02T10:00:00Z')`.execute(
    it.owner,
  )
  await sql`insert into dead_letters (source_id, digest, raw, error) values (${sourceId}, 'x', 'x', 'no CBOR')`.execute(
    it.owner,
  )

  const [row] = (await call('GET', '/api/sources')).json()

  expect(row.deadLetters).toBe(1)
  expect(row.gaps).toEqual([
    { cause: 'host-changed', noticedAt: '2026-11-02T10:00:00.000Z', filledAt: null },
    { cause: 'outdated-cursor', noticedAt: '2026-11-02T09:00:00.000Z', filledAt: null },
  ])
})

async function aStoppedSource(address: string) {
  const admin = await anAdmin()
  const { sourceId } = (await admin.call('POST', '/api/sources', { words: ['Acme'], address })).json()
  await sql`update sources set state = 'needs-decision', state_reason = 'future-cursor', cursor = '900'
    where source_id = ${sourceId}`.execute(it.owner)
  const decide = (from: 'now' | 'start') => admin.call('PUT', '/api/source-decision', { sourceId, from })
  const look = async () =>
    (
      await sql<{ state: string; cursor: string | null; cursorHost: string | null; gaps: string[] }>`
        select state, cursor, cursor_host, array(select cause || ' ' || from_cursor from gaps
          where gaps.source_id = sources.source_id) as gaps from sources where source_id = ${sourceId}`.execute(
        it.owner,
      )
    ).rows[0]
  return { ...admin, sourceId, decide, look }
}

test('going on from now forgets the bookmark and writes down what was missed', async () => {
  const { decide, look } = await aStoppedSource('wss://now.example')

  const answer = await decide('now')

  expect(answer.json()).toEqual({ done: true })
  expect(await look()).toEqual({
    state: 'running',
    cursor: null,
    cursorHost: null,
    gaps: ['decided 900'],
  })
})

test('going on from the start asks the same host for everything that it still has', async () => {
  const { decide, look } = await aStoppedSource('wss://start.example:8080')

  await decide('start')

  expect(await look()).toEqual({ state: 'running', cursor: '0', cursorHost: 'start.example:8080', gaps: [] })
})

test('a decision is made once, also when two admins press at the same moment', async () => {
  const { decide, look } = await aStoppedSource('wss://race.example')

  const answers = await Promise.all([decide('now'), decide('now'), decide('start')])

  expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 409, 409])
  expect((await look())?.gaps.length).toBeLessThanOrEqual(1)
})

test('nobody decides for a source of another workspace', async () => {
  const { sourceId, look } = await aStoppedSource('wss://walls.example')
  const stranger = await anAdmin()

  const answer = await stranger.call('PUT', '/api/source-decision', { sourceId, from: 'now' })

  expect([answer.statusCode, answer.json().code]).toEqual([404, 'not-found'])
  expect((await look())?.state).toBe('needs-decision')
})

test('a rehearsal gives the workspace an account, a watch and a stream of its own, once', async () => {
  const { call, workspaceId } = await anAdmin()

  const answers = await Promise.all([call('POST', '/api/rehearsal', {}), call('POST', '/api/rehearsal', {})])
  const sources = (await call('GET', '/api/sources')).json()
  const watches = (await call('GET', '/api/watches')).json()
  const channels = await inWorkspace(it.db, workspaceId, findChannels)

  expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 409])
  expect(sources).toMatchObject([
    { sourceId: `rehearsal ${workspaceId}`, kind: 'rehearsal', state: 'running' },
  ])
  expect(watches).toMatchObject([{ name: 'Fernhill Bikes' }])
  expect(channels.map((row) => toChannel(row, testKey))).toMatchObject([
    { network: 'rehearsal', handle: 'fernhill.rehearsal', accountId: 'did:rehearsal:fernhill' },
  ])
})

test('only admins begin, decide and rehearse', async () => {
  const { call, agentId } = await anAdmin()
  await sql`update agents set role = 'lead' where agent_id = ${agentId}`.execute(it.owner)

  const answers = await Promise.all([
    call('POST', '/api/sources', { words: ['Acme'] }),
    call('PUT', '/api/source-decision', { sourceId: 'jetstream wss://x.example', from: 'now' }),
    call('POST', '/api/rehearsal', {}),
  ])

  expect(answers.map((answer) => answer.json().code)).toEqual(['not-allowed', 'not-allowed', 'not-allowed'])
})
