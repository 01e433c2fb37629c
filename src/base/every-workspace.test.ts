import { globSync, readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { appendAudit } from '../staff/audit.sql.ts'
import { sealAll } from '../staff/audit-seal.jobs.ts'
import { findAll, inWorkspace } from './db.ts'
import { FailedSomewhere, inEveryWorkspace } from './every-workspace.ts'

let it: TestDb
beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())

test('a workspace that fails stops none behind it, and is named when they are done', async () => {
  const done: string[] = []

  const round = inEveryWorkspace(['a', 'b', 'c'], async (workspaceId) => {
    if (workspaceId === 'a') throw new Error('poisoned')
    done.push(workspaceId)
  })

  await expect(round).rejects.toThrow('workspace a: poisoned')
  expect(done).toEqual(['b', 'c'])
})

test('a database that is away ends the round: it would be the same everywhere', async () => {
  const tried: string[] = []

  const round = inEveryWorkspace(['a', 'b'], async (workspaceId) => {
    tried.push(workspaceId)
    throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
  })

  await expect(round).rejects.toThrow('connect')
  expect(tried).toEqual(['a'])
})

test('what cannot be sealed in one workspace is sealed in the others', async () => {
  const all = [await aWorkspace(it.db), await aWorkspace(it.db), await aWorkspace(it.db)]
  for (const { workspaceId, agentId } of all)
    await inWorkspace(it.db, workspaceId, (tx) =>
      appendAudit(tx, { act: 'case.opened', at: new Date(), byAgentId: agentId, byKeyId: null, onId: null }),
    )
  const poisoned = all[0]!.workspaceId
  await sql`create function poison() returns trigger language plpgsql as $$ begin
    raise exception 'poisoned'; end $$`.execute(it.owner)
  await sql`create trigger poison before insert on audit_chain for each row
    when (new.workspace_id = ${sql.lit(poisoned)}) execute function poison()`.execute(it.owner)

  await expect(sealAll(it.db)).rejects.toThrow(FailedSomewhere)

  const sealed = await findAll(
    it.owner,
    sql<{ workspaceId: string }>`select workspace_id from audit_chain order by workspace_id`,
  )
  expect(sealed.map((row) => row.workspaceId)).toEqual(all.slice(1).map((one) => one.workspaceId))
})

test('every round through all workspaces goes by it', () => {
  const rounds = globSync('src/**/*.ts', { exclude: ['**/*.test.ts'] })
    .map((path) => ({ path, code: readFileSync(path, 'utf8') }))
    .filter(({ code }) => /for \(const \w+ of [^)\n]*(listWorkspaces|findWorkspacesToSeal)\(/.test(code))

  expect(rounds.map((one) => one.path)).toEqual([])
})
