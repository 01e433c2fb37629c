/** People of several workspaces: going between them, and making another. */
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { newId } from '../base/clock.ts'
import { findAll } from '../base/db.ts'
import { workspaceRoutes } from './workspace-switch.routes.ts'

let it: TestDb
let house: TestApp
let ana: { workspaceId: string; agentId: string; cookie: string }
let other: string
beforeEach(async () => {
  it = await freshDb()
  house = await testApp(it, { rooms: (mount, tools) => workspaceRoutes(mount, tools) })
  const made = await aWorkspace(it.db, { name: 'First' })
  ana = { ...made, ...(await house.signIn(made)) }
  const second = await aWorkspace(it.db, { name: 'Second' })
  other = second.workspaceId
})
afterEach(async () => {
  await house.app.close()
  await it[Symbol.asyncDispose]()
})

const ask = (method: 'GET' | 'POST' | 'PUT', url: string, payload?: object, cookie = ana.cookie) =>
  house.app.inject({ method, url, headers: { cookie }, ...(payload && { payload }) })
const goTo = (workspaceId: string, cookie?: string) =>
  ask('PUT', '/api/session/workspace', { workspaceId }, cookie)
const me = async (cookie?: string) => (await ask('GET', '/api/me', undefined, cookie)).json()
const codeOf = (answer: { json(): { code?: string } }) => answer.json().code
const belong = (role = 'viewer') =>
  sql`insert into agents (workspace_id, user_id, name, email, role)
    select ${other}, user_id, name, email, ${role} from agents where agent_id = ${ana.agentId}`.execute(
    it.owner,
  )
const makeOne = (cookie?: string) =>
  ask('POST', '/api/workspaces', { name: 'Third', brand: 'Acme 3', timeZone: 'Europe/Madrid' }, cookie)

test('someone of two workspaces goes from one to the other, with the role they have there', async () => {
  await belong()

  const before = await me()
  const answer = await goTo(other)
  const after = await me()

  expect(before.workspace.name).toBe('First')
  expect(before.workspaces.map((it: { name: string }) => it.name)).toEqual(['First', 'Second'])
  expect(answer.json()).toEqual({ done: true })
  expect(after).toMatchObject({ workspace: { name: 'Second' }, agent: { role: 'viewer' } })
  expect(after.agent.agentId).not.toBe(before.agent.agentId)
})

test('another session of theirs stays where it is', async () => {
  await belong()
  const elsewhere = (await house.signIn(ana)).cookie

  await goTo(other)

  expect((await me(elsewhere)).workspace.name).toBe('First')
})

test('a workspace that one does not belong to, or is suspended in, is not there', async () => {
  const stranger = await goTo(other)
  await belong()
  await sql`update agents set suspended_at = now() where workspace_id = ${other}`.execute(it.owner)

  expect([stranger, await goTo(other), await goTo(newId())].map(codeOf)).toEqual([
    'not-found',
    'not-found',
    'not-found',
  ])
  expect((await me()).workspaces).toHaveLength(1)
})

test('a session by the single sign-on of one workspace stays in it, and knows of no other', async () => {
  await belong()
  await sql`update auth_sessions set "onlyWorkspaceId" = ${ana.workspaceId}`.execute(it.owner)

  expect(codeOf(await goTo(other))).toBe('only-this-workspace')
  expect((await me()).workspaces.map((it: { name: string }) => it.name)).toEqual(['First'])
})

test('who is suspended where they are finds themselves where they still belong', async () => {
  await belong()
  await sql`update agents set suspended_at = now() where agent_id = ${ana.agentId}`.execute(it.owner)

  await expect.poll(async () => (await me()).workspace?.name, { timeout: 2_000 }).toBe('Second')
})

test('an admin of the first workspace makes another one and is its admin; others do not', async () => {
  await belong('admin')
  const made = (await makeOne()).json()
  await goTo(made.workspaceId)
  const inside = await me()
  const told = await findAll(
    it.owner,
    sql<{
      workspaceId: string
      act: string
    }>`select workspace_id, act from audit where on_id = ${made.workspaceId}`,
  )
  const fromThere = await makeOne()
  await goTo(other)

  expect(inside).toMatchObject({
    workspace: { name: 'Third', brand: 'Acme 3', timeZone: 'Europe/Madrid' },
    agent: { role: 'admin', name: 'Ana Ruiz' },
  })
  expect(told.map((row) => row.workspaceId).sort()).toEqual([ana.workspaceId, made.workspaceId].sort())
  expect(codeOf(fromThere)).toBe('only-first-workspace')
  expect(codeOf(await makeOne())).toBe('only-first-workspace')
})
