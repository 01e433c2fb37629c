/**
 * Hostile names through the whole API (S-13), and what becomes of them in the log and in the addresses that we send
 * browsers to (S-26). The list itself goes through every function that cleans text in hostile-text.test.ts.
 */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { newId } from '../src/base/clock.ts'
import { makeLog } from '../src/base/log.ts'
import { wellFormed } from '../src/base/well-formed.ts'
import { cleanName } from '../src/cases/file.ts'
import { choose } from './hostile/lines.ts'
import { type Ask, entries } from './walls/entries.ts'
import { type Answer, aWalledHouse, type WalledHouse } from './walls/house.ts'

// Some hundred requests: seconds on an idle machine and many more on a busy one.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 })

let house: WalledHouse
const logged: string[] = []
beforeAll(async () => {
  house = await aWalledHouse({ log: makeLog('trace', { write: (line) => void logged.push(line) }) })
})
afterAll(() => house?.[Symbol.asyncDispose]())

const trimmed = (line: string) => wellFormed(line).trim()
const asked = (key: string): Ask => entries[key]!.ask(house.ours)
const bodyOf = (key: string, over: object): Ask => ({ ...asked(key), body: { ...asked(key).body, ...over } })

type Door = {
  what: string
  write: string
  ask: (line: string) => Ask
  read: string
  /** How it is kept, where not as it was said without the blanks at its ends. */
  kept?: (line: string) => string
}
const aDoor = (what: string, write: string, over: (line: string) => object, read: string): Door => ({
  what,
  write,
  ask: (line) => bodyOf(write, over(line)),
  read,
})
const doors: Door[] = [
  aDoor('an agent', 'PUT /api/account/name', (name) => ({ name }), 'GET /api/me'),
  aDoor('a workspace’s brand', 'PUT /api/workspace', (brand) => ({ brand }), 'GET /api/me'),
  aDoor('a team', 'PUT /api/teams/:id', (name) => ({ name }), 'GET /api/teams'),
  aDoor('a role', 'PUT /api/roles/:id', (name) => ({ name }), 'GET /api/roles'),
  aDoor('a watch', 'PUT /api/watches/:id', (name) => ({ name }), 'GET /api/watches'),
  aDoor('a key', 'POST /api/keys', (name) => ({ name }), 'GET /api/keys'),
  aDoor('a webhook', 'PUT /api/webhooks/:id', (name) => ({ name }), 'GET /api/webhooks'),
  aDoor('a passkey', 'PUT /api/account/passkeys/:id', (name) => ({ name }), 'GET /api/account'),
  aDoor(
    'a holiday',
    'PUT /api/hours',
    (name) => ({ holidays: [{ date: '2026-12-25', name }] }),
    'GET /api/hours',
  ),
  aDoor('a note', 'POST /api/cases/:id/notes', (text) => ({ noteId: newId(), text }), 'GET /api/cases/:id'),
  {
    what: 'a file',
    write: 'POST /api/cases/:id/files',
    ask: (name) => ({
      ...asked('POST /api/cases/:id/files'),
      query: { fileId: newId(), name, type: 'text/plain' },
    }),
    read: 'GET /api/cases/:id',
    kept: (line) => cleanName(wellFormed(line)),
  },
]

test.each(doors)(
  'hostile lines as the name of $what come back as they were said, as JSON, or are refused',
  async (door) => {
    const headers = await house.door.signIn(house.ours)
    const read = { ...asked(door.read), query: undefined }
    let taken = 0
    for (const line of choose(42, 13)) {
      const about = `${door.what} ${JSON.stringify(line.slice(0, 200))}`
      const written = await house.call(door.write, door.ask(line), headers)
      const shown = await house.call(door.read, read as Ask, headers)
      for (const answer of [written, shown]) expectInert(answer, about)
      if (written.status === 200) {
        taken += 1
        expect(wordsIn(JSON.parse(shown.text)), about).toContain((door.kept ?? trimmed)(line))
      } else expect([400, 409, 422], `${about} ${written.text}`).toContain(written.status)
    }
    expect(taken).toBeGreaterThan(15)
  },
)

test('of all that was asked, each event is one line of the log and one object', () => {
  // `trace` tells the address of every request; what was said above stood in some of them.
  expect(logged.length).toBeGreaterThan(500)
  for (const line of logged) {
    expect(line.indexOf('\n'), line).toBe(line.length - 1)
    expect(JSON.parse(line)).toMatchObject({ level: expect.any(Number), time: expect.any(Number) })
  }
})

test('a log that is told of hostile words says them in one line', () => {
  const lines: string[] = []
  const log = makeLog('info', { write: (line) => void lines.push(line) })
  const forged = '\n{"level":60,"msg":"forged"}\r\n\u2028\u0085{"msg":"forged too"}\u001b[2J'
  for (const word of [forged, ...choose(60, 26)]) {
    log.info({ proxy: word, [word]: word, err: new Error(word) }, word)
    expect(lines).toHaveLength(1)
    expect(lines[0]!.indexOf('\n')).toBe(lines[0]!.length - 1)
    expect(JSON.parse(lines.pop()!)).toMatchObject({ level: 30, proxy: word, msg: word })
  }
})

const elsewhere = [
  '//evil.example', '///evil.example', '/\\evil.example', '\\\\evil.example', '/%5cevil.example', '/%2fevil.example', '/%2f%2fevil.example',
  '/.evil.example', '/..//evil.example', '/%2e%2e//evil.example', '/a/..//evil.example', '//evil.example/%2e%2e', '/;@evil.example',
  '/@evil.example', '//evil%E3%80%82example', '/%09/evil.example', '/%0d%0aLocation:%20https://evil.example', '/https://evil.example',
  '/?next=https://evil.example', '/sign-in?back=//evil.example', '/sign-in?back=https://evil.example', '/assets//evil.example',
  '/assets/..%2f..%2f//evil.example', '/api//evil.example', '/setup?returnTo=//evil.example', '/join?redirect_uri=//evil.example',
] // biome-ignore format: a list to read
const wishes = [
  'next',
  'back',
  'url',
  'to',
  'return',
  'returnTo',
  'return_to',
  'redirect',
  'redirect_uri',
  'continue',
  'dest',
  'RelayState',
  'state',
]

test('no answer sends a browser to another site, whatever the address asks for', async () => {
  const signedIn = await house.door.signIn(house.ours)
  const led: string[] = []
  const go = async (url: string, headers: Record<string, string>) => {
    const { headers: said } = await house.app.inject({ url, headers })
    for (const name of ['location', 'refresh', 'content-location'])
      if (said[name] !== undefined) led.push(String(said[name]))
  }
  for (const headers of [
    {},
    signedIn,
    { ...signedIn, 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
  ]) {
    for (const path of elsewhere) await go(path, headers)
    for (const wish of wishes)
      for (const to of ['https://evil.example', '//evil.example', '/\\evil.example'])
        await go(`/api/sso/callback?${new URLSearchParams({ [wish]: to })}`, headers)
  }

  // A provider's answer that nobody waits for leads back to the door.
  expect(led.length).toBeGreaterThan(30)
  expect(
    [...new Set(led)].filter((to) => new URL(to, 'http://localhost:4000').host !== 'localhost:4000'),
  ).toEqual([])
  expect(led.filter((to) => /^[/\\]{2}/.test(to))).toEqual([])
})

test('an address that asks for one thing twice is refused, and so is a method that no route has', async () => {
  const headers = await house.door.signIn(house.ours)
  const reads = Object.entries(entries).filter(
    ([key, it]) => key.startsWith('GET ') && !it.isStream && it.who !== 'anyone',
  )
  let twice = 0
  for (const [key, { ask }] of reads) {
    const { params = {}, query = {} } = ask(house.ours)
    const path = key.slice(4).replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(params[name]!))
    for (const name of Object.keys(query)) {
      twice += 1
      const url = `${path}?${new URLSearchParams(query)}&${new URLSearchParams({ [name]: query[name]! })}`
      expect((await house.app.inject({ url, headers })).statusCode, `${key} ${name}`).toBe(400)
    }
  }
  for (const method of ['TRACE', 'PROPFIND', 'PATCH', 'OPTIONS']) {
    const url = '/api/me'
    const answer = await house.app.inject({
      method: method as 'GET',
      url,
      headers: { ...headers, 'x-canary': 'canary' },
    })
    expect([400, 404, 405], method).toContain(answer.statusCode)
    expect(answer.body + JSON.stringify(answer.headers), method).not.toContain('canary')
  }

  expect(twice).toBeGreaterThan(15)
})

/** Nothing that a browser would take for a page, whatever stands in it. */
function expectInert({ headers, text }: Answer, about: string): void {
  expect(String(headers['content-type']), about).toMatch(/^application\/(problem\+)?json/)
  expect(headers['x-content-type-options'], about).toBe('nosniff')
  expect(String(headers['content-security-policy']), about).toContain("default-src 'self'")
  expect(() => JSON.parse(text), about).not.toThrow()
}

function wordsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (value === null || typeof value !== 'object') return []
  return Object.values(value).flatMap(wordsIn)
}
