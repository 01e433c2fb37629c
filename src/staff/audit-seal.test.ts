/** The chain on the real database: sealed soon, by one at a time, and not to be changed by the program itself. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { findAll, findOne, inWorkspace } from '../base/db.ts'
import { noHead } from '../base/hash-chain.ts'
import { appendAudit, eraseAudit } from './audit.sql.ts'
import { sealRows } from './audit-chain.ts'
import { sealAll, sealWorkspace, startSealing, verifyWorkspace } from './audit-seal.jobs.ts'
import { claimSealing, findUnsealed, saveSeals } from './audit-seal.sql.ts'

let it: TestDb
beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())

const at = new Date('2026-11-02T09:00:00Z')
const append = (workspaceId: string, act = 'case.closed', content: Record<string, unknown> = { n: 1 }) =>
  inWorkspace(it.db, workspaceId, (tx) => appendAudit(tx, { act, at, byAgentId: null, onId: 'c1', content }))
const seqs = async (workspaceId: string) =>
  (
    await findAll(
      it.owner,
      sql<{ seq: number }>`select seq from audit_chain where workspace_id = ${workspaceId} order by seq`,
    )
  ).map((row) => row.seq)
const verify = (workspaceId: string) => verifyWorkspace(it.db, workspaceId, new Date())
const asOwner = (statement: string, workspaceId: string) =>
  sql`${sql.raw(statement)} where workspace_id = ${workspaceId}`.execute(it.owner)

test('what is logged is sealed within a second, by a loop that several processes run', async () => {
  const { workspaceId } = await aWorkspace(it.db)
  const errors: unknown[] = []
  const sealings = [1, 2, 3].map(() => startSealing({ db: it.db, onError: (error) => errors.push(error) }))

  await Promise.all(Array.from({ length: 60 }, (_, n) => append(workspaceId, 'note.written', { n })))
  await expect.poll(() => seqs(workspaceId), { timeout: 1_000, interval: 50 }).toHaveLength(60)
  await Promise.all(sealings.map((sealing) => sealing.stop()))

  expect(await seqs(workspaceId)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1))
  expect(await verify(workspaceId)).toMatchObject({ sealed: 60, broken: null, late: { count: 0 } })
  expect(errors).toEqual([])
})

test('sealing in many processes at once makes one chain per workspace', async () => {
  const places = [await aWorkspace(it.db), await aWorkspace(it.db)]
  for (const { workspaceId } of places) for (let n = 0; n < 5; n++) await append(workspaceId)

  await Promise.all(Array.from({ length: 8 }, () => sealAll(it.db)))

  for (const { workspaceId } of places) expect(await seqs(workspaceId)).toEqual([1, 2, 3, 4, 5])
})

test('what commits late is sealed with a later place, and the chain holds', async () => {
  const { workspaceId } = await aWorkspace(it.db)
  const written = Promise.withResolvers<void>()
  const mayCommit = Promise.withResolvers<void>()
  const slow = inWorkspace(it.db, workspaceId, async (tx) => {
    await appendAudit(tx, { act: 'case.opened', at: new Date('2026-11-02T08:00:00Z'), byAgentId: null })
    written.resolve()
    await mayCommit.promise
  })
  await written.promise

  await append(workspaceId)
  await sealAll(it.db)
  mayCommit.resolve()
  await slow
  await sealAll(it.db)

  const order = await findAll(
    it.owner,
    sql<{ act: string }>`select act from audit_chain join audit using (workspace_id, audit_id)
      where workspace_id = ${workspaceId} order by seq`,
  )
  expect(order.map((row) => row.act)).toEqual(['case.closed', 'case.opened'])
  expect((await verify(workspaceId)).broken).toBeNull()
})

test('killed between two steps of sealing, the next round goes on as if nothing had been', async () => {
  const { workspaceId } = await aWorkspace(it.db)
  await append(workspaceId)
  const killed = inWorkspace(it.db, workspaceId, async (tx) => {
    await claimSealing(tx)
    const rows = await findUnsealed(tx, 10)
    await saveSeals(
      tx,
      sealRows(noHead, rows, () => Buffer.alloc(32)),
    )
    throw new Error('killed before the commit')
  })
  await expect(killed).rejects.toThrow('killed')

  expect(await sealWorkspace(it.db, workspaceId)).toBe(1)
  expect(await verify(workspaceId)).toMatchObject({ sealed: 1, broken: null })
})

test('an erased row is told as erased on its date, not as broken; one emptied in silence is broken', async () => {
  const { workspaceId, agentId } = await aWorkspace(it.db)
  for (let n = 0; n < 3; n++) await append(workspaceId, 'note.written', { n })
  await sealAll(it.db)
  const [, second, third] = await findAll(
    it.owner,
    sql<{
      auditId: string
    }>`select audit_id from audit_chain where workspace_id = ${workspaceId} order by seq`,
  )
  const erasedAt = new Date('2026-11-20T10:00:00.123Z')
  await inWorkspace(it.db, workspaceId, (tx) =>
    eraseAudit(tx, [second!.auditId], { at: erasedAt, byAgentId: agentId }),
  )
  await sealAll(it.db)

  const told = await verify(workspaceId)
  await sql`update audit set content = null, salt = null, erased_at = now() where audit_id = ${third!.auditId}`.execute(
    it.owner,
  )
  const silent = await verify(workspaceId)

  expect(told).toMatchObject({
    broken: null,
    sealed: 4,
    erased: [{ seq: 2, at: '2026-11-20T10:00:00.123Z' }],
  })
  expect(silent.broken).toMatchObject({ seq: 3, why: 'erased-untold' })
})

test('what the owner of the database changes behind our back is named', async () => {
  const forgeries = [
    [`update audit set act = 'case.opened'`, 'row-changed'],
    [`update audit set at = at + interval '1 microsecond'`, 'row-changed'],
    [`update audit set content = '{"n": 2}'`, 'content-changed'],
    ['delete from audit', 'row-missing'],
    ['update audit_chain set link = digest', 'link-broken'],
    ['update audit_chain set seq = seq + 1', 'out-of-order'],
  ] as const
  for (const [forgery, why] of forgeries) {
    const { workspaceId } = await aWorkspace(it.db)
    await append(workspaceId)
    await sealAll(it.db)
    await asOwner(forgery, workspaceId)

    expect((await verify(workspaceId)).broken, forgery).toMatchObject({ seq: 1, why })
  }
})

test('rows that should be sealed by now and are not are named, also when the waiting list lost them', async () => {
  const { workspaceId } = await aWorkspace(it.db)
  await append(workspaceId)
  await asOwner('delete from audit_unsealed', workspaceId)

  const { late } = await verify(workspaceId)

  expect(late).toEqual({ count: 1, oldest: at })
})

test("the program's own role can change neither the chain nor who did what and when", async () => {
  const { workspaceId } = await aWorkspace(it.db)
  await append(workspaceId)
  await sealAll(it.db)

  for (const statement of [
    'update audit_chain set link = link',
    'delete from audit_chain',
    'update audit set act = act',
    'update audit set at = at',
    'update audit set by_agent_id = null',
    'update audit set on_id = null',
    'delete from audit',
    'update looks set at = at',
    'delete from looks',
    'update person_searches set agent_id = agent_id',
    'delete from person_searches',
    'delete from alerts',
    'update alerts set found = 0',
  ]) /* biome-ignore format: a list to read */ {
    const rewriting = inWorkspace(it.db, workspaceId, (tx) => sql.raw(statement).execute(tx))
    await expect(rewriting, statement).rejects.toThrow(/permission denied/)
  }
  expect(await findOne(it.db, sql`select 1 from audit`)).toBeUndefined()
})
