import { expect, test } from 'vitest'
import { makeServer } from './http.ts'
import type { Visitor } from './rate-limit.ts'

async function asked(visitor: Visitor | null, url: string): Promise<string> {
  const app = await makeServer({ publicUrl: 'http://localhost:4000', visitorOf: async () => visitor })
  for (const path of ['/api/cases', '/api/watches']) app.post(path, async () => ({}))
  const answer = await app.inject({ method: 'POST', url, payload: {} })
  await app.close()
  return String(answer.headers['ratelimit-policy'])
}

test('a key hands in 600 cases a second beside what else it writes; a person and a stranger do not', async () => {
  const key = { kind: 'key', id: 'a' } as const

  expect(await asked(key, '/api/cases')).toBe('"handing-in";q=36000;w=60')
  expect(await asked(key, '/api/watches')).toBe('"writing";q=1200;w=60')
  expect(await asked({ kind: 'session', id: 'a' }, '/api/cases')).toBe('"writing";q=600;w=60')
  expect(await asked(null, '/api/cases')).toBe('"writing";q=300;w=60')
})

test('who has handed in all they may still writes', async () => {
  const app = await makeServer({
    publicUrl: 'http://localhost:4000',
    visitorOf: async () => ({ kind: 'key', id: 'a' }),
  })
  for (const path of ['/api/cases', '/api/watches']) app.post(path, async () => ({}))
  const post = async (url: string) =>
    (await app.inject({ method: 'POST', url, payload: {} })).headers.ratelimit

  await post('/api/cases')

  expect(await post('/api/cases')).toMatch(/r=35998/)
  expect(await post('/api/watches')).toMatch(/r=1199/)
  await app.close()
})
