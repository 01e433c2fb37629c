/** The database tells what was committed; losing its connection is told too. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDb, type TestDb } from '../../test/db.ts'
import { type Changed, listenForChanges } from './changes.ts'

let it: TestDb
beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())

const tell = (payload: string) => sql`select pg_notify('evenhand', ${payload})`.execute(it.db)
const cutConnections = () =>
  sql`select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'evenhand changes' and datname = current_database()`.execute(it.owner)

test('what is told is heard in words: whose, what, which', async () => {
  const heard: Changed[] = []
  const listening = listenForChanges(
    it.url,
    (changed) => heard.push(changed),
    () => {},
  )
  await listening.ready

  for (const payload of ['w1 case c1', '- source jetstream wss://x', '', 'w1 case']) await tell(payload)

  await expect
    .poll(() => heard)
    .toEqual([
      { workspaceId: 'w1', what: 'case', id: 'c1' },
      { workspaceId: null, what: 'source', id: 'jetstream wss://x' },
      { workspaceId: 'w1', what: 'case', id: '' },
    ])
  await listening.stop()
})

test('a connection that is cut comes back, says that something was lost, and hears again', async () => {
  const heard: string[] = []
  const listening = listenForChanges(
    it.url,
    ({ id }) => heard.push(id),
    () => heard.push('lost'),
  )
  await listening.ready

  await cutConnections()
  await expect.poll(() => heard).toEqual(['lost'])
  await cutConnections()
  await expect.poll(() => heard).toEqual(['lost', 'lost'])
  await tell('w1 case c2')

  await expect.poll(() => heard).toEqual(['lost', 'lost', 'c2'])
  await listening.stop()
})

test('after stopping nothing is heard and no connection stays', async () => {
  const heard: Changed[] = []
  const listening = listenForChanges(
    it.url,
    (changed) => heard.push(changed),
    () => {},
  )
  await listening.ready
  await listening.stop()

  await tell('w1 case c3')
  const left = await sql`select from pg_stat_activity
    where application_name = 'evenhand changes' and datname = current_database()`.execute(it.owner)

  expect([heard, left.rows]).toEqual([[], []])
})

test('a database that is not there is asked again until someone stops it', async () => {
  const listening = listenForChanges(
    'postgres://nobody@127.0.0.1:1/none',
    () => {},
    () => {},
  )

  await listening.stop()
  await listening.ready
})
