/** F26: what waited when a backup was made may have been done since, so nothing of it goes on by itself. */
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDb, type TestDb } from '../../test/db.ts'
import { aRehearsedScene } from '../../test/replies.ts'
import { aPlace } from '../../test/walls/place.ts'
import { newId } from '../base/clock.ts'
import { findAll, findOne } from '../base/db.ts'
import { type Held, holdWhatWaited } from './backup.sql.ts'

let it: TestDb
beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())

async function hold() {
  const client = new pg.Client({ connectionString: it.ownerUrl })
  await client.connect()
  return await holdWhatWaited(client).finally(() => client.end())
}

test('words that waited for a second person go back to their author: approved and sent since, they are not sent twice', async () => {
  const { workspaceId, caseId, channelId, agentId } = await aRehearsedScene(it)
  const other = newId()
  const ask = (replyId: string, by: string, text: string) => sql`insert into approvals
      (workspace_id, reply_id, case_id, channel_id, by_agent_id, purpose, text, asked_at)
    values (${workspaceId}, ${replyId}, ${caseId}, ${channelId}, ${by}, 'answer', ${text}, now())`
  const replyId = newId()
  await ask(replyId, agentId, 'It is on its way.').execute(it.owner)
  await ask(newId(), other, 'Older words.').execute(it.owner)
  await sql`insert into drafts (workspace_id, case_id, agent_id, text)
    values (${workspaceId}, ${caseId}, ${other}, 'Newer words.')`.execute(it.owner)

  expect(await hold()).toMatchObject({ approvals: 2 })

  expect(await findAll(it.owner, sql`select distinct decision from approvals`)).toEqual([
    { decision: 'withdrawn' },
  ])
  expect(await findAll(it.owner, sql`select agent_id, text from drafts order by text`)).toEqual([
    { agentId, text: 'It is on its way.' },
    { agentId: other, text: 'Newer words.' },
  ])
  const events = sql`select detail from case_events where type = 'approval-withdrawn' order by event_id limit 1`
  expect(await findAll(it.owner, events)).toEqual([{ detail: { replyId, reason: 'restored' } }])
  expect(await hold()).toMatchObject({ approvals: 0 })
})

test('invitations that may have been revoked since open nothing, and what was being carried says that it was stopped', async () => {
  const { place } = await aPlace(it, 'heron')
  await sql`update carries set state = 'running', problem = null where workspace_id = ${place.workspaceId}`.execute(
    it.owner,
  )

  const held = await hold()

  expect(held.invitations).toBeGreaterThan(0)
  expect(held.carries).toBeGreaterThan(0)
  const open = sql`select 1 from invitations where accepted_at is null and revoked_at is null`
  expect(await findAll(it.owner, open)).toEqual([])
  expect(await findAll(it.owner, sql`select distinct state, problem from carries`)).toEqual([
    { state: 'failed', problem: expect.stringMatching(/Start it again\.$/) },
  ])
})

test('the owner of an outside database, whom the walls hold too, is heard in every workspace', async () => {
  const { workspaceId } = (await aPlace(it, 'kestrel')).place
  const outsider = `owner_${workspaceId.slice(-12)}`
  let held: Held | undefined
  const asOutsider = it.owner.transaction().execute(async (tx) => {
    await sql.raw(`create role ${outsider}`).execute(tx)
    await sql
      .raw(`do $$ declare it record; begin
        for it in select oid::regclass as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' loop
          execute format('alter table %s owner to ${outsider}', it.name);
        end loop;
        grant execute on function hold_after_restore, withdraw_approvals, list_workspaces to ${outsider};
      end $$`)
      .execute(tx)
    await sql`set local role ${sql.id(outsider)}`.execute(tx)
    expect(await findAll(tx, sql`select 1 from approvals`)).toEqual([])
    held = await findOne(tx, sql<Held>`select * from hold_after_restore()`)
    throw new Error('undo all this')
  })

  await expect(asOutsider).rejects.toThrow('undo all this')
  expect(held!.invitations).toBeGreaterThan(0)
  expect(held!.approvals).toBeGreaterThan(0)
})
