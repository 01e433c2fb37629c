/** Out and in again: the same workspace under the same ids, but for differences that are named here one by one. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDb, type TestDb } from '../../test/db.ts'
import { aPlace } from '../../test/walls/place.ts'
import { newId } from '../base/clock.ts'
import { findAll, inWorkspace } from '../base/db.ts'
import { appendAudit } from '../staff/audit.sql.ts'
import { sealWorkspace, verifyWorkspace } from '../staff/audit-seal.jobs.ts'
import { createHouse, isSetUp } from '../staff/house.sql.ts'
import type { ExportManifest } from './archive.ts'
import { exportWorkspace } from './export.jobs.ts'
import { importWorkspace } from './import.jobs.ts'
import { openZip } from './zip-in.ts'

const canary = 'canary-4b1f'
const limits = { files: 100, bytes: 1e9, ratio: 1e4 }
const now = () => new Date('2026-11-23T10:00:00Z')
let from: TestDb
let into: TestDb
let folder: string
let workspaceId: string
let first: ExportManifest
const fileId = newId()
beforeAll(async () => {
  from = await freshDb()
  into = await freshDb()
  folder = mkdtempSync(join(tmpdir(), 'evenhand-carry-'))
  workspaceId = await furnish()
  first = await exportWorkspace({ db: from.db, now }, { workspaceId, agentId: null, file: file('a') })
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await from[Symbol.asyncDispose]()
  await into[Symbol.asyncDispose]()
})
const file = (name: string) => join(folder, `${name}.zip`)

async function furnish(): Promise<string> {
  const { place } = await aPlace(from, 'heron')
  await aPlace(from, 'kestrel')
  await sql`update files set sha256 = sha256(content)`.execute(from.owner)
  await sql`update channels set sealed_secret = ${canary}`.execute(from.owner)
  await inWorkspace(from.db, place.workspaceId, async (tx) => {
    for (let n = 0; n < 5; n++)
      await appendAudit(tx, { act: 'note.written', at: now(), byAgentId: place.agentId, content: { n } })
    const gone = sql`insert into posts (workspace_id, network, uri, cid, rev, thread_uri, author_account_id, said_at,
      deleted_at) values (${place.workspaceId}, 'bluesky', 'at://gone/1', '', '1', 'at://gone/1', 'did:plc:gone', now(), now())`
    await gone.execute(tx)
    const point = newId()
    await sql`with p as (insert into provenances (workspace_id, contact_point_id, how, source, basis, at)
        values (${place.workspaceId}, ${point}, 'wrote', 'mail 1', 'they wrote to us', now()) returning provenance_id)
      insert into contact_points (workspace_id, contact_point_id, author_id, kind, value, provenance_id, state, confirmation_id)
      select ${place.workspaceId}, ${point}, ${place.authorId}, 'email', 'kim@example.test', provenance_id, 'confirmed', provenance_id
      from p`.execute(tx)
    await sql`insert into files (workspace_id, file_id, case_id, name, media_type, size, sha256, content, by_agent_id)
      values (${place.workspaceId}, ${fileId}, ${place.caseId}, 'a.txt', 'text/plain', 9,
        sha256('a picture'::bytea), 'a picture'::bytea, ${place.agentId})`.execute(tx)
    await sql`insert into teams (workspace_id, name) values (${place.workspaceId}, 'Night')`.execute(tx)
    await sql`insert into team_agents (workspace_id, team_id, agent_id)
      select workspace_id, team_id, ${place.agentId} from teams`.execute(tx)
  })
  await sql`insert into idempotency_keys (workspace_id, holder_id, key, request_digest, sealed_answer)
    values (${place.workspaceId}, ${place.agentId}, ${canary}, 'x', ${canary})`.execute(from.owner)
  while ((await sealWorkspace(from.db, place.workspaceId)) > 0);
  return place.workspaceId
}

async function linesOf(name: string, table: string): Promise<Record<string, unknown>[]> {
  await using zip = await openZip(file(name), limits)
  return (await Array.fromAsync(zip.lines(`${table}.jsonl`, 1e7))).map((it) => JSON.parse(it))
}

test('an export holds the workspace, nothing of another one, and no secret', async () => {
  await using zip = await openZip(file('a'), limits)
  const all = (await Promise.all(zip.names.map((it) => zip.text(it, 1e8)))).join('\n')

  expect(first.kinds.find((it) => it.table === 'posts')!.rows).toBeGreaterThan(1)
  expect(all).toContain('heron')
  expect(all).not.toContain('kestrel')
  expect(all).not.toContain(canary)
  const posts = await linesOf('a', 'posts')
  expect(posts.find((it) => it.uri === 'at://gone/1')).toMatchObject({ text: null, embed: null })
  expect(first.leftOut.sealed_reach).toMatch(/^sealed/)
  expect(statSync(file('a')).mode & 0o777).toBe(0o600)
})

/** A program that would be told of all, from the workspace's first moment on. */
const listenToAll = ({ owner }: TestDb) =>
  sql`create function listen_to_all() returns trigger language plpgsql as $$ begin
      insert into webhook_destinations (workspace_id, name, url, sealed_secret)
        values (new.workspace_id, 'All', 'https://hook.test', 'sealed');
      return null;
    end $$;
    create trigger listen_to_all after insert on workspaces for each row execute function listen_to_all()`.execute(
    owner,
  )

test('what is carried in is history: no other program is told of it as news', async () => {
  await using elsewhere = await freshDb()
  await listenToAll(elsewhere)

  await importWorkspace({ db: elsewhere.db }, file('a'))

  expect(await findAll(elsewhere.owner, sql`select name from webhook_destinations`)).toEqual([
    { name: 'All' },
  ])
  expect(await findAll(elsewhere.owner, sql`select type from webhook_deliveries`)).toEqual([])
})

test('imported and exported again it is the same, but for what is named', async () => {
  const done = await importWorkspace({ db: into.db }, file('a'))
  const again = await exportWorkspace({ db: into.db, now }, { workspaceId, agentId: null, file: file('b') })

  expect(done.notImported.map((it) => it.split(':')[0])).toEqual([
    'carries',
    'webhook_destinations',
    'workspace_sources',
  ])
  const differing = first.kinds
    .filter((it) => again.kinds.find((other) => other.table === it.table)?.sha256 !== it.sha256)
    .map((it) => it.table)
  expect(differing.sort()).toEqual([
    'approvals',
    'carries',
    'case_events',
    'channels',
    'drafts',
    'replies',
    'webhook_destinations',
    'workspace_sources',
  ])
  await using zip = await openZip(file('b'), limits)
  expect((await zip.text(`files/${fileId}`, 100)).toString()).toBe('a picture')
  expect(again.workspace).toEqual(first.workspace)
  const channels = await linesOf('b', 'channels')
  expect(channels.map((it) => [it.state, it.paused_reason])).toEqual([['paused', 'imported']])
  const states = async (name: string) =>
    Object.fromEntries((await linesOf(name, 'replies')).map((it) => [it.reply_id, [it.state, it.detail]]))
  const [before, after] = [await states('a'), await states('b')]
  for (const [id, [state, detail]] of Object.entries(before) as [string, [string, string | null]][]) {
    const isOpen = ['queued', 'sending', 'unknown'].includes(state)
    expect(after[id]).toEqual(isOpen ? ['needs-person', 'imported'] : [state, detail])
  }
  expect(Object.values(before)).toContainEqual(['queued', null])
})

test('words that waited for a second person are back with their author: approved elsewhere, they are not said twice', async () => {
  const [before, after] = [await linesOf('a', 'approvals'), await linesOf('b', 'approvals')]
  const waited = before.filter((it) => it.decision === null)
  const drafts = await linesOf('b', 'drafts')

  expect(waited.length).toBeGreaterThan(0)
  expect(after.filter((it) => it.decision === null)).toEqual([])
  for (const it of waited)
    expect(drafts).toContainEqual(expect.objectContaining({ agent_id: it.by_agent_id }))
  const events = (await linesOf('b', 'case_events')).filter((it) => it.type === 'approval-withdrawn')
  expect(events.map((it) => it.detail)).toContainEqual({ replyId: waited[0]!.reply_id, reason: 'imported' })
})

test('after an import the chain of the audit log holds, nothing is queued, and no secret is there', async () => {
  const verdict = await verifyWorkspace(into.db, workspaceId, now())

  expect(verdict).toMatchObject({ broken: null, late: { count: 0 } })
  expect(verdict.sealed).toBeGreaterThanOrEqual(5)
  expect(await findAll(into.owner, sql`select 1 from audit_unsealed`)).toEqual([])
  expect(await findAll(into.owner, sql`select 1 from graphile_worker._private_jobs`)).toEqual([])
  expect(await findAll(into.owner, sql`select distinct sealed_secret from channels`)).toEqual([
    { sealedSecret: '' },
  ])
})

test('its agents have no way in; the set-up link makes its opener one of them, by their address', async () => {
  expect(await isSetUp(into.db)).toBe(false)
  const ana = (
    await findAll(into.owner, sql<{ agentId: string; email: string; userId: string }>`select * from agents`)
  )[0]!
  expect(ana.userId).toBe(`imported:${ana.agentId}`)

  const made = await into.db.transaction().execute((tx) =>
    createHouse(tx, {
      brand: 'x',
      timeZone: 'Europe/London',
      name: 'Ana Ruiz',
      email: ana.email.toUpperCase(),
      passwordHash: 'h',
      at: now(),
    }),
  )

  expect(made).toMatchObject({ workspaceId, agentId: ana.agentId })
  expect(await isSetUp(into.db)).toBe(true)
  expect(
    await findAll(into.owner, sql`select agent_id, role from agents where user_id = ${made.userId}`),
  ).toEqual([{ agentId: ana.agentId, role: 'admin' }])
})

test('a file of ten megabytes that are one letter comes in again', async () => {
  await using elsewhere = await freshDb()
  await using back = await freshDb()
  const { place } = await aPlace(elsewhere, 'heron')
  const content = Buffer.alloc(10 * 1024 * 1024, 'a')
  await sql`update files set sha256 = sha256(content)`.execute(elsewhere.owner)
  await sql`update files set content = ${content}, size = ${content.length}, sha256 = sha256(${content})
    where file_id = ${place.fileId}`.execute(elsewhere.owner)
  // Posts may be as long and as dull: an import of another help desk takes them as they are.
  await sql`update posts set text = repeat('a', 5000000) where workspace_id = ${place.workspaceId}
    and deleted_at is null`.execute(elsewhere.owner)
  await exportWorkspace(
    { db: elsewhere.db, now },
    { workspaceId: place.workspaceId, agentId: null, file: file('dull') },
  )

  await importWorkspace({ db: back.db }, file('dull'))

  const found = sql`select sha256(content) = sha256(${content}) as same from files where file_id = ${place.fileId}`
  expect(await findAll(back.owner, found)).toEqual([{ same: true }])
})

test('where a workspace is already, nothing is imported', async () => {
  await expect(importWorkspace({ db: into.db }, file('a'))).rejects.toThrow('is set up already')
})
