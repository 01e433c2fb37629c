import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { watchRoutes } from './watch.routes.ts'

let it: TestDb
let house: TestApp
beforeAll(async () => {
  it = await freshDb()
  house = await testApp(it, { rooms: (mount) => watchRoutes(mount) })
})
afterAll(async () => {
  await house.app.close()
  await it[Symbol.asyncDispose]()
})

async function anAgent() {
  const agent = await aWorkspace(it.db)
  const headers = await house.signIn(agent)
  type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
  return (method: Method, url: string, payload?: object) =>
    house.app.inject({ method, url, headers, ...(payload ? { payload } : {}) })
}

test('a watch is added, changed, listed and ended', async () => {
  const call = await anAgent()

  const added = await call('POST', '/api/watches', { name: ' Acme ', terms: { words: ['Acme'] } })
  const { watchId } = added.json()
  await call('PUT', `/api/watches/${watchId}`, {
    name: 'Acme',
    terms: { words: ['Acme'], exclusions: ['jobs'] },
  })
  const listed = (await call('GET', '/api/watches')).json()
  const ended = await call('DELETE', `/api/watches/${watchId}`)

  expect(added.json()).toMatchObject({
    name: 'Acme',
    terms: { words: ['Acme'], handles: [], hashtags: [], domains: [], exclusions: [] },
  })
  expect(listed).toHaveLength(1)
  expect(listed[0].terms.exclusions).toEqual(['jobs'])
  expect(ended.json()).toEqual({ done: true })
  expect((await call('GET', '/api/watches')).json()).toEqual([])
  expect((await call('DELETE', `/api/watches/${watchId}`)).statusCode).toBe(404)
})

test('the same watch twice is one watch', async () => {
  const call = await anAgent()
  const watch = { name: 'Acme', terms: { words: ['Acme'] } }

  const ids = [await call('POST', '/api/watches', watch), await call('POST', '/api/watches', watch)]

  expect(new Set(ids.map((answer) => answer.json().watchId)).size).toBe(1)
})

test('an empty watch and one that catches everything are refused with their own words', async () => {
  const call = await anAgent()

  const empty = await call('POST', '/api/watches', { name: 'x', terms: {} })
  const wide = await call('POST', '/api/watches', { name: 'x', terms: { words: ['a'] } })

  expect([empty.statusCode, empty.json().code]).toEqual([422, 'watch-empty'])
  expect([wide.statusCode, wide.json().code]).toEqual([422, 'watch-too-wide'])
})

test('an agent of one workspace gets not-found for a watch of another', async () => {
  const ours = await anAgent()
  const theirs = await anAgent()
  const watch = { name: 'Acme', terms: { words: ['Acme'] } }
  const { watchId } = (await theirs('POST', '/api/watches', watch)).json()

  const changed = await ours('PUT', `/api/watches/${watchId}`, { ...watch, name: 'Stolen' })
  const ended = await ours('DELETE', `/api/watches/${watchId}`)

  expect([changed.statusCode, changed.json().code]).toEqual([404, 'not-found'])
  expect([ended.statusCode, ended.json().code]).toEqual([404, 'not-found'])
  expect((await theirs('GET', '/api/watches')).json()).toMatchObject([{ name: 'Acme' }])
})

test('nobody who is not signed in hears what we listen for', async () => {
  const answer = await house.app.inject({ url: '/api/watches' })

  expect([answer.statusCode, answer.json().code]).toEqual([401, 'not-signed-in'])
})

test.each([
  ['a NUL', 'ac\u0000me'],
  ['half a surrogate pair', 'acme \ud800'],
  ['right to left', 'شركة ‮acme'],
  ['zalgo', 'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢Lͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ'],
])('%s in a watch is kept and listed', async (_name, word) => {
  const call = await anAgent()

  const added = await call('POST', '/api/watches', { name: word, terms: { words: [word] } })

  expect(added.statusCode).toBe(200)
  expect((await call('GET', '/api/watches')).json()).toHaveLength(1)
})

test('a word of fifty thousand characters is refused, not a crash', async () => {
  const call = await anAgent()

  const answer = await call('POST', '/api/watches', {
    name: 'x',
    terms: { words: ['👩‍👩‍👧‍👦'.repeat(12_000)] },
  })

  expect([answer.statusCode, answer.json().code]).toEqual([400, 'bad-input'])
})
