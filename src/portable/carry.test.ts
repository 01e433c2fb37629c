/** Data out and in over HTTP and by its jobs: begun, done, fetched, and forgotten after a day. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { findAll } from '../base/db.ts'
import { forgetCarried, mendCarries, readUpload, runExport, runImport } from './carry.jobs.ts'
import { portableRoutes } from './portable.routes.ts'
import { openZip } from './zip-in.ts'

let it: TestDb
let door: TestApp
let folder: string
let ours: { workspaceId: string; agentId: string }
let theirs: { workspaceId: string; agentId: string }
let at = new Date()
/** No two things at the same moment. */
const now = () => {
  at = new Date(at.getTime() + 1_000)
  return at
}
beforeAll(async () => {
  it = await freshDb()
  folder = mkdtempSync(join(tmpdir(), 'evenhand-carries-'))
  ours = await aWorkspace(it.db)
  theirs = await aWorkspace(it.db)
  door = await testApp(it, { now, rooms: (mount, { db }) => portableRoutes(mount, { db, folder }) })
})
afterAll(async () => {
  await door.app.close()
  rmSync(folder, { recursive: true, force: true })
  await it[Symbol.asyncDispose]()
})
const tools = () => ({ db: it.db, now, folder })
const listed = async () =>
  (await door.app.inject({ url: '/api/data', headers: await door.signIn(ours) })).json().carries
const acts = () =>
  findAll(it.owner, sql`select act from audit where workspace_id = ${ours.workspaceId} order by at, audit_id`)

test('an export is made by its job and fetched as an attachment, by nobody of another workspace', async () => {
  const headers = await door.signIn(ours)
  const { carryId } = (await door.app.inject({ method: 'POST', url: '/api/data/exports', headers })).json()
  const url = `/api/data/exports/${carryId}/file`
  expect((await door.app.inject({ url, headers })).statusCode).toBe(404)

  await runExport(tools(), { workspaceId: ours.workspaceId, carryId })
  const got = await door.app.inject({ url, headers })

  expect(got.headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'cache-control': 'no-store, private',
    'x-content-type-options': 'nosniff',
    'content-disposition': expect.stringMatching(/^attachment; filename="evenhand-[\d-]+\.zip"$/),
  })
  const file = join(folder, 'got.zip')
  writeFileSync(file, got.rawPayload)
  await using zip = await openZip(file, { files: 100, bytes: 1e8, ratio: 1e4 })
  expect(zip.names).toContain('workspaces.jsonl')
  expect((await door.app.inject({ url, headers: await door.signIn(theirs) })).statusCode).toBe(404)
  expect(await acts()).toEqual([{ act: 'data.exported' }, { act: 'data.downloaded' }])
})

async function upload(content: string | Buffer): Promise<string> {
  const answer = await door.app.inject({
    method: 'POST',
    url: '/api/data/imports?kind=zendesk&name=people.json',
    headers: { ...(await door.signIn(ours)), 'content-type': 'application/octet-stream' },
    payload: content,
  })
  return answer.json().carryId
}
const start = async (carryId: string) =>
  door.app.inject({
    method: 'PUT',
    url: `/api/data/imports/${carryId}/start`,
    headers: await door.signIn(ours),
  })

test('a file is read first, and imported when somebody says so; twice at once is once', async () => {
  const carryId = await upload(readFileSync('src/portable/zendesk/samples/tickets.json'))
  const job = { workspaceId: ours.workspaceId, carryId }
  expect((await start(carryId)).statusCode).toBe(409)

  await readUpload(tools(), job)
  const counted = sql`select count(*) as n from cases`
  expect((await listed())[0]).toMatchObject({ state: 'read', report: { cases: { fresh: 2, known: 0 } } })
  expect(await findAll(it.owner, counted)).toEqual([{ n: 0 }])

  const both = await Promise.all([start(carryId), start(carryId)])
  expect(both.map((answer) => answer.statusCode).sort()).toEqual([200, 409])
  await runImport(tools(), job)
  await runImport(tools(), job)

  expect((await listed())[0]).toMatchObject({ state: 'done', isHere: true })
  expect(await findAll(it.owner, counted)).toEqual([{ n: 2 }])
  expect(await findAll(it.owner, sql`select 1 from webhook_deliveries`)).toEqual([])
})

test('a file that cannot be read says why, and a day later files and examples are gone', async () => {
  const carryId = await upload('<html>')
  await readUpload(tools(), { workspaceId: ours.workspaceId, carryId })
  expect((await listed())[0]).toMatchObject({
    state: 'failed',
    problem: expect.stringMatching(/^This is no zip file.*Nothing was changed\.$/),
  })

  at = new Date(at.getTime() + 25 * 3_600_000)
  await forgetCarried(tools())

  const after = await listed()
  expect(after.map((one: { isHere: boolean }) => one.isHere)).toEqual([false, false, false])
  const fields = after[1].report.fields as { examples: string[] }[]
  expect(fields.length).toBeGreaterThan(0)
  expect(fields.flatMap((one) => one.examples)).toEqual([])
  expect((await start(after[1].carryId)).statusCode).toBe(404)
})

test('what breaks on our side is tried again, and told only when the last try broke too', async () => {
  const headers = await door.signIn(ours)
  const { carryId } = (await door.app.inject({ method: 'POST', url: '/api/data/exports', headers })).json()
  const job = { workspaceId: ours.workspaceId, carryId }
  const broken = { ...tools(), folder: join(folder, 'no\0where') }

  await expect(runExport(broken, job, false)).rejects.toThrow()
  expect((await listed())[0]).toMatchObject({ carryId, state: 'running', problem: null })
  await expect(runExport(broken, job, true)).rejects.toThrow()
  expect((await listed())[0]).toMatchObject({
    state: 'failed',
    problem: expect.stringMatching(/on our side/),
  })
})

test('an export whose every try was killed says that it was stopped; one that will be tried again goes on', async () => {
  const headers = await door.signIn(ours)
  const begin = async () =>
    (await door.app.inject({ method: 'POST', url: '/api/data/exports', headers })).json().carryId as string
  const [dead, waiting, held] = [await begin(), await begin(), await begin()]
  const jobOf = (carryId: string) => sql`payload ->> 'carryId' = ${carryId}`
  await sql`update graphile_worker._private_jobs set attempts = 3 where ${jobOf(dead)}`.execute(it.owner)
  await sql`update graphile_worker._private_jobs set attempts = 3, locked_at = now(), locked_by = 'w'
    where ${jobOf(held)}`.execute(it.owner)

  await mendCarries(tools())

  const states = new Map((await listed()).map((one: { carryId: string }) => [one.carryId, one]))
  expect(states.get(dead)).toMatchObject({ state: 'failed', problem: 'It was stopped. Start it again.' })
  expect(states.get(waiting)).toMatchObject({ state: 'running', problem: null })
  expect(states.get(held)).toMatchObject({ state: 'running', problem: null })
})
