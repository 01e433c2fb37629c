/**
 * What the web itself can do to us: S-04 (streams), S-24 (too much), S-25 (headers of proxies), S-28 (other sites),
 * S-30 (caches). Asked over real sockets, of the whole house.
 */
import { request as ask, createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { openStream } from './event-stream.ts'
import { entries } from './walls/entries.ts'
import {
  aKeyOf,
  anAgentOf,
  aWalledHouse,
  closedEntries,
  type Headers,
  type WalledHouse,
  word,
} from './walls/house.ts'
import { digestOf, type Place } from './walls/place.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let house: WalledHouse
let ours: Place
let theirs: Place
let port: number
let home: string
beforeAll(async () => {
  house = await aWalledHouse()
  ;({ ours, theirs } = house)
  await house.app.listen({ port: 0, host: '127.0.0.1' })
  port = (house.app.server.address() as AddressInfo).port
  home = `http://localhost:${port}`
})
afterAll(() => house?.[Symbol.asyncDispose]())

const noStore = 'no-store, private'

test('a stream is opened by no page of another site, and hears one workspace whatever it asks for', async () => {
  const headers = await house.door.signIn(ours)
  const open = (more: Record<string, string>, query = '') =>
    fetch(`${home}/api/events${query}`, {
      headers: { ...headers, ...more },
      signal: AbortSignal.timeout(5_000),
    })
  for (const foreign of [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ] as Headers[])
    expect((await open(foreign)).status).toBe(403)

  for (const wish of ['*', '%', '_', theirs.workspaceId, `${theirs.workspaceId}%`, '*:*', "' or 1=1 --"]) {
    const asked = `?workspace=${encodeURIComponent(wish)}&topic=${encodeURIComponent(wish)}&channel=${encodeURIComponent(wish)}`
    const stream = await openStream(`${home}/api/events${asked}`, { ...headers, 'x-workspace-id': wish })
    expect(stream.status).toBe(200)
    await stream.next('hello')
    // Something happens over there.
    const other = await house.door.signIn(theirs)
    const told = await house.call(
      'PUT /api/cases/:id/draft',
      { params: { id: theirs.caseId }, body: { text: `${word} again`, channelId: theirs.channelId } },
      other,
    )
    expect(told.status, told.text).toBe(200)
    await house.call('PUT /api/workspace', entries['PUT /api/workspace']!.ask(theirs), other)
    await house.call('PUT /api/workspace', entries['PUT /api/workspace']!.ask(ours), headers)
    await stream.next('stale')
    expect(JSON.stringify(stream.seen)).not.toMatch(
      new RegExp(`${word}|${theirs.caseId}|${theirs.workspaceId}`),
    )
    expect(stream.news().filter((it) => it === 'stale')).toHaveLength(1)
    stream.close()
    await stream.ended
  }
})

test('no page of another site changes anything, and none signs anybody in', async () => {
  const headers = await house.door.signIn(ours)
  const before = await digestOf(house.it, ours)
  const writes = Object.entries(entries).filter(([key]) => !key.startsWith('GET '))
  for (const [key, { ask }] of writes)
    for (const foreign of [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'null' },
    ] as Headers[]) {
      const answer = await house.call(key, ask(ours), { ...headers, ...foreign })
      expect([key, answer.status, answer.code]).toEqual([key, 403, 'cross-site'])
      expect(answer.headers['set-cookie'], key).toBeUndefined()
    }
  // A form of another site can send no JSON.
  for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain']) {
    const answer = await fetch(`${home}/api/session`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: 'email=a@b.test&password=12345678901234',
    })
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([415, []])
  }

  expect(writes.length).toBeGreaterThan(20)
  expect(await digestOf(house.it, ours)).toEqual(before)
})

test('what a stranger writes into the headers of proxies counts for nothing', async () => {
  const said = {
    'x-forwarded-for': '203.0.113.9',
    'x-forwarded-user': 'ana@acme.test',
    'x-forwarded-email': 'ana@acme.test',
    'x-remote-user': 'ana@acme.test',
    'x-auth-request-email': 'ana@acme.test',
    'remote-user': 'ana@acme.test',
    'cf-connecting-ip': '203.0.113.9',
    'true-client-ip': '203.0.113.9',
    'x-real-ip': '203.0.113.9',
    forwarded: 'for=203.0.113.9;proto=https;host=evil.example',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    'x-original-url': '/api/me',
    'x-http-method-override': 'DELETE',
  }
  for (const [key, { ask }] of closedEntries().filter(([one]) => one.startsWith('GET '))) {
    const answer = await house.call(key, ask(ours), said)
    expect([key, answer.status]).toEqual([key, 401])
    expect(JSON.stringify(answer.headers), key).not.toContain('evil.example')
  }
  const counted = await Promise.all(
    ['203.0.113.1', '203.0.113.2'].map((from) =>
      fetch(`${home}/api/door`, { headers: { ...said, 'x-forwarded-for': from, 'cf-connecting-ip': from } }),
    ),
  )
  const left = counted.map((it) => Number(/r=(\d+)/.exec(it.headers.get('ratelimit')!)![1]))
  expect(Math.abs(left[0]! - left[1]!)).toBe(1)

  // Another name than ours, over plain HTTP: nothing is answered that somebody could be lured by.
  const lured = await raw(`GET /api/me HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`)
  expect(lured).toMatch(/^HTTP\/1\.1 403 /)
})

test('what was read by one agent is kept by no cache, and never given to another', async () => {
  const cache = await aCachingProxy(port)
  const ana = await house.door.signIn(ours)
  const bo = await house.door.signIn(theirs)
  const reads = closedEntries().filter(([key, entry]) => key.startsWith('GET ') && !entry.isStream)
  for (const [key, { ask, answers }] of reads) {
    const { params = {}, query } = ask(ours)
    const path = key.slice(4).replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(params[name]!))
    const url = `${cache.url}${path}${query ? `?${new URLSearchParams(query)}` : ''}`
    const [first, second, stranger] = [
      await fetch(url, { headers: ana }),
      await fetch(url, { headers: bo }),
      await fetch(url),
    ]
    for (const answer of [first, second, stranger])
      expect([key, answer.headers.get('cache-control')]).toEqual([key, noStore])
    expect([key, first.status === 200, stranger.status]).toEqual([key, !answers, 401])
    if (key === 'GET /api/me') {
      const ids = [await first.json(), await second.json()].map(
        (it) => (it as { workspace: Place }).workspace.workspaceId,
      )
      expect(ids).toEqual([ours.workspaceId, theirs.workspaceId])
    }
  }
  expect(cache.kept()).toEqual([])
  expect(reads.length).toBeGreaterThan(10)
})

test('refusals and what is not there are kept by no cache either', async () => {
  const headers = await aKeyOf(house.it, { ...ours, agentId: await anAgentOf(house.it, ours) })
  for (const path of ['/api/nothing-here', '/api/cases/none', '/api/workspace-keys?limit=0'])
    expect((await fetch(`${home}${path}`, { headers })).headers.get('cache-control')).toBe(noStore)
})

const deep = (n: number) => `${'['.repeat(n)}${']'.repeat(n)}`
/** Written for parsers (JSONTestSuite's kinds): what is no JSON, and JSON that surprises. */
const json: [string, string][] = [
  ['an empty body', ''], ['a bare comma', ','], ['an open object', '{'], ['a trailing comma', '{"name":"x",}'],
  ['a comment', '{/**/"name":"x"}'], ['single quotes', "{'name':'x'}"], ['NaN', '{"name":NaN}'], ['an infinity', '{"days":1e999}'],
  ['a leading zero', '{"days":01}'], ['a hexadecimal', '{"days":0x1}'], ['a lone surrogate', '{"name":"\\ud800"}'],
  ['a bad escape', '{"name":"\\x00"}'], ['a NUL', '{"name":"\\u0000"}'], ['two of a name', '{"name":"a","name":"b"}'],
  ['a prototype', '{"__proto__":{"role":"admin"}}'], ['a constructor', '{"constructor":{"prototype":{}}}'],
  ['a byte order mark', '\ufeff{"name":"x"}'], ['two values', '{}{}'], ['a number', '1'], ['null', 'null'], ['a list', '[]'],
  ['a huge number', `{"days":${'9'.repeat(10_000)}}`], ['deep lists', deep(100_000)],
  ['deep objects', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`], ['many fields', `{${Array.from({ length: 50_000 }, (_, n) => `"f${n}":1`).join(',')}}`],
  ['many rows', `{"name":"x","may":[${'1,'.repeat(400_000)}1]}`],
  ['a long word', JSON.stringify({ name: 'a'.repeat(900_000), may: ['cases.read'] })],
] // biome-ignore format: a list to read

test('hostile JSON is refused at once, and the house stays awake', async () => {
  const headers = { ...(await house.door.signIn(ours)), 'content-type': 'application/json' }
  const before = await digestOf(house.it, ours)
  for (const [what, body] of json)
    await whileAwake(what, async () => {
      const answer = await fetch(`${home}/api/keys`, { method: 'POST', headers, body })
      expect([what, answer.status]).toEqual([what, 400])
      expect(await answer.text(), what).not.toMatch(/node_modules|at Object|\.ts:/)
    })

  expect(await digestOf(house.it, ours)).toEqual(before)
})

const head = (line: string, more = '') =>
  `${line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${more}\r\n`
const tenMegabytes = 'Content-Type: application/json\r\nContent-Length: 10485760\r\n'
const tooMuch: [string, RegExp, (cookie: string) => [string, Buffer?]][] = [
  ['ten megabytes', /^HTTP\/1\.1 413 /, (cookie) => [head('POST /api/keys', `Cookie: ${cookie}\r\n${tenMegabytes}`), Buffer.alloc(1024 * 1024, 'a')]],
  ['ten megabytes of a stranger', /^HTTP\/1\.1 413 /, () => [head('POST /api/session', tenMegabytes)]],
  ['twenty thousand headers', /^HTTP\/1\.1 431 /, () => [head('GET /api/me', Array.from({ length: 20_000 }, (_, n) => `x-${n}: ${n}\r\n`).join(''))]],
  ['a cookie of a megabyte', /^HTTP\/1\.1 431 /, () => [head('GET /api/me', `Cookie: ${'a'.repeat(1024 * 1024)}\r\n`)]],
  ['a long address', /^HTTP\/1\.1 4\d\d /, () => [head(`GET /api/cases/${'a'.repeat(9_000)}`)]],
  ['two lengths', /^HTTP\/1\.1 400 /, () => [`${head('POST /api/session', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n')}0\r\n\r\n`]],
] // biome-ignore format: a list to read

test.each(tooMuch)('%s are refused without being read', async (what, status, write) => {
  const { cookie } = await house.door.signIn(ours)
  await whileAwake(what, async () => expect(await raw(...write(cookie))).toMatch(status))
})

test('words written to make a pattern run for ever are taken or refused within a second', async () => {
  const headers = { ...(await house.door.signIn(ours)), 'content-type': 'application/json' }
  const hostile = [
    `${'a'.repeat(199)}!`, `${'a '.repeat(99)}!`, `${'ab'.repeat(99)}c`, `${'(a+)+'.repeat(39)}$`, `${'.'.repeat(198)}x`, `${'-'.repeat(199)}@`,
    `${'\t'.repeat(100)}x${'\t'.repeat(98)}`, `${'x@'.repeat(99)}`, `${'\u0301'.repeat(199)}`, `${'#'.repeat(199)}`, `${'http://'.repeat(28)}`, `${'é'.repeat(190)}\u202e`,
  ] // biome-ignore format: a list to read
  for (const word of hostile)
    for (const field of ['words', 'handles', 'hashtags', 'domains', 'exclusions']) {
      const body = JSON.stringify({ name: 'Late', terms: { words: ['parcel'], [field]: [word] } })
      await whileAwake(`${field} ${word}`, async () => {
        const answer = await fetch(`${home}/api/watches`, { method: 'POST', headers, body })
        expect([200, 400, 409, 422], `${field} ${word}`).toContain(answer.status)
      })
    }
  for (const [key, { ask }] of closedEntries().filter(([one]) => one.startsWith('GET ')))
    for (const name of Object.keys(ask(ours).query ?? {}))
      for (const word of hostile) {
        const query = { ...ask(ours).query, [name]: word.slice(0, 200) }
        await whileAwake(`${key} ${name}`, async () => {
          const { status, text } = await house.call(key, { ...ask(ours), query }, { cookie: headers.cookie })
          expect(status, text).toBeLessThan(500)
        })
      }
})

/** Whatever is asked, the process is busy with it for less than that. Asked again when a machine full of tests slept. */
async function whileAwake(what: string, work: () => Promise<unknown>): Promise<void> {
  const loop = monitorEventLoopDelay({ resolution: 10 })
  const blockedMs: number[] = []
  do {
    loop.reset()
    loop.enable()
    await work()
    loop.disable()
    blockedMs.push(loop.max / 1e6)
  } while (Math.min(...blockedMs) >= 200 && blockedMs.length < 4)
  expect(Math.min(...blockedMs), `milliseconds blocked by ${what}`).toBeLessThan(200)
}

/** As no client of ours would write it. Answers all that came back until the line was closed. */
function raw(head: string, body?: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let said = ''
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(head)
      if (body) socket.write(body)
    })
    socket.setTimeout(5_000, () => socket.destroy())
    socket.on('data', (part) => {
      said += part
      socket.end()
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(said))
  })
}

/** A shared cache as careless as HTTP allows: it keeps by address whatever it is not told not to keep. */
async function aCachingProxy(to: number) {
  const kept = new Map<string, { status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }>()
  const proxy = createServer((request, response) => {
    const key = `${request.method} ${request.url}`
    const hit = kept.get(key)
    if (hit) return void response.writeHead(hit.status, hit.headers).end(hit.body)
    const onward = ask(
      {
        port: to,
        host: '127.0.0.1',
        path: request.url,
        method: request.method,
        headers: { ...request.headers, host: 'localhost' },
      },
      (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part) => parts.push(part))
        answer.on('end', () => {
          const body = Buffer.concat(parts)
          const found = { status: answer.statusCode!, headers: answer.headers, body }
          if (!/no-store|private/.test(answer.headers['cache-control'] ?? '')) kept.set(key, found)
          response.writeHead(found.status, found.headers).end(body)
        })
      },
    )
    request.pipe(onward)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void proxy.close())
  return { url: `http://localhost:${(proxy.address() as AddressInfo).port}`, kept: () => [...kept.keys()] }
}
