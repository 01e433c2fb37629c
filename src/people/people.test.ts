/** What is read of authors after their case opened: their name for the agents, their reach for nobody who serves them. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { newId } from '../base/clock.ts'
import { type Db, findAll, inWorkspace, openDb } from '../base/db.ts'
import { makeOutside } from '../base/outside.ts'
import type { Connector, Reach } from '../connectors/connector.ts'
import { makeRehearsal } from '../connectors/rehearsal/rehearsal.ts'
import { readAuthor } from './author.jobs.ts'
import { readReach } from './reach.jobs.ts'

let it: TestDb
let reachDb: Db
let workspaceId: string
const at = new Date('2026-11-23T10:00:00Z')
beforeAll(async () => {
  it = await freshDb()
  reachDb = openDb(it.reachUrl, { max: 2 }).db
  workspaceId = (await aWorkspace(it.db)).workspaceId
})
afterAll(async () => {
  await reachDb.destroy()
  await it[Symbol.asyncDispose]()
})

function tools(answers: Partial<Connector>) {
  const network: Connector = { ...makeRehearsal(), ...answers }
  const connectors = { bluesky: network, rehearsal: network }
  return { db: it.db, reachDb, connectors, outside: makeOutside([]), now: () => at }
}

const sealed = (caseId: string) =>
  findAll(
    it.owner,
    sql`select known, followers, badges, verified from sealed_reach where case_id = ${caseId}`,
  )

test('reach is read once per case: asked again, the first answer stands', async () => {
  const job = { workspaceId, caseId: newId(), network: 'bluesky' as const, accountId: 'did:plc:kim' }
  const answers: Reach[] = [
    { followers: 12, badges: ['artist'], verified: true },
    { followers: 99_999, badges: [], verified: false },
  ]
  const asked = tools({ readReach: async () => answers.shift()! })
  await readReach(asked, job)
  await readReach(asked, job)

  expect(await sealed(job.caseId)).toEqual([
    { known: true, followers: 12, badges: ['artist'], verified: true },
  ])
})

test('where nobody can be asked, reach is unknown', async () => {
  const job = { workspaceId, caseId: newId(), network: 'bluesky' as const, accountId: 'did:plc:kim' }
  await readReach(tools({ readReach: async () => 'unknown' }), job)

  expect(await sealed(job.caseId)).toEqual([{ known: false, followers: null, badges: [], verified: null }])
})

test('the reach job needs no right but to insert: it works as a role that can read no table', async () => {
  const job = { workspaceId, caseId: newId(), network: 'bluesky' as const, accountId: 'did:plc:lee' }
  await readReach(tools({ readReach: async () => ({ followers: 1, badges: [], verified: false }) }), job)
  const looking = inWorkspace(reachDb, workspaceId, (tx) => findAll(tx, sql`select * from sealed_reach`))

  await expect(looking).rejects.toThrow(/permission denied/)
})

async function anAuthor(over: { status?: string; handle?: string } = {}): Promise<string> {
  const authorId = newId()
  await inWorkspace(it.db, workspaceId, (tx) =>
    sql`insert into authors (workspace_id, author_id, network, account_id, status, handle)
      values (${workspaceId}, ${authorId}, 'bluesky', ${`did:plc:${authorId}`}, ${over.status ?? 'active'}, ${over.handle ?? null})`.execute(
      tx,
    ),
  )
  return authorId
}
const author = (authorId: string) =>
  inWorkspace(it.db, workspaceId, (tx) =>
    findAll(
      tx,
      sql`select handle, display_name, handle_checked_at from authors where author_id = ${authorId}`,
    ),
  )

test('a handle is resolved and the time it was checked is kept', async () => {
  const authorId = await anAuthor()
  await readAuthor(tools({ readAuthor: async () => ({ handle: 'kim.example', displayName: 'Kim' }) }), {
    workspaceId,
    authorId,
  })

  expect(await author(authorId)).toEqual([{ handle: 'kim.example', displayName: 'Kim', handleCheckedAt: at }])
})

test('an account that cannot be found keeps the handle we knew and is not asked for every post', async () => {
  const authorId = await anAuthor({ handle: 'old.example' })
  await readAuthor(tools({ readAuthor: async () => null }), { workspaceId, authorId })

  expect(await author(authorId)).toEqual([{ handle: 'old.example', displayName: null, handleCheckedAt: at }])
})

test('a deleted account is not looked up again', async () => {
  const authorId = await anAuthor({ status: 'deleted' })
  await readAuthor(tools({ readAuthor: async () => ({ handle: 'kim.example', displayName: 'Kim' }) }), {
    workspaceId,
    authorId,
  })

  expect(await author(authorId)).toEqual([{ handle: null, displayName: null, handleCheckedAt: null }])
})

test('trouble on the way to the network is asked again; only after the last try is reach unknown', async () => {
  const job = { workspaceId, caseId: newId(), network: 'bluesky' as const, accountId: 'did:plc:kim' }
  const silent = tools({ readReach: () => Promise.reject(new Error('bad gateway')) })

  await expect(readReach(silent, job)).rejects.toThrow('bad gateway')
  expect(await sealed(job.caseId)).toEqual([])
  await readReach(silent, job, true)
  expect(await sealed(job.caseId)).toEqual([{ known: false, followers: null, badges: [], verified: null }])
})

test('trouble on the way to the network leaves the handle we knew, and it is asked again', async () => {
  const authorId = await anAuthor({ handle: 'kim.example' })
  const silent = tools({ readAuthor: () => Promise.reject(new Error('bad gateway')) })

  await expect(readAuthor(silent, { workspaceId, authorId })).rejects.toThrow('bad gateway')
  expect(await author(authorId)).toEqual([
    { handle: 'kim.example', displayName: null, handleCheckedAt: null },
  ])
  await readAuthor(silent, { workspaceId, authorId }, true)
  expect(await author(authorId)).toEqual([{ handle: 'kim.example', displayName: null, handleCheckedAt: at }])
})
