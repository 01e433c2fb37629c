/** Who sees some teams only finds, mutes and reaches the people of those teams' cases, and nobody else. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { aCaseThere, anAuthor } from '../../test/cases.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { newId } from '../base/clock.ts'
import { inWorkspace, narrowToTeams } from '../base/db.ts'
import { saveMute } from '../cases/case-view.sql.ts'
import { contactRoutes } from './contact.routes.ts'
import { lookRoutes } from './look.routes.ts'

let it: TestDb
let house: TestApp
let workspaceId: string
let team: string
let narrow: { cookie: string }
let wide: { cookie: string }
beforeAll(async () => {
  it = await freshDb()
  house = await testApp(it, {
    rooms: (mount) => {
      lookRoutes(mount)
      contactRoutes(mount)
    },
  })
  const made = await aWorkspace(it.db)
  workspaceId = made.workspaceId
  wide = await house.signIn(made)
  team = newId()
  const agentId = newId()
  for (const change of [
    sql`insert into teams (workspace_id, team_id, name) values (${workspaceId}, ${team}, 'Delivery')`,
    sql`insert into agents (workspace_id, agent_id, user_id, name, email, role, sees)
      values (${workspaceId}, ${agentId}, 'user-kim', 'Kim', 'kim@acme.test', 'agent', 'teams')`,
    sql`insert into team_agents (workspace_id, team_id, agent_id) values (${workspaceId}, ${team}, ${agentId})`,
  ])
    await change.execute(it.owner)
  narrow = await house.signIn({ agentId })
})
afterAll(async () => {
  await house.app.close()
  await it[Symbol.asyncDispose]()
})

/** Somebody with a case in that team, or without any. */
async function aPerson(handle: string, teamId?: string | null): Promise<string> {
  const authorId = await anAuthor(it.db, workspaceId, { handle })
  if (teamId === undefined) return authorId
  const { caseId } = await aCaseThere(it.db, workspaceId, { authorId })
  await sql`update cases set team_id = ${teamId} where case_id = ${caseId}`.execute(it.owner)
  return authorId
}
async function aTeam(): Promise<string> {
  const teamId = newId()
  await sql`insert into teams (workspace_id, team_id, name) values (${workspaceId}, ${teamId}, ${teamId})`.execute(
    it.owner,
  )
  return teamId
}
const search = async (headers: { cookie: string }, name: string) =>
  house.app
    .inject({
      method: 'POST',
      url: '/api/person-searches',
      headers,
      payload: { name, reason: 'She called about a parcel' },
    })
    .then((answer) => answer.json())
const handles = (found: { people: { handle: string }[] }) => found.people.map((one) => one.handle).sort()

test('a search finds only people with a case that the searcher may see', async () => {
  const other = await aTeam()
  await aPerson('robin.ours', team)
  await aPerson('robin.nobodys', null)
  await aPerson('robin.theirs', other)
  await aPerson('robin.without')

  expect(handles(await search(narrow, 'robin'))).toEqual(['robin.nobodys', 'robin.ours'])
  expect(handles(await search(wide, 'robin'))).toHaveLength(4)
})

test('pages of a narrow search are full, whoever else has the name', async () => {
  const other = await aTeam()
  for (let n = 0; n < 25; n++) {
    await aPerson(`pat${n}.ours`, team)
    await aPerson(`pat${n}.theirs`, other)
  }

  const first = await search(narrow, 'pat')
  const url = `/api/person-searches/${first.searchId}?after=${first.next}`
  const rest = (await house.app.inject({ url, headers: narrow })).json()

  expect([first.people.length, rest.people.length, rest.next]).toEqual([20, 5, null])
})

test('contact points of a person of another team are not here, nor is the person muted', async () => {
  const theirs = await aPerson('sam.theirs', await aTeam())
  const ours = await aPerson('sam.ours', team)
  const get = async (id: string) =>
    (await house.app.inject({ url: `/api/authors/${id}/contact-points`, headers: narrow })).statusCode
  const mute = (id: string) =>
    inWorkspace(it.db, workspaceId, async (tx) => {
      await narrowToTeams(tx, [team])
      return saveMute(tx, id, { reason: 'muted', byAgentId: newId(), at: new Date() })
    })

  expect([await get(ours), await get(theirs)]).toEqual([200, 404])
  expect([await mute(ours), await mute(theirs)]).toEqual([true, false])
})
