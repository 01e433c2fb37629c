/** The audit log over HTTP: found by whatever is asked, taken along as a file, verified. */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { aCaseThere } from '../../test/cases.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { newId } from '../base/clock.ts'
import { findAll, inWorkspace } from '../base/db.ts'
import { auditRoutes } from './audit.routes.ts'
import { appendAudit } from './audit.sql.ts'
import { sealAll } from './audit-seal.jobs.ts'
import { findAudit, pageOf } from './audit-search.sql.ts'

let it: TestDb
let house: TestApp
beforeAll(async () => {
  it = await freshDb()
  house = await testApp(it, { rooms: (mount, tools) => auditRoutes(mount, tools) })
})
afterAll(async () => {
  await house.app.close()
  await it[Symbol.asyncDispose]()
})

type Row = {
  act: string
  byName: string | null
  onId: string | null
  on: unknown
  seal: { seq: number } | null
  named: unknown
  auditId: string
}
const onDay = (day: number) => new Date(`2026-11-${String(day).padStart(2, '0')}T09:00:00Z`)

async function aLog() {
  const admin = await aWorkspace(it.db)
  const keyId = newId()
  const teamId = newId()
  await inWorkspace(it.db, admin.workspaceId, async (tx) => {
    await sql`insert into teams (workspace_id, team_id, name) values (${admin.workspaceId}, ${teamId}, 'Returns')`.execute(
      tx,
    )
    const by = { byAgentId: admin.agentId }
    await appendAudit(tx, { act: 'case.closed', at: onDay(2), ...by, onId: 'c1' })
    await appendAudit(tx, { act: 'case.reopened', at: onDay(3), ...by, onId: 'c1' })
    await appendAudit(tx, { act: 'team.changed', at: onDay(4), ...by, onId: teamId })
    await appendAudit(tx, { act: 'note.written', at: onDay(5), ...by, byKeyId: keyId, onId: '=cmd' })
    await appendAudit(tx, { act: 'session.refused', at: onDay(6), byAgentId: null })
  })
  const headers = await house.signIn(admin)
  const ask = async (query: Record<string, string>) => {
    const answer = await house.app.inject({ url: '/api/audit', query, headers })
    expect(answer.statusCode, answer.body).toBe(200)
    return answer.json<{ rows: Row[]; next: string | null }>()
  }
  const acts = async (query: Record<string, string>) => (await ask(query)).rows.map((row) => row.act)
  return { ...admin, keyId, teamId, headers, ask, acts }
}

test('the log is found by who, what, on what, by which key and when, newest first', async () => {
  const { acts, ask, agentId, keyId, teamId } = await aLog()

  expect(await acts({})).toEqual([
    'session.refused',
    'note.written',
    'team.changed',
    'case.reopened',
    'case.closed',
  ])
  expect(await acts({ act: 'case.' })).toEqual(['case.reopened', 'case.closed'])
  expect(await acts({ act: 'case.closed' })).toEqual(['case.closed'])
  expect(await acts({ act: 'nothing' })).toEqual([])
  expect(await acts({ act: 'z' })).toEqual([])
  expect(await acts({ agent: agentId, act: 'note.' })).toEqual(['note.written'])
  expect(await acts({ key: keyId })).toEqual(['note.written'])
  expect(await acts({ thing: 'c1' })).toEqual(['case.reopened', 'case.closed'])
  expect(await acts({ from: onDay(3).toISOString(), to: onDay(5).toISOString() })).toEqual([
    'team.changed',
    'case.reopened',
  ])
  expect((await ask({ thing: teamId })).rows[0]).toMatchObject({
    byName: 'Ana Ruiz',
    on: { kind: 'team', name: 'Returns' },
  })
})

test('words typed find a case by its number, people, keys and addresses by their names, and acts', async () => {
  const { acts, ask, workspaceId, agentId, keyId, teamId } = await aLog()
  const caseId = (await aCaseThere(it.owner, workspaceId)).caseId
  const [{ number } = { number: 0 }] = await findAll(
    it.owner,
    sql<{ number: number }>`select number from cases where case_id = ${caseId}`,
  )
  await sql`insert into api_keys (workspace_id, key_id, agent_id, name, may, digest, hint, expires_at)
    values (${workspaceId}, ${keyId}, ${agentId}, 'Nightly figures', '{}', '\\x00', 'x', now())`.execute(
    it.owner,
  )
  await inWorkspace(it.db, workspaceId, (tx) =>
    appendAudit(tx, {
      act: 'case.assigned',
      at: onDay(7),
      byAgentId: null,
      onId: caseId,
      content: { from: null, to: agentId },
    }),
  )

  expect(await acts({ q: `case ${number}` })).toEqual(['case.assigned'])
  expect(await acts({ q: `${number}` })).toEqual(['case.assigned'])
  expect(await acts({ q: 'nightly' })).toEqual(['note.written'])
  expect(await acts({ q: 'returns' })).toEqual(['team.changed'])
  expect(await acts({ q: 'ana r', act: 'case.' })).toEqual(['case.reopened', 'case.closed'])
  expect(await acts({ q: 'reopened' })).toEqual(['case.reopened'])
  expect(await acts({ q: 'what a screen knows', acts: 'case.closed,team.changed' })).toEqual([
    'team.changed',
    'case.closed',
  ])
  expect(await acts({ q: 'no such thing' })).toEqual([])
  expect(await acts({ q: teamId })).toEqual(['team.changed'])
  const first = await ask({ q: 'ana', limit: '1' })
  expect((await ask({ q: 'ana', limit: '1', after: first.next! })).rows).toHaveLength(1)
  const [assigned] = (await ask({ q: `${number}` })).rows
  expect(assigned!.named).toEqual([{ id: agentId, kind: 'agent', name: 'Ana Ruiz' }])
})

test('why a person was searched for is told to those who may see who looked at whom', async () => {
  const { workspaceId, agentId, ask } = await aLog()
  const searchId = newId()
  await sql`insert into person_searches (workspace_id, search_id, agent_id, name, reason, at)
    values (${workspaceId}, ${searchId}, ${agentId}, 'heron', 'She called about a parcel', now())`.execute(
    it.owner,
  )
  await inWorkspace(it.db, workspaceId, (tx) =>
    appendAudit(tx, {
      act: 'person.searched',
      at: onDay(8),
      byAgentId: agentId,
      onId: searchId,
      content: { found: 2 },
    }),
  )

  const auditor = await anAgentWith(workspaceId, ['audit.read'])
  const forAuditor = await house.app.inject({
    url: '/api/audit?act=person.',
    headers: await house.signIn(auditor),
  })

  expect((await ask({ act: 'person.' })).rows[0]).toMatchObject({ reason: 'She called about a parcel' })
  expect(forAuditor.json().rows[0]).toMatchObject({ act: 'person.searched', reason: null })
})

async function anAgentWith(workspaceId: string, may: string[]) {
  const roleId = newId()
  const agentId = newId()
  const userId = `user-${agentId}`
  await sql`insert into roles (workspace_id, role_id, name, may, copied_from) values (${workspaceId}, ${roleId}, 'Auditor', ${may}, 'admin')`.execute(
    it.owner,
  )
  await sql`insert into agents (workspace_id, agent_id, user_id, name, email, role, role_id)
    values (${workspaceId}, ${agentId}, ${userId}, 'Sam Oak', ${`${agentId}@acme.test`}, 'custom', ${roleId})`.execute(
    it.owner,
  )
  return { workspaceId, agentId, userId }
}

test('pages go on where the one before ended', async () => {
  const { ask } = await aLog()

  const first = await ask({ limit: '3' })
  const second = await ask({ limit: '3', after: first.next! })
  const ofCases = await ask({
    limit: '1',
    act: 'case.',
    after: (await ask({ limit: '1', act: 'case.' })).next!,
  })

  expect(first.rows.map((row) => row.act)).toEqual(['session.refused', 'note.written', 'team.changed'])
  expect(second.rows.map((row) => row.act)).toEqual(['case.reopened', 'case.closed'])
  expect(second.next).toBeNull()
  expect(ofCases.rows.map((row) => row.act)).toEqual(['case.closed'])
})

test('an act that is rare is found through its index, not row by row', async () => {
  const { workspaceId } = await aLog()
  await sql`insert into audit (workspace_id, act, content, salt)
    select ${workspaceId}, 'note.written', '{}', '\\x00' from generate_series(1, 20000)`.execute(it.owner)
  await sql`analyze audit`.execute(it.owner)

  const found = await inWorkspace(it.db, workspaceId, (tx) => findAudit(tx, { act: 'case.' }, 5))
  const plan = await inWorkspace(it.db, workspaceId, (tx) =>
    findAll(
      tx,
      sql<{ 'query plan': string }>`explain (analyze, costs off, timing off) ${pageOf({ act: 'case.' }, 5)}`,
    ),
  )
  const text = JSON.stringify(plan)

  expect(found).toHaveLength(2)
  expect(text).toContain('audit_by_act')
  expect(text).not.toMatch(/Seq Scan on audit|Rows Removed by Filter: \d{3}/)
})

test('a file has every row, no formulas, and is itself in the log', async () => {
  const { headers, acts } = await aLog()

  const answer = await house.app.inject({ url: '/api/audit/export?act=note.', headers })
  const lines = answer.body.split('\r\n')

  expect(answer.headers['content-type']).toContain('text/csv')
  expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="audit-.*\.csv"$/)
  expect(lines[0]).toMatch(/^seq,at,act,by,/)
  expect(lines[1]).toContain(',note.written,Ana Ruiz,')
  expect(lines[1]).toContain(",'=cmd,")
  expect(lines.slice(2)).toEqual([''])
  expect(await acts({ act: 'audit.' })).toEqual(['audit.exported'])
})

test('whatever was typed is exported as what it finds, and is not kept in the log', async () => {
  const { headers, acts, ask } = await aLog()
  const letters = ["' or '1'='1", '%', '\\', "'||pg_sleep(9)||'", 'heron']

  for (const q of letters) {
    const answer = await house.app.inject({
      url: '/api/audit/export',
      query: { q, format: 'jsonl' },
      headers,
    })
    expect([answer.statusCode, answer.body]).toEqual([200, ''])
  }

  expect(await acts({ act: 'audit.' })).toEqual(letters.map(() => 'audit.exported'))
  expect(JSON.stringify(await ask({ act: 'audit.' }))).not.toMatch(/heron|sleep/)
})

test('an export goes on for as many pages as there are', async () => {
  const { workspaceId, headers } = await aLog()
  await sql`insert into audit (workspace_id, act, content, salt)
    select ${workspaceId}, 'watch.changed', '{}', '\\x00' from generate_series(1, 1700)`.execute(it.owner)

  const answer = await house.app.inject({ url: '/api/audit/export?act=watch.&format=jsonl', headers })
  const ids = answer.body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).auditId)

  expect(new Set(ids).size).toBe(1700)
})

test('from the exported lines alone, the seals can be computed by others', async () => {
  const { headers, workspaceId } = await aLog()
  await sealAll(it.db)

  const answer = await house.app.inject({ url: '/api/audit/export?format=jsonl&act=case.closed', headers })
  const row = JSON.parse(answer.body)
  const { act, at, auditId, byAgentId, byKeyId, onId } = row
  const sha = (...parts: (Buffer | string)[]) =>
    parts.reduce((hash, it) => hash.update(it), createHash('sha256')).digest()
  const fixed = JSON.stringify({ act, at, auditId, byAgentId, byKeyId, onId, workspaceId })
  const content = sha(Buffer.from(row.salt, 'hex'), '{}')
  const link = sha(Buffer.alloc(32), Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]), sha(content, fixed))

  expect(row.seq).toBe(1)
  expect(row.link).toBe(link.toString('hex'))
})

test('verifying says how far the chain holds, and where it first does not', async () => {
  const { headers, workspaceId } = await aLog()
  await sealAll(it.db)
  const verify = async () => (await house.app.inject({ url: '/api/audit/verification', headers })).json()

  const whole = await verify()
  await sql`update audit set act = 'case.opened' where workspace_id = ${workspaceId} and act = 'team.changed'`.execute(
    it.owner,
  )

  expect(whole).toMatchObject({
    sealed: 5,
    broken: null,
    erased: [],
    unsealed: { count: 0 },
    head: { seq: 5 },
  })
  expect(await verify()).toMatchObject({ sealed: 2, broken: { seq: 3, why: 'row-changed' } })
})
