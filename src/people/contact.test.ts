/** P4, V-01: where an address came from is a constraint of the database, and so is whether it may be used. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { newId } from '../base/clock.ts'
import { inWorkspace, type Tx } from '../base/db.ts'
import { findContactPoints } from './contact.sql.ts'

let it: TestDb
let workspaceId: string
let agentId: string
let authorId: string
beforeAll(async () => {
  it = await freshDb()
  ;({ workspaceId, agentId } = await aWorkspace(it.db))
  authorId = newId()
  await run(async (tx) => {
    await sql`insert into authors (workspace_id, author_id, network, account_id)
      values (${workspaceId}, ${authorId}, 'api', 'kim')`.execute(tx)
    await sql`insert into cases (workspace_id, number, network, thread_uri, author_id, status, opened_at, last_said_at,
        kind, urgency, language, triage)
      values (${workspaceId}, 1, 'api', 't', ${authorId}, 'new', now(), now(), 'unsure', 0, 'und', '{}')`.execute(
      tx,
    )
  })
})
afterAll(() => it[Symbol.asyncDispose]())

const run = <T>(work: (tx: Tx) => Promise<T>) => inWorkspace(it.db, workspaceId, work)

const insertPoint = (tx: Tx, id: string, provenanceId: string | null, over: { confirmation?: string } = {}) =>
  sql`insert into contact_points (workspace_id, contact_point_id, author_id, kind, value, provenance_id, state,
      confirmation_id)
    values (${workspaceId}, ${id}, ${authorId}, 'email', ${`${id}@example.test`}, ${provenanceId},
      ${over.confirmation ? 'confirmed' : 'unconfirmed'}, ${over.confirmation ?? null})`.execute(tx)

async function insertProof(tx: Tx, pointId: string, how: 'wrote' | 'import'): Promise<string> {
  const id = newId()
  await sql`insert into provenances (workspace_id, provenance_id, contact_point_id, how, source, basis, by_agent_id,
      evidence_digest, at)
    values (${workspaceId}, ${id}, ${pointId}, ${how}, 'people.zip', 'imported', ${agentId}, 'x', now())`.execute(
    tx,
  )
  return id
}

const use = (tx: Tx, id: string) =>
  sql`insert into contact_uses (workspace_id, contact_point_id, purpose) values (${workspaceId}, ${id}, 'mail')`.execute(
    tx,
  )

test('as the app’s role, no contact point is made without a provenance of its own', async () => {
  await expect(run((tx) => insertPoint(tx, newId(), null))).rejects.toThrow(
    /null value in column "provenance_id"/,
  )
  await expect(run((tx) => insertPoint(tx, newId(), newId()))).rejects.toThrow(/violates foreign key/)
  const another = run(async (tx) => insertPoint(tx, newId(), await insertProof(tx, newId(), 'wrote')))
  await expect(another).rejects.toThrow(/violates foreign key/)
})

test('an import without a person and a file is no provenance', async () => {
  const nobody = run((tx) =>
    sql`insert into provenances (workspace_id, contact_point_id, how, source, basis, at)
      values (${workspaceId}, ${newId()}, 'import', 'people.zip', 'imported', now())`.execute(tx),
  )

  await expect(nobody).rejects.toThrow(/violates check constraint/)
})

test('how we know an address is never rewritten nor taken away', async () => {
  for (const change of [
    'update provenances set source = source',
    'delete from provenances',
    'delete from contact_points',
  ])
    await expect(run((tx) => sql.raw(change).execute(tx))).rejects.toThrow(/permission denied/)
  await expect(
    run((tx) => sql`update contact_points set provenance_id = provenance_id`.execute(tx)),
  ).rejects.toThrow(/permission denied/)
})

test('an imported one is not used, and no import confirms it; what the person does is', async () => {
  const id = newId()
  const proof = await run(async (tx) => {
    const made = await insertProof(tx, id, 'import')
    await insertPoint(tx, id, made)
    return made
  })

  await expect(run((tx) => use(tx, id))).rejects.toThrow('not confirmed and cannot be used')
  const confirmed = (by: string) => (tx: Tx) =>
    sql`update contact_points set state = 'confirmed', confirmation_id = ${by} where contact_point_id = ${id}`.execute(
      tx,
    )
  await expect(run(confirmed(proof))).rejects.toThrow('an import does not confirm')
  await expect(
    run((tx) =>
      sql`update contact_points set state = 'confirmed' where contact_point_id = ${id}`.execute(tx),
    ),
  ).rejects.toThrow(/violates check constraint/)

  await run(async (tx) => {
    const wrote = await insertProof(tx, id, 'wrote')
    await confirmed(wrote)(tx)
    await use(tx, id)
  })
  const points = await run((tx) => findContactPoints(tx, authorId))
  expect(points.find((one) => one.contactPointId === id)).toMatchObject({
    state: 'confirmed',
    provenance: { how: 'import', source: 'people.zip', byAgentId: agentId },
  })
  await run((tx) =>
    sql`update contact_points set state = 'withdrawn' where contact_point_id = ${id}`.execute(tx),
  )
  await expect(run((tx) => use(tx, id))).rejects.toThrow('not confirmed and cannot be used')
})
