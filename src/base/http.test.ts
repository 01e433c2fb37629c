/** The edge of the house: what may come in, by which way, how much of it, and under whose name it is counted. */
import pino from 'pino'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { testApp } from '../../test/app.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { makeServer } from './http.ts'

let it: TestDb
beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())

type Asked = { host?: string; origin?: string; site?: string; forwarded?: Record<string, string> }
type From = Asked & { remoteAddress?: string }

async function aHouse(options: Parameters<typeof testApp>[1] = {}) {
  const rooms: NonNullable<typeof options>['rooms'] = (mount, tools, app) => {
    options.rooms?.(mount, tools, app)
    app.get('/api/test', async (request) => ({ ip: request.ip }))
    app.get('/picture.svg', async () => 'a picture')
  }
  const house = await testApp(it, { ...options, rooms })
  onTestFinished(() => house.app.close())
  const headersOf = ({ host, origin, site, forwarded }: Asked) => ({
    ...(host && { host }),
    ...(origin && { origin }),
    ...(site && { 'sec-fetch-site': site }),
    ...forwarded,
  })
  const get = (url: string, from: From = {}) =>
    house.app.inject({
      url,
      headers: headersOf(from),
      ...(from.remoteAddress && { remoteAddress: from.remoteAddress }),
    })
  const post = async (url: string, payload: object | string, from: From = {}) => {
    const answer = await house.app.inject({
      method: 'POST',
      url,
      payload,
      headers: { 'content-type': 'application/json', ...headersOf(from) },
      ...(from.remoteAddress && { remoteAddress: from.remoteAddress }),
    })
    return [answer.statusCode, answer.json().code]
  }
  const signIn = (from: From = {}) => post('/api/session', { email: 'ana@acme.test', password: 'x' }, from)
  return { ...house, get, post, tryPassword: signIn }
}

const asked = [422, 'sign-in-failed']
const unsafe = [403, 'not-https']
const elsewhere = [403, 'cross-site']

test('over plain HTTP on a real network nobody is asked for a password', async () => {
  const { get, post } = await aHouse({ baseUrl: 'http://care.acme.test', signInAllowed: false })
  const token = 'a-guess-that-is-long-enough'
  const form = { token, name: 'A', email: 'a@b.test', password: 'long enough to be good', brand: 'A' }

  expect(await post('/api/setup', { ...form, timeZone: 'UTC' })).toEqual(unsafe)
  expect(await post('/api/session', { email: 'ana@acme.test', password: 'x' })).toEqual(unsafe)
  expect(await post('/api/sign-in-link', { token })).toEqual(unsafe)
  expect((await get('/api/door')).json()).toEqual({ phase: 'setup', blocked: 'not-https', rehearsal: false })
})

const lan = { host: '192.168.1.5:4000', remoteAddress: '192.168.1.9' }
const named = { host: 'care.acme.test' }
const bySecureProxy = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.1' }

test.each<[string, From, boolean]>([
  ['the proxy beside us', { ...named, forwarded: bySecureProxy }, true],
  ['a proxy beside us that says nothing', named, true],
  ['the proxy beside us, over IPv6', { ...named, remoteAddress: '::1' }, true],
  ['the proxy beside us, on a socket for both', { ...named, remoteAddress: '::ffff:127.0.0.1' }, true],
  ['this machine itself', { host: 'localhost:4000' }, true],
  ['the named proxy', { ...named, remoteAddress: '10.0.0.5', forwarded: bySecureProxy }, true],
  ['the local network, by its address', lan, false],
  ['this machine, by an address of the network', { host: '192.168.1.5:4000' }, false],
  ['the local network, under our name', { ...lan, ...named }, false],
  ['the local network, claiming to be a proxy', { ...lan, ...named, forwarded: bySecureProxy }, false],
  ['the local network, claiming to be us', { ...lan, host: 'localhost:4000' }, false],
  ['the named proxy, over plain HTTP', { ...named, remoteAddress: '10.0.0.5' }, false],
  ['another name that leads here', { host: 'care.evil.test', forwarded: bySecureProxy }, false],
])('with an https:// address, a password from %s', async (_who, from, isSafe) => {
  const { get, tryPassword } = await aHouse({ baseUrl: 'https://care.acme.test', proxies: ['10.0.0.5'] })

  expect(await tryPassword(from)).toEqual(isSafe ? asked : unsafe)
  expect((await get('/api/door', from)).json().blocked).toBe(isSafe ? null : 'not-https')
})

test('a proxy that is not believed is named in the log, once', async () => {
  const lines: string[] = []
  const log = pino({ level: 'warn', base: null }, { write: (line) => void lines.push(line) })
  const app = await makeServer({ publicUrl: 'https://care.acme.test', log })
  onTestFinished(() => app.close())
  app.get('/api/door', async () => 'blocked')

  const headers = { host: 'care.acme.test', ...bySecureProxy }
  for (let time = 0; time < 3; time++)
    await app.inject({ url: '/api/door', headers, remoteAddress: '172.18.0.4' })
  await app.inject({ url: '/api/door', headers: named, remoteAddress: '192.168.1.9' })

  expect(lines.map((line) => JSON.parse(line)).map((it) => [it.proxy, it.msg])).toEqual([
    ['172.18.0.4', 'says HTTPS and is not believed: name it in EVENHAND_PROXY if it is your proxy'],
  ])
})

test('on localhost only this machine’s own names lead in, however the address is spelled', async () => {
  const { get, tryPassword } = await aHouse()

  expect(await tryPassword({ host: 'localhost:4000' })).toEqual(asked)
  expect(await tryPassword({ host: 'evil.test' })).toEqual(unsafe)
  expect((await get('/api/door', { host: 'evil.test' })).json().blocked).toBe('not-https')
  expect((await get('/%61pi/test', { host: 'evil.test' })).statusCode).toBe(403)
})

test('no answer of the API is kept by a cache, however its address is spelled', async () => {
  const { get } = await aHouse()

  for (const url of ['/api/test', '/%61pi/test', '/api/me', '/api/nothing'])
    expect((await get(url)).headers['cache-control'], url).toBe('no-store, private')
})

test('every answer tells the browser what it may do with it, and lets no other site read it', async () => {
  const policy =
    "default-src 'self';base-uri 'none';font-src 'self';form-action 'self';frame-ancestors 'none';img-src 'self' data: blob:;object-src 'none';script-src 'self';script-src-attr 'none';style-src 'self';connect-src 'self'"
  const careful = {
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  }
  const plain = await aHouse()
  const safe = await aHouse({ baseUrl: 'https://care.acme.test' })
  const foreign = { origin: 'https://evil.test', 'access-control-request-method': 'PUT' }
  for (const url of ['/api/door', '/api/me', '/api/nothing', '/picture.svg', '/nowhere']) {
    const [here, there, asked] = [
      await plain.get(url),
      await safe.get(url, { host: 'care.acme.test', forwarded: bySecureProxy }),
      await plain.app.inject({ method: 'OPTIONS', url, headers: foreign }),
    ]
    expect(here.headers, url).toMatchObject(careful)
    expect(here.headers, url).not.toHaveProperty('strict-transport-security')
    expect(there.headers, url).toMatchObject({
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'content-security-policy': expect.stringContaining(';upgrade-insecure-requests'),
    })
    for (const answer of [here, there, asked]) {
      expect(answer.headers, url).not.toHaveProperty('access-control-allow-origin')
      expect(answer.headers, url).not.toHaveProperty('x-powered-by')
      expect(answer.headers, url).not.toHaveProperty('server')
    }
  }
})

test('a write that another site asked for is refused, by either of the two signs', async () => {
  const { tryPassword } = await aHouse({ baseUrl: 'https://care.acme.test' })
  const here = { host: 'care.acme.test', forwarded: { 'x-forwarded-proto': 'https' } }

  expect(await tryPassword({ ...here, site: 'cross-site' })).toEqual(elsewhere)
  expect(await tryPassword({ ...here, site: 'same-site' })).toEqual(elsewhere)
  expect(await tryPassword({ ...here, origin: 'https://evil.test' })).toEqual(elsewhere)
  expect(await tryPassword({ ...here, origin: 'https://evil.test', site: 'same-origin' })).toEqual(elsewhere)
  expect(await tryPassword({ ...here, origin: 'null' })).toEqual(elsewhere)
  // The page itself came over plain HTTP, and a careless proxy passed it on.
  expect(await tryPassword({ ...here, origin: 'http://care.acme.test' })).toEqual(elsewhere)

  expect(await tryPassword({ ...here, origin: 'https://care.acme.test', site: 'same-origin' })).toEqual(asked)
  expect(await tryPassword({ host: 'localhost:4000', origin: 'http://localhost:4000' })).toEqual(asked)
  expect(await tryPassword({ host: '127.0.0.1:4000', origin: 'http://localhost:4000' })).toEqual(elsewhere)
})

test('strangers get 8 KB of attention, and colleagues the usual', async () => {
  const { post, app, signIn } = await aHouse()
  const nested = (deep: number) => `${'['.repeat(deep)}${']'.repeat(deep)}`
  const wide = (keys: number) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: keys }, (_, at) => [`k${at}`, 1])))

  expect(await post('/api/session', nested(4_000))).toEqual([400, 'bad-input'])
  expect(await post('/api/session', nested(200_000))).toEqual([413, 'bad-input'])
  expect(await post('/api/session', wide(90_000))).toEqual([413, 'bad-input'])
  expect(await post('/api/setup', wide(90_000))).toEqual([413, 'bad-input'])

  const headers = await signIn(await aWorkspace(it.db))
  const change = { brand: 'B'.repeat(20_000), timeZone: 'UTC', answerWithinMinutes: 60 }
  const tooLong = await app.inject({ method: 'PUT', url: '/api/workspace', payload: change, headers })
  expect(tooLong.statusCode).toBe(400)
})

test('a form at the door fits, however its characters are written', async () => {
  await using other = await freshDb()
  const { app } = await testApp(other)
  onTestFinished(() => app.close())
  const escaped = (length: number) => '\\u4e2d'.repeat(length)
  const form = `{"token":"${escaped(200)}","name":"${escaped(100)}","email":"a@b.test","password":"${escaped(128)}","brand":"${escaped(100)}","timeZone":"UTC"}`

  const headers = { 'content-type': 'application/json' }
  const answer = await app.inject({ method: 'POST', url: '/api/setup', payload: form, headers })
  expect(answer.json().code).toBe('link-used')
})

test('one agent who asks too much leaves the office and the screens alone', async () => {
  const { app, get, signIn } = await aHouse()
  const [busy, calm] = [await signIn(await aWorkspace(it.db)), await signIn(await aWorkspace(it.db))]
  const ask = async (headers: { cookie: string }) =>
    (await app.inject({ url: '/api/test', headers })).statusCode

  const answers = await Promise.all(Array.from({ length: 1_250 }, () => ask(busy)))
  const pictures = await Promise.all(Array.from({ length: 1_250 }, () => get('/picture.svg')))

  expect(answers.filter((it) => it === 200)).toHaveLength(1_200)
  expect(answers.filter((it) => it === 429)).toHaveLength(50)
  expect(pictures.every((it) => it.statusCode === 200)).toBe(true)
  expect(await ask(calm)).toBe(200)
})

test('who has no session is counted by address, whatever cookie they make up', async () => {
  const { app } = await aHouse()
  const statuses: number[] = []

  for (let at = 0; at < 1_201; at++) {
    const headers = { cookie: `evenhand.session_token=made-up-${at}` }
    statuses.push((await app.inject({ url: '/api/test', headers })).statusCode)
  }

  expect(statuses.indexOf(429)).toBe(1_200)
})

test('behind a proxy each visitor is counted by their own address, and strangers cannot claim one', async () => {
  const visitorOf = async (baseUrl: string, remoteAddress: string, proxies: string[] = []) => {
    const { get } = await aHouse({ baseUrl, proxies })
    const forwarded = { 'x-forwarded-for': '203.0.113.1', 'x-forwarded-proto': 'https' }
    const host = new URL(baseUrl).host
    const answer = await get('/picture.svg', { host, remoteAddress, forwarded })
    expect(answer.statusCode).toBe(200)
    return (await get('/api/test', { host, remoteAddress, forwarded })).json().ip
  }
  const [https, here] = ['https://care.acme.test', 'http://localhost:4000']

  expect(await visitorOf(https, '127.0.0.1')).toBe('203.0.113.1')
  expect(await visitorOf(https, '10.0.0.5', ['10.0.0.0/24'])).toBe('203.0.113.1')
  expect(await visitorOf(https, '10.0.0.5')).toBeUndefined()
  expect(await visitorOf(https, '198.51.100.7', ['10.0.0.5'])).toBeUndefined()
  expect(await visitorOf(here, '127.0.0.1')).toBe('127.0.0.1')
})
