/** What our own accounts are called, on the real database; the network's answer is written here. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { newId } from '../base/clock.ts'
import { inWorkspace } from '../base/db.ts'
import { makeOutside } from '../base/outside.ts'
import { readChannel } from './channel.jobs.ts'
import { findChannel, pauseChannel } from './channel.sql.ts'
import type { Connector } from './connector.ts'
import { makeRehearsal } from './rehearsal/rehearsal.ts'

let it: TestDb
let workspaceId: string
const at = new Date('2026-11-23T10:00:00Z')
beforeAll(async () => {
  it = await freshDb()
  workspaceId = (await aWorkspace(it.db)).workspaceId
})
afterAll(() => it[Symbol.asyncDispose]())

async function aChannel(): Promise<string> {
  const channelId = newId()
  await inWorkspace(it.db, workspaceId, (tx) =>
    sql`insert into channels (workspace_id, channel_id, network, account_id, handle, service_url, sealed_secret)
      values (${workspaceId}, ${channelId}, 'bluesky', ${`did:plc:${channelId}`}, 'old.example', 'https://pds.test', 'sealed')`.execute(
      tx,
    ),
  )
  return channelId
}
const channel = (channelId: string) => inWorkspace(it.db, workspaceId, (tx) => findChannel(tx, channelId))
function tools(readAuthor: Connector['readAuthor']) {
  const network: Connector = { ...makeRehearsal(), readAuthor }
  return {
    db: it.db,
    connectors: { bluesky: network, rehearsal: network },
    outside: makeOutside([]),
    now: () => at,
  }
}

test('a new handle of our own account is asked of the network and kept', async () => {
  const channelId = await aChannel()
  const asked: string[] = []
  await readChannel(
    tools(async (accountId) => {
      asked.push(accountId)
      return { handle: 'care.example', displayName: null }
    }),
    { workspaceId, channelId },
  )

  expect(asked).toEqual([`did:plc:${channelId}`])
  expect((await channel(channelId))?.handle).toBe('care.example')
})

test('our handle stands while nobody answers, and the job is tried again', async () => {
  const channelId = await aChannel()
  const silent = tools(() => Promise.reject(new Error('bad gateway')))

  await expect(readChannel(silent, { workspaceId, channelId })).rejects.toThrow('bad gateway')
  await readChannel(
    tools(async () => null),
    { workspaceId, channelId },
  )
  expect((await channel(channelId))?.handle).toBe('old.example')
})

test('a channel that is gone is not asked for', async () => {
  await readChannel(
    tools(() => Promise.reject(new Error('never asked'))),
    { workspaceId, channelId: newId() },
  )
})

test('words of a server are cleaned and cut before they are kept', async () => {
  const channelId = await aChannel()
  await inWorkspace(it.db, workspaceId, (tx) =>
    pauseChannel(tx, channelId, 'takendown', `no\0no ${'x'.repeat(600)}`, at),
  )

  expect((await channel(channelId))?.pausedDetail).toBe(`no\ufffdno ${'x'.repeat(494)}`)
})
