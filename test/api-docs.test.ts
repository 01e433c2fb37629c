/** The API's documentation of the whole house: all that is mounted is in it, and what it says holds together. */

import diagnostics from 'node:diagnostics_channel'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../src/app.ts'
import { freePort } from '../src/base/embedded-postgres.ts'
import { makePostOffice } from '../src/base/mail.ts'
import type { ApiDocument, Operation, Parameter, Response } from '../src/base/openapi.ts'
import { makeOutside } from '../src/base/outside.ts'
import { statusOf } from '../src/base/refusal.ts'
import { startLive } from '../src/cases/live.jobs.ts'
import { makeConnectors } from '../src/connectors/connectors.ts'
import { isPermission } from '../src/staff/permissions.ts'
import { makeSessions } from '../src/staff/session.ts'
import { makeSetupLink } from '../src/staff/setup-link.ts'
import { cookieOf } from './app.ts'
import { freshDb, type TestDb } from './db.ts'
import { expectAccessible, hasBrowser, openBrowser, openPage, photographFailures } from './e2e/browser.ts'
import { testKey } from './key.ts'

let it: TestDb
let app: FastifyInstance
let home: string
let cookie: string
let document: ApiDocument
const mounted: string[] = []

beforeAll(async () => {
  it = await freshDb()
  home = `http://localhost:${await freePort()}`
  app = await seeingRoutes(buildHouse)
  const token = await makeSetupLink(it.db, 'setup', () => new Date())
  const founder = { name: 'Ana Ruiz', email: 'ana@acme.test', password: 'four random words here' }
  const payload = { token, ...founder, brand: 'Acme', timeZone: 'UTC' }
  cookie = cookieOf(await app.inject({ method: 'POST', url: '/api/setup', payload }))
  document = (await ask('/api/openapi.json')).json()
})
afterAll(async () => {
  await app?.close()
  await it?.[Symbol.asyncDispose]()
})

const ask = (url: string, headers: { cookie?: string } = { cookie }) => app.inject({ url, headers })

function buildHouse(): Promise<FastifyInstance> {
  const now = () => new Date()
  const connectors = makeConnectors({ appViewUrl: null, plcUrl: 'http://127.0.0.1:1', rehearsalPace: 1 })
  const door = { baseUrl: home, signInAllowed: true, rehearsal: false }
  return buildApp({
    db: it.db,
    pool: it.pool,
    master: testKey,
    folder: tmpdir(),
    connectors,
    outside: makeOutside([]),
    ways: { open: makeOutside([]), own: makeOutside([]) },
    postOffice: makePostOffice({ mail: null, rehearse: true, allow: [] }),
    sessions: makeSessions({ ...door, db: it.db, pool: it.pool, master: testKey, now }),
    live: startLive({ url: it.url, db: it.db, links: connectors }),
    publicUrl: home,
    proxies: [],
    jetstreamUrl: null,
    now,
    webFolder: null,
  })
}

/** The framework tells of every server that begins, before any route is named: nothing is mounted unseen. */
async function seeingRoutes(build: () => Promise<FastifyInstance>): Promise<FastifyInstance> {
  const note = ({ method, url }: RouteOptions) => {
    mounted.push(...[method].flat().map((it) => `${it} ${url.replaceAll(/:(\w+)/g, '{$1}')}`))
  }
  const watch = (begun: unknown) => {
    ;(begun as { fastify: FastifyInstance }).fastify.addHook('onRoute', note)
  }
  diagnostics.subscribe('fastify.initialization', watch)
  try {
    return await build()
  } finally {
    diagnostics.unsubscribe('fastify.initialization', watch)
  }
}

type Described = Operation & { name: string }
const described = (): Described[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, it]) => ({ ...it, name: `${method.toUpperCase()} ${path}` })),
  )
const byName = (name: string) => described().find((it) => it.name === name)!

test('every route below /api is in the document, and nothing else is', () => {
  const reachable = mounted.filter((it) => / \/api\//.test(it) && !it.startsWith('HEAD '))

  expect(reachable.length).toBeGreaterThan(30)
  expect(
    described()
      .map((it) => it.name)
      .sort(),
  ).toEqual(reachable.sort())
})

test('the document is OpenAPI 3.1: named once, described, grouped, and answering', () => {
  const ids = described().map((it) => it.operationId)
  const groups = document.tags.map((it) => it.name)

  expect(document.openapi).toMatch(/^3\.1\.\d+$/)
  expect(document.info).toMatchObject({ title: 'Evenhand', version: '0.1.0' })
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.filter((id) => !/^[a-z][A-Za-z0-9]+$/.test(id))).toEqual([])
  for (const it of described()) {
    expect(it.summary, it.name).toMatch(/\.$/)
    expect(groups, it.name).toEqual(expect.arrayContaining(it.tags))
    expect(Object.keys((it.responses[200] as Response).content), it.name).toHaveLength(1)
    expect(
      Object.keys(it.responses).filter((key) => !/^([1-5]\d\d|default)$/.test(key)),
      it.name,
    ).toEqual([])
    expect(it.requestBody !== undefined && it.name.startsWith('GET'), it.name).toBe(false)
  }
})

test('every reference leads somewhere, and every shape is used', () => {
  const text = JSON.stringify(document)
  const refs = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map((it) => it[1]!))
  const resolve = (ref: string) =>
    ref
      .split('/')
      .slice(1)
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document)

  expect([...refs].filter((ref) => !ref.startsWith('#/') || resolve(ref) === undefined)).toEqual([])
  expect(
    Object.keys(document.components.schemas).filter((it) => !refs.has(`#/components/schemas/${it}`)),
  ).toEqual([])
  expect(text).not.toContain('$defs')
  expect(refs).toContain('#/components/schemas/Card')
})

test('every place in an address is declared as a parameter, once', () => {
  for (const it of described()) {
    const { name } = it
    const parameters = parametersOf(it)
    const places = [...name.matchAll(/\{(\w+)\}/g)].map((it) => it[1])
    const declared = parameters.filter((it) => it.in === 'path')

    expect(
      declared.map((it) => it.name),
      name,
    ).toEqual(places)
    expect(
      declared.every((it) => it.required),
      name,
    ).toBe(true)
    expect(new Set(parameters.map((it) => it.name)).size, name).toBe(parameters.length)
  }
})

const parametersOf = ({ parameters = [] }: Operation): Parameter[] =>
  parameters.map((it) =>
    '$ref' in it ? document.components.parameters[it.$ref.replace('#/components/parameters/', '')]! : it,
  )

test('each operation says by which way in, and with which permission', () => {
  const { session, key } = document.components.securitySchemes

  expect(session).toMatchObject({ type: 'apiKey', in: 'cookie' })
  expect(key).toMatchObject({ type: 'http', scheme: 'bearer' })
  expect(byName('POST /api/session').security).toEqual([])
  expect(byName('GET /api/me').security).toEqual([{ session: [] }, { key: [] }])
  expect(byName('GET /api/cases').security).toEqual([{ session: ['cases.read'] }, { key: ['cases.read'] }])
  expect(byName('POST /api/keys').security).toEqual([{ session: ['keys.own'] }])
  expect(byName('GET /api/me').responses[401]).toBeDefined()
  expect(byName('POST /api/session').responses[401]).toBeUndefined()
  for (const it of described()) {
    const named = it.security.flatMap((one) => Object.values(one)).flat()
    expect(
      named.filter((one) => !isPermission(one)),
      it.name,
    ).toEqual([])
  }
})

test('every create takes an Idempotency-Key, and nothing else does', () => {
  const taking = described().filter((it) => parametersOf(it).some(({ name }) => name === 'Idempotency-Key'))
  const creating = described().filter((it) => it.name.startsWith('POST ') && it.security.length > 0)

  expect(taking.map((it) => it.name)).toEqual(creating.map((it) => it.name))
  expect(taking.length).toBeGreaterThan(5)
  for (const it of taking)
    expect((it.responses[200] as Response).headers, it.name).toHaveProperty('Idempotent-Replayed')
})

test('what answers say about how much is left is what the document says', async () => {
  const answers = await Promise.all([
    ask('/api/me'),
    ask('/api/me', {}),
    ask('/api/door', {}),
    ask('/api/nothing-here'),
    app.inject({
      method: 'POST',
      url: '/api/session',
      payload: {},
      headers: { 'sec-fetch-site': 'cross-site' },
    }),
  ])

  expect(answers.map((it) => it.statusCode)).toEqual([200, 401, 200, 404, 403])
  for (const { headers } of answers) {
    expect(headers['ratelimit-policy']).toMatch(/^"(reading|writing)";q=\d+;w=60$/)
    expect(headers.ratelimit).toMatch(/^"(reading|writing)";r=\d+;t=\d+$/)
  }
  for (const it of described())
    expect((it.responses[200] as Response).headers, it.name).toMatchObject({
      RateLimit: {},
      'RateLimit-Policy': {},
    })
  expect(document.components.responses.Refused429!.headers).toHaveProperty('Retry-After')
})

test('refusals are told with the closed list of their codes', () => {
  const codes = Object.values(document.components.responses).flatMap((it) => {
    const { status, code } = it.content['application/problem+json']!.schema.properties!
    return status!.const === undefined ? [] : (code!.enum as string[])
  })

  expect(codes.sort()).toEqual([...Object.keys(statusOf), 'broken'].sort())
  expect(byName('PUT /api/cases/{id}/closure').responses[409]).toEqual({
    $ref: '#/components/responses/Refused409',
  })
})

test('a schema tells what the contract asks for, in what is sent and in what is answered', () => {
  expect(byName('PUT /api/cases/{id}/closure').requestBody?.content).toEqual({
    'application/json': {
      schema: {
        type: 'object',
        properties: {
          outcome: { type: 'string', enum: ['solved', 'declined', 'no-answer-needed', 'gave-up'] },
          outcomeBy: { type: 'string', enum: ['customer', 'us'], default: 'us' },
          reason: { anyOf: [{ type: 'string', maxLength: 500 }, { type: 'null' }], default: null },
        },
        required: ['outcome'],
        additionalProperties: false,
      },
    },
  })
  expect(byName('GET /api/cases').parameters).toContainEqual({
    name: 'limit',
    in: 'query',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
  })
  expect((byName('POST /api/cases/{id}/replies').responses[200] as Response).content).toEqual({
    'application/json': { schema: { $ref: '#/components/schemas/Reply' } },
  })
  expect(Object.keys((byName('GET /api/events').responses[200] as Response).content)).toEqual([
    'text/event-stream',
  ])
})

test.each(['/api/openapi.json', '/api/docs', '/api/docs.css'])(
  '%s is for agents and kept by no cache',
  async (url) => {
    const stranger = await ask(url, {})
    const agent = await ask(url)

    expect([stranger.statusCode, stranger.json().code]).toEqual([401, 'not-signed-in'])
    expect(agent.statusCode).toBe(200)
    expect(agent.headers['cache-control']).toBe('no-store, private')
  },
)

test('the page names every route, has no script and no style of its own, and every link on it leads somewhere', async () => {
  const { body, headers } = await ask('/api/docs')
  const ids = [...body.matchAll(/ id="([^"]+)"/g)].map((it) => it[1]!)
  const links = [...body.matchAll(/href="#([^"]+)"/g)].map((it) => it[1]!)

  expect(headers['content-type']).toBe('text/html; charset=utf-8')
  expect(described().filter((it) => !ids.includes(it.operationId))).toEqual([])
  expect(body).not.toMatch(/<script|<style| style=| on\w+=/)
  expect(links.filter((it) => !ids.includes(it))).toEqual([])
  expect(new Set(ids).size).toBe(ids.length)
})

test('the page says in words what a field is', async () => {
  const { body } = await ask('/api/docs')
  const row = (operation: string, name: string) => {
    const article = body.split(`<article aria-labelledby="${operation}">`)[1]!.split('</article>')[0]!
    const rows = [...article.matchAll(/<tr>(.+?)<\/tr>/g)].map((it) => it[1]!.replaceAll(/<[^>]+>/g, '|'))
    return rows.filter((it) => it.includes(`|${name}|`)).map((it) => it.split(/\|+/).join(' ').trim())
  }

  expect(row('getCases', 'next')).toEqual(['next text or null'])
  expect(row('getCases', 'view')).toEqual([
    'view query one of  queue   mine   answered   closed ;  &#34;queue&#34;  when left out',
  ])
  expect(row('getCases', 'after')).toEqual(['after query text, at most 200 characters; may be left out'])
  expect(row('getCases', 'cards')).toEqual(['cards list of  Card'])
  expect(row('getCases', 'counts.queue')).toEqual(['counts.queue number'])
  expect(row('postSources', 'words')).toEqual(['words list of text, 1 to 200 characters, 1 to 50 of them'])
  expect(row('postWatches', 'terms.words')[0]).toBe(
    'terms.words list of text, 1 to 200 characters, at most 100 of them;  []  when left out',
  )
  expect(body).not.toMatch(/>anything|undefined|\[object/)
})

test("the page's colours are those of the screens", () => {
  const theme = readFileSync('src/web/theme.css', 'utf8')
  const look = readFileSync('src/base/openapi-page.css', 'utf8')
  const colours = look.match(/--color-[\w-]+: .+;/g) ?? []

  expect(colours).toHaveLength(7)
  expect(colours.filter((it) => !theme.includes(it))).toEqual([])
})

describe.skipIf(!hasBrowser)('in a browser', { timeout: 120_000 }, () => {
  test('the page is accessible, light and dark, fits a telephone and loads nothing from elsewhere', async () => {
    await app.listen({ host: 'localhost', port: Number(new URL(home).port) })
    const browser = await openBrowser()
    try {
      const { page, troubles } = await openPage(browser, home, { width: 390, height: 844 })
      photographFailures(page)
      const [name, value] = cookie.split(/=(.*)/) as [string, string]
      await page.context().addCookies([{ name, value, url: home }])
      const loaded: string[] = []
      page.on('request', (request) => loaded.push(new URL(request.url()).pathname))

      await page.goto(`${home}/api/docs`)

      await page.getByRole('heading', { name: 'PUT /api/cases/{id}/closure' }).waitFor()
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
      // Closed, as it comes; and one of each kind open.
      for (const operation of ['getCases', 'putCasesByIdClosure', 'postKeys'])
        await page.locator(`article[aria-labelledby=${operation}] summary`).click()
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await expectAccessible(page, `the API's page, ${colorScheme}`)
      }
      expect(loaded).toEqual(['/api/docs', '/api/docs.css'])
      expect(troubles).toEqual([])
    } finally {
      await browser.close()
    }
  })
})
