/**
 * Every event type of the list comes from a real change and says what its schema says; every event of a case and every
 * state of a thing has a type. A new one without a schema fails here.
 */
import { globSync, readFileSync } from 'node:fs'
import { type RawBuilder, sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { newId } from '../src/base/clock.ts'
import { findAll, json, type Tx } from '../src/base/db.ts'
import { openApiOf } from '../src/base/openapi.ts'
import { addPing } from '../src/base/webhook.sql.ts'
import { bodyOf, type WebhookType, webhookEvents, webhookTypes } from '../src/base/webhook-events.ts'
import { changeCase } from '../src/cases/case.sql.ts'
import { answerSent } from '../src/cases/case.ts'
import { closeCase, reopenCase } from '../src/cases/case-closing.ts'
import { freshDb, type TestDb } from './db.ts'
import { aRehearsedScene } from './replies.ts'
import { aDestination } from './webhooks.ts'

type Told = { type: string; about: string; data: Record<string, unknown>; at: Date; eventId: string }
type Scene = Awaited<ReturnType<typeof aRehearsedScene>>

const secretWord = 'kingfisher'
let it: TestDb
let scene: Scene
let destinationId: string

beforeAll(async () => {
  it = await freshDb()
  scene = await aRehearsedScene(it, `${secretWord}: my parcel never came`)
  destinationId = (await aDestination(it, scene.workspaceId, { url: 'https://hooks.example' })).destinationId
})
afterAll(() => it[Symbol.asyncDispose]())

const told = () =>
  findAll(
    it.owner,
    sql<Told>`select type, about, data, at, event_id from webhook_deliveries
      where destination_id = ${destinationId} order by event_id`,
  )
const run = (...changes: RawBuilder<unknown>[]) =>
  scene.run(async (tx) => {
    for (const change of changes) await change.execute(tx)
  })
/** With every column that people write in filled with a word that must not come out. */
const w = secretWord

test('every type is told by a real change, in the shape that the documentation gives it', async () => {
  await everything()

  const all = await told()
  const missing = webhookTypes.filter((type) => !all.some((one) => one.type === type))
  expect(missing).toEqual([])
  expect([...new Set(all.map((one) => one.type))].filter((type) => !(type in webhookEvents))).toEqual([])
  for (const { type, at, data } of all) {
    const body = { type, timestamp: at.toISOString(), sequence: 1, workspaceId: scene.workspaceId, data }
    const read = bodyOf(type as WebhookType).safeParse(body)
    expect(read.error && z.prettifyError(read.error), `${type} ${JSON.stringify(data)}`).toBeUndefined()
    expect(JSON.stringify(data).includes(secretWord), type).toBe(false)
  }
})

test('what is about a case says so, so that it comes in order', async () => {
  const all = await told()
  const ofCase = all.filter((one) => 'caseId' in one.data && one.data.caseId !== null)

  expect(ofCase.length).toBeGreaterThan(20)
  expect(ofCase.filter((one) => one.about !== one.data.caseId)).toEqual([])
})

test('no field of any event can hold a sentence', () => {
  const sentence = 'my parcel never came, call +44 20 7946 0958'
  for (const type of webhookTypes) {
    const shape = (webhookEvents[type].data as z.ZodObject).shape
    for (const [name, field] of Object.entries(shape)) {
      if (name === 'sourceId') continue
      expect(field.safeParse(sentence).success, `${type} ${name}`).toBe(false)
    }
  }
})

test('every event of a case has a type, and so has every state of what has one', async () => {
  const missing = (await findKinds()).filter((type) => !(type in webhookEvents))

  expect(missing).toEqual([])
  expect((await findKinds()).length).toBeGreaterThan(35)
})

test('the documentation has every event with its body and headers', () => {
  const { webhooks, components } = openApiOf([], '1')

  expect(Object.keys(webhooks)).toEqual(webhookTypes)
  for (const [type, { post }] of Object.entries(webhooks)) {
    const { properties, required } = post.requestBody!.content['application/json']!.schema
    expect(required, type).toEqual(['type', 'timestamp', 'sequence', 'workspaceId', 'data'])
    expect(components.schemas[properties!.data!.$ref!.split('/').at(-1)!]?.type, type).toBe('object')
    expect(post.parameters!.map((it) => ('name' in it ? it.name : it.$ref))).toEqual([
      'webhook-id',
      'webhook-timestamp',
      'webhook-signature',
    ])
  }
})

test('a destination is told what it asked for, and a disabled one nothing', async () => {
  const some = await aDestination(it, scene.workspaceId, { url: 'https://a.example', types: ['watch.added'] })
  const off = await aDestination(it, scene.workspaceId, { url: 'https://b.example' })
  await run(
    sql`update webhook_destinations set state = 'disabled' where destination_id = ${off.destinationId}`,
    sql`delete from webhook_deliveries where destination_id = ${off.destinationId}`,
    sql`insert into watches (workspace_id, name, terms) values (current_workspace(), ${w}, '{}')`,
    sql`update watches set removed_at = now()`,
  )

  const rows = await findAll(
    it.owner,
    sql<{ type: string; id: string }>`select type, destination_id as id from webhook_deliveries
      where destination_id in (${some.destinationId}, ${off.destinationId})`,
  )
  expect(rows).toEqual([{ type: 'watch.added', id: some.destinationId }])
})

test('one event has one id wherever it goes', async () => {
  const other = await aDestination(it, scene.workspaceId, {
    url: 'https://c.example',
    types: ['watch.added'],
  })
  await run(sql`insert into watches (workspace_id, name, terms) values (current_workspace(), ${w}, '{}')`)

  const [here] = await findAll(
    it.owner,
    sql<{
      eventId: string
    }>`select event_id from webhook_deliveries where destination_id = ${other.destinationId}`,
  )
  expect((await told()).at(-1)!.eventId).toBe(here!.eventId)
})

test('nobody else is told: another workspace’s destination hears nothing of this one', async () => {
  const other = await aRehearsedScene(it)
  const { destinationId: theirs } = await aDestination(it, other.workspaceId, { url: 'https://d.example' })
  await run(sql`insert into watches (workspace_id, name, terms) values (current_workspace(), ${w}, '{}')`)
  // A source is the installation's: only who listens there is told.
  await sql`update sources set state = 'stopped' where source_id = ${scene.sourceId}`.execute(it.owner)

  expect(
    await findAll(it.owner, sql`select type from webhook_deliveries where destination_id = ${theirs}`),
  ).toEqual([])
})

// ---------------------------------------------------------------- what there is

/** Types as the code that writes them and the checks of the database name them. */
async function findKinds(): Promise<string[]> {
  const files = globSync('src/{cases,reply,staff,people,listen,match,portable}/**/*.ts', {
    exclude: ['**/*.test.ts'],
  })
  const written = files
    .map((path) => readFileSync(path, 'utf8'))
    .filter((code) => /case_events|CaseEvent|ReplyEvent|FileEvent/.test(code))
    .flatMap((code) => [
      ...wordsIn(code, /type(?:\??:| [A-Z]\w*Event =)\s*((?:\|?\s*'[a-z]+(?:-[a-z]+)*'\s*)+)/g),
      ...wordsIn(code, /insert into case_events[^`]*?case(?:_id|Id\}?"?), ('[a-z-]+'),/g),
    ])
  const ofCases = [...new Set(written)]
    // Replies and posts tell of themselves; what is carried in from elsewhere is told to nobody.
    .filter((word) => !/^(reply|post)-|^imported$/.test(word))
    .map((word) => `case.${word}`)
  const states = await findAll(
    it.owner,
    sql<{
      name: string
      rule: string
    }>`select conrelid::regclass::text as name, pg_get_constraintdef(oid) as rule
      from pg_constraint where contype = 'c' and conkey = array[(select attnum from pg_attribute
        where attrelid = conrelid and attname = 'state')]
        and conrelid in (${sql.join(Object.keys(groups).map((name) => sql`${name}::regclass`))})`,
  )
  return [
    ...ofCases,
    ...states.flatMap(({ name, rule }) =>
      [...rule.matchAll(/'([a-z-]+)'/g)].map((found) => `${groups[name]}.${found[1]}`),
    ),
  ]
}
const groups: Record<string, string> = {
  replies: 'reply',
  channels: 'channel',
  sources: 'source',
  webhook_destinations: 'webhook',
  contact_points: 'contact-point',
  carries: 'carry',
}
const wordsIn = (code: string, pattern: RegExp) =>
  [...code.matchAll(pattern)].flatMap((found) =>
    [...found[1]!.matchAll(/'([a-z]+(?:-[a-z]+)*)'/g)].map((it) => it[1]!),
  )

// ---------------------------------------------------------------- real changes

async function caseEvent(tx: Tx, type: string, detail: object): Promise<void> {
  await sql`insert into case_events (workspace_id, case_id, type, detail, by_agent_id, at)
    values (current_workspace(), ${scene.caseId}, ${type}, ${json(detail)}, ${scene.agentId}, now())`.execute(
    tx,
  )
}

async function everything(): Promise<void> {
  await theCase()
  await replies()
  await posts()
  await people()
  await theHouse()
  await sources()
  await laterOnes()
}

async function theCase(): Promise<void> {
  const { caseId, agentId, run: inside } = scene
  const at = new Date()
  // One that is opened while the destination listens.
  await scene.anotherCase()
  await inside(async (tx) => {
    await changeCase(tx, caseId, (was) => answerSent(was, { replyId: null, sentAt: at }))
    await changeCase(tx, caseId, (was) =>
      closeCase(was, { outcome: 'declined', outcomeBy: 'us', reason: secretWord }, agentId, at),
    )
    await changeCase(tx, caseId, (was) => reopenCase(was, agentId, at))
    // What the history of a case says beside: as its writers do, one row each.
    for (const type of [
      'customer-wrote',
      'assigned',
      'urgency-rose',
      'kind-known',
      'returned',
      'team-changed',
    ])
      await caseEvent(tx, type, { postId: newId(), outcomeReason: secretWord, to: null })
    for (const type of ['file-added', 'file-removed']) await caseEvent(tx, type, { fileId: newId() })
    for (const type of ['asked', 'given', 'returned', 'withdrawn'])
      await caseEvent(tx, `approval-${type}`, { replyId: newId(), reason: secretWord })
    await sql`insert into notes (workspace_id, case_id, by_agent_id, text)
      values (current_workspace(), ${caseId}, ${agentId}, ${secretWord})`.execute(tx)
  })
}

async function posts(): Promise<void> {
  const { caseId } = scene
  const of = sql`where case_id = ${caseId}`
  await run(
    sql`update posts set edited_at = now(), text = ${w} ${of}`,
    sql`update posts set hidden_at = now() ${of}`,
    sql`update posts set hidden_at = null ${of}`,
    sql`update posts set text = null, embed = null, facets = '[]', deleted_at = now() ${of}`,
  )
}

async function replies(): Promise<void> {
  const waiting = await scene.queue(`${w}: we look into it.`, { undoMs: 600_000 })
  const states = ['sending', 'sent', 'refused', 'unknown', 'needs-person', 'undone', 'deleted-by-owner']
  for (const state of states)
    await run(sql`update replies set state = ${state}, detail = ${w} where reply_id = ${waiting.replyId}`)
  await run(sql`update replies set shown = 'hidden', shown_reason = ${w} where reply_id = ${waiting.replyId}`)
}

async function people(): Promise<void> {
  await run(
    sql`update authors set muted_at = now(), muted_reason = 'spam', display_name = ${w}`,
    sql`update authors set muted_at = null, muted_reason = null`,
    sql`update authors set status = 'suspended', handle = ${w}`,
  )
  const agentId = newId()
  const of = sql`where agent_id = ${agentId}`
  await run(
    sql`insert into agents (workspace_id, agent_id, user_id, name, email, role)
      values (current_workspace(), ${agentId}, ${agentId}, ${w}, ${`${w}@care.test`}, 'agent')`,
    sql`update agents set role = 'lead' ${of}`,
    sql`update agents set suspended_at = now() ${of}`,
    sql`update agents set suspended_at = null ${of}`,
    sql`update agents set capacity = 7, name = ${`${w} 2`} ${of}`,
    sql`update agents set away_since = now() ${of}`,
    sql`update agents set away_since = null ${of}`,
    sql`insert into absences (workspace_id, agent_id, starts_at, ends_at, note, noted_by)
      values (current_workspace(), ${agentId}, now(), now() + interval '1 day', ${w}, ${agentId})`,
    sql`update absences set ended_at = now()`,
    sql`insert into invitations (workspace_id, email, role, sees, token_digest, mail_state, invited_by, created_at,
        expires_at)
      values (current_workspace(), ${`${w}@new.test`}, 'agent', 'workspace', '\\x00', 'none', ${agentId}, now(), now())`,
    sql`update invitations set token_digest = '\\x01'`,
    sql`update invitations set accepted_at = now()`,
    sql`update invitations set revoked_at = now()`,
    sql`insert into roles (workspace_id, name, may, copied_from) values (current_workspace(), ${w}, '{}', 'agent')`,
    sql`update roles set name = ${`${w} 2`}`,
    sql`delete from roles`,
    sql`insert into teams (workspace_id, name) values (current_workspace(), ${w})`,
    sql`update teams set name = ${`${w} 2`}`,
    sql`insert into team_agents (workspace_id, team_id, agent_id)
      select workspace_id, team_id, ${agentId} from teams`,
    sql`insert into team_channels (workspace_id, team_id, channel_id)
      select workspace_id, team_id, ${scene.channelId} from teams`,
    sql`delete from team_agents`,
    sql`delete from team_channels`,
    sql`update teams set removed_at = now()`,
  )
}

async function theHouse(): Promise<void> {
  const of = sql`where channel_id = ${scene.channelId}`
  await run(
    sql`update channels set state = 'paused', paused_reason = 'deactivated', paused_detail = ${w} ${of}`,
    sql`update channels set state = 'open', paused_reason = null ${of}`,
    sql`update channels set sealed_secret = ${`${w} 2`}, needs_approval = not needs_approval ${of}`,
    sql`update channels set removed_at = now() ${of}`,
    sql`update channels set removed_at = null ${of}`,
    sql`insert into watches (workspace_id, name, terms) values (current_workspace(), ${w}, ${json({ words: [w] })})`,
    sql`update watches set name = ${`${w} 2`}`,
    sql`update watches set removed_at = now()`,
    sql`update workspaces set brand = ${w}`,
  )
  const other = await aDestination(it, scene.workspaceId, { url: `https://${w}.example` })
  for (const state of ['paused', 'disabled', 'on'])
    await run(
      sql`update webhook_destinations set state = ${state} where destination_id = ${other.destinationId}`,
    )
  await run(
    sql`update webhook_destinations set overflowing_since = now() where destination_id = ${other.destinationId}`,
  )
  const sameId = sql`where destination_id = ${other.destinationId}`
  await run(
    sql`update webhook_destinations set sealed_secret = ${w}, name = ${w} ${sameId}`,
    sql`delete from webhook_destinations ${sameId}`,
    sql`insert into sso_providers (workspace_id, provider_id, name, issuer, client_id, sealed_secret, domains, created_at)
      values (current_workspace(), ${newId()}, ${w}, ${w}, ${w}, ${w}, ${[w]}, now())`,
    sql`update sso_providers set name = ${`${w} 2`}`,
    sql`delete from sso_providers`,
  )
  await scene.run((tx) => addPing(tx, destinationId, scene.agentId, new Date()))
}

async function sources(): Promise<void> {
  const { sourceId } = scene
  for (const state of ['stopped', 'needs-decision', 'running'])
    await sql`update sources set state = ${state}, state_reason = ${w} where source_id = ${sourceId}`.execute(
      it.db,
    )
  await sql`insert into gaps (source_id, cause) values (${sourceId}, ${w})`.execute(it.db)
  await sql`update gaps set filled_at = now() where source_id = ${sourceId}`.execute(it.db)
  await run(
    sql`delete from workspace_sources where source_id = ${sourceId}`,
    sql`insert into workspace_sources (workspace_id, source_id) values (current_workspace(), ${sourceId})`,
  )
}

async function laterOnes(): Promise<void> {
  const { workspaceId, agentId } = scene
  const pointId = newId()
  const provenanceId = newId()
  const authors = sql`(select author_id from authors where workspace_id = ${workspaceId} limit 1)`
  for (const change of [
    sql`insert into alerts (workspace_id, kind, agent_id, found, usual, day, noticed_at)
      values (${workspaceId}, 'many-people', ${agentId}, 9, 1, now(), now())`,
    sql`update alerts set acknowledged_at = now() where workspace_id = ${workspaceId}`,
    sql`insert into api_keys (workspace_id, agent_id, name, may, digest, hint, expires_at)
      values (${workspaceId}, ${agentId}, ${w}, '{}', '\\x01', 'evh_', now())`,
    sql`update api_keys set ended_at = now() where workspace_id = ${workspaceId}`,
    sql`with p as (insert into provenances (workspace_id, provenance_id, contact_point_id, how, source, basis, at)
        values (${workspaceId}, ${provenanceId}, ${pointId}, 'wrote', ${w}, ${w}, now()))
      insert into contact_points (workspace_id, contact_point_id, author_id, kind, value, provenance_id)
      values (${workspaceId}, ${pointId}, ${authors}, 'email', ${w}, ${provenanceId})`,
    sql`update contact_points set state = 'confirmed', confirmation_id = ${provenanceId}
      where contact_point_id = ${pointId}`,
    sql`update contact_points set state = 'withdrawn' where contact_point_id = ${pointId}`,
    sql`insert into carries (workspace_id, direction, kind, file_name, state, by_agent_id)
      values (${workspaceId}, 'in', 'zendesk', ${w}, 'reading', ${agentId})`,
    ...['read', 'running', 'done', 'failed'].map(
      (state) => sql`update carries set state = ${state}, problem = ${w} where workspace_id = ${workspaceId}`,
    ),
  ])
    await change.execute(it.owner)
}
