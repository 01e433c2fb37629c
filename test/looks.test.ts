/**
 * P6: whatever shows a person's words, name or address is a look at them, or says here why it is none. The list is made
 * from the contracts: a route whose answer has a place for such words fails until somebody decides.
 */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { findAll } from '../src/base/db.ts'
import { entries } from './walls/entries.ts'
import { anAgentOf, aWalledHouse, type WalledHouse } from './walls/house.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

/** Each is kept once an hour, for the person whose case it is. */
const keepsLooks = [
  'GET /api/authors/:id/contact-points',
  'GET /api/cases/:id',
  'GET /api/cases/:id/thread',
  'GET /api/files/:id',
  'GET /api/person-searches/:id',
  'GET /api/posts/:id/images/:n',
  'GET /api/posts/:id/quote',
  'POST /api/person-searches',
]

const list = 'a list of cards to choose from, drawn again whenever anything changes: nobody looks at each'
const written = 'what is done to a case stands in the audit log, with the case and who did it'
const ours = 'our own words'
const house = 'what belongs to the house: no person of a case is in it'
const whyNone: Record<string, string> = {
  'GET /api/cases': list,
  'GET /api/approvals': list,
  'GET /api/events': list,
  'PUT /api/cases/:id/assignee': written,
  'PUT /api/cases/:id/team': written,
  'PUT /api/cases/:id/closure': written,
  'DELETE /api/cases/:id/closure': written,
  'GET /api/absences/:id/cases': 'which cases went back, by number and handle: a list of cards',
  'GET /api/cases/:id/draft': ours,
  'POST /api/cases/:id/replies': ours,
  'DELETE /api/replies/:id': ours,
  'PUT /api/replies/:id/decision': ours,
  'PUT /api/approvals/:id': ours,
  'DELETE /api/approvals/:id': ours,
  'GET /api/rehearsal/letters': 'letters to colleagues, in a rehearsal',
  'GET /api/looks': 'the record of looks itself, for those who watch over it',
  'GET /api/threads/image': 'its sealed address comes from a thread alone, which was a look a moment ago',
  'GET /api/data/exports/:id/file': 'the whole workspace: making it and fetching it are in the audit log',
  'GET /api/audit/export': 'ids and states of what was done, never words of people',
  'GET /api/channels': house,
  'POST /api/channels': house,
  'PUT /api/channels/:id/secret': house,
  'GET /api/docs': house,
  'GET /api/docs.css': house,
  'GET /api/sso/callback': house,
}

let it: WalledHouse
beforeAll(async () => {
  it = await aWalledHouse()
})
afterAll(() => it?.[Symbol.asyncDispose]())

test('a route whose answer holds words of people keeps looks, or it is said why not', () => {
  const showing = [...it.contracts].filter(([, route]) => route.media || hasWords(route.response))

  expect(showing.map(([key]) => key).sort()).toEqual([...keepsLooks, ...Object.keys(whyNone)].sort())
})

test.each(keepsLooks)('%s is one look an hour, on its first time already', async (key) => {
  const agentId = await anAgentOf(it.it, it.ours)
  const headers = await it.door.signIn({ agentId })
  const searchId = key.endsWith('searches/:id') ? await aSearchOf(agentId) : it.ours.searchId
  // Its first page: where an entry pages on, nobody is left.
  const { query: _, ...ask } = entries[key]!.ask({ ...it.ours, searchId })

  await it.call(key, ask, headers)
  const looks = await looksOf(agentId)
  if (key.startsWith('GET ')) await it.call(key, ask, headers)

  expect(looks.map((one) => one.authorId)).toEqual([it.ours.authorId])
  expect((await looksOf(agentId)).map((one) => one.authorId)).toEqual([it.ours.authorId])
})

const looksOf = (agentId: string) =>
  findAll(it.it.owner, sql<{ authorId: string }>`select author_id from looks where agent_id = ${agentId}`)

async function aSearchOf(agentId: string): Promise<string> {
  const [made] = await findAll(
    it.it.owner,
    sql<{ searchId: string }>`insert into person_searches (workspace_id, agent_id, name, reason, at)
      values (${it.ours.workspaceId}, ${agentId}, 'heron', 'She called about a parcel', now()) returning search_id`,
  )
  return made!.searchId
}

/** Fields of the house's own shapes that hold what people wrote, are called or can be reached by. */
const wordFields = /"(text|excerpt|handle|displayName|value)":/
function hasWords(response: z.ZodType): boolean {
  return wordFields.test(JSON.stringify(z.toJSONSchema(response, { unrepresentable: 'any' })))
}
