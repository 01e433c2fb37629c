/** Machines and strangers may ask at any time; the database must not feel it. */
import Fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { healthRoutes, type Readiness } from './health.routes.ts'

function aHouse(find: (asked: number) => Promise<Readiness>) {
  const app = Fastify()
  onTestFinished(() => app.close())
  let asked = 0
  healthRoutes(app, { findReadiness: () => find(++asked) })
  const ask = async () => (await app.inject('/readyz')).statusCode
  return { ask, asked: () => asked }
}

test('a crowd that asks whether the house is ready costs the database a few questions', async () => {
  const { ask, asked } = aHouse(async () => ({ database: 'there', sources: {} }))

  const together = await Promise.all(Array.from({ length: 500 }, ask))
  const after = await ask()

  expect(new Set([...together, after])).toEqual(new Set([200]))
  expect(asked()).toBeLessThanOrEqual(5)
})

test('what was remembered is asked anew soon: a database that came back is seen', async () => {
  const { ask } = aHouse(async (times) => ({ database: times === 1 ? 'away' : 'there', sources: {} }))

  expect(await ask()).toBe(503)
  await expect.poll(ask, { timeout: 10_000 }).toBe(200)
})

test('a question that broke is not remembered', async () => {
  const { ask } = aHouse(async (times) => {
    if (times === 1) throw new Error('broken')
    return { database: 'there', sources: {} }
  })

  expect([await ask(), await ask()]).toEqual([500, 200])
})
