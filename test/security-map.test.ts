/**
 * docs/security.md says which test shows which promise. It must not say more than there is: every file and every test
 * that it names exists, no check is left out, and what is "no such door yet" has no door.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findContracts } from './walls/routes.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const map = read('docs/security.md')
/** The cells of every row whose first cell looks so. */
const rowsOf = (first: RegExp) =>
  map
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.trim()),
    )
    .filter(([id]) => first.test(id!))

const checks = rowsOf(/^S-\d\d$/)
const sections = rowsOf(/^V\d+\.\d+$/)

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)
const idOf = (n: number) => `S-${String(n).padStart(2, '0')}`
/** What must be shown by now: a door that is missing leaves at most a part of it open. */
const shownByNow = [range(1, 5), range(10, 13), range(15, 28), [30, 35]].flat().map(idOf)

/**
 * Doors that do not exist yet, and by what one would see that they do: a route, or a package that it needs. When one
 * comes, its row is no longer true and needs tests instead.
 */
const doors: Record<string, { sign: RegExp; why: string }> = {
  'incoming mail': { sign: /imap|mailparser|postal-mime|inbound/, why: 'letters go out only' },
  'HTML of others': { sign: /sanitize-html|dompurify/, why: 'everything is shown as text' },
  Markdown: { sign: /markdown|marked|remark|micromark|showdown/, why: 'no screen renders any: ideas and ledger come later' },
  'forms of strangers': { sign: /\/(forms?|requests|ideas|contact-us)\b/, why: 'nobody writes to us but on a network' },
  'incoming webhooks': { sign: /\/(inbound|incoming|hooks)\b/, why: 'webhooks go out only' },
  'a widget': { sign: /widget|visitor/, why: 'nothing of ours runs on other sites' },
  'a verify page': { sign: /\/(verify|genuine)\b/, why: 'no page says yet what is ours' },
  'looking for impersonators': { sign: /impersonat|confusable/, why: 'no other accounts are watched' },
  'AI drafting': { sign: /openai|anthropic|ollama|langchain|\bllm/, why: 'people write all replies' },
  feeds: { sign: /feedsmith|rss|feed-?parser/, why: 'Bluesky and the rehearsal are the only networks' },
  'incoming WebSockets': { sign: /websocket/, why: 'screens hear by server-sent events' },
  GraphQL: { sign: /graphql/, why: 'the API is REST' },
  'an authorization server': { sign: /\/(authorize|token|oauth)\b|oidc-provider/, why: 'we are a client of others only' },
  WebRTC: { sign: /webrtc|wrtc|mediasoup/, why: 'nobody talks or films here' },
} // biome-ignore format: a table

/** OWASP ASVS 5.0.0: how many sections each chapter has. */
const sectionsOf = [5, 4, 7, 4, 4, 8, 6, 4, 2, 7, 7, 3, 4, 3, 4, 5, 3]

const named = (cell: string) =>
  [...cell.matchAll(/`([^`]+)` › ([^<]+?)\s*(?=<br>|$|\. Missing: )/g)].map(([, file, name]) => ({
    file: file!,
    name: name!,
  }))

/** Every name that a test or a group of them is given, as it stands there. */
function testsIn(file: string): Set<string> {
  const literals =
    /(?:\b(?:test|describe)(?:\.\w+)*(?:<[^()]*>)?\(|\)\()\s*('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)/g
  return new Set(
    [...read(file).matchAll(literals)].map(([, it]) => it!.slice(1, -1).replaceAll(/\\(.)/g, '$1')),
  )
}

test('every check stands in the map once, and says what it asks', () => {
  expect(checks.map(([id]) => id)).toEqual(range(1, 36).map(idOf))
  for (const row of checks) {
    expect(row, row[0]).toHaveLength(5)
    expect(row[1]!.length, row[0]).toBeGreaterThan(20)
    expect(row[2], row[0]).toMatch(/^(shown|shown, and long)?(; )?(no such door yet: .+)?$/)
  }
})

test('what should be shown by now is, by a test of npm test at least', () => {
  for (const [id, , state, by] of checks) {
    const files = named(by!).map((it) => it.file)
    if (shownByNow.includes(id!)) expect(state, id).toMatch(/^shown/)
    if (state!.startsWith('shown'))
      expect(
        files.filter((it) => !it.startsWith('test/long/')),
        id,
      ).not.toEqual([])
    expect(state!.includes('and long'), id).toBe(files.some((it) => it.startsWith('test/long/')))
  }
})

test.each([...checks, ...sections].map((row) => [row[0]!, row.join(' <br> ')]))(
  '%s names files and tests that exist',
  (_id, row) => {
    for (const { file, name } of named(row)) {
      expect(existsSync(join(root, file)), file).toBe(true)
      expect([...testsIn(file)], file).toContain(name)
    }
    const files = [
      ...row.matchAll(/`((?:src|test|docs|scripts|migrations)\/[^`]+|[A-Z]+\.md|package-lock\.json)`/g),
    ]
    for (const [, file] of files) expect(existsSync(join(root, file!)), file).toBe(true)
  },
)

test('where there is no such door yet, there is none', async () => {
  const routes = [...(await findContracts()).keys()].map((it) => it.toLowerCase())
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }
  const there = [...routes, ...Object.keys(dependencies)]
  const missing = [...checks, ...sections].flatMap(([id, ...cells]) => {
    const named = /no such door yet: ([^|;]+)/.exec(cells.join(' | '))?.[1]?.trim()
    return named ? [{ id, named }] : []
  })

  expect(missing.length).toBeGreaterThan(5)
  for (const { id, named } of missing) {
    expect(Object.keys(doors), id).toContain(named)
    expect(
      there.filter((it) => doors[named]!.sign.test(it)),
      `${id} ${named}`,
    ).toEqual([])
  }
  expect(Object.keys(doors).filter((door) => !missing.some((it) => it.named === door))).toEqual([])
})

test('every section of the standard stands in the map once, with how it is met or what is missing', () => {
  const all = sectionsOf.flatMap((count, n) => range(1, count).map((section) => `V${n + 1}.${section}`))

  expect(sections.map(([id]) => id)).toEqual(all)
  for (const row of sections) {
    expect(row, row[0]).toHaveLength(4)
    expect(row[2], row[0]).toMatch(/^(met|in part|not met|the operator’s|no such door yet: .+)$/)
    expect(row[3]!.length, row[0]).toBeGreaterThan(12)
    if (row[2] === 'in part' || row[2] === 'not met') expect(row[3], row[0]).toMatch(/Missing: /)
    // A requirement is named by its own number, of the section that the row is about.
    for (const [id] of row[3]!.matchAll(/\bV?\d+\.\d+\.\d+\b/g))
      expect(`V${id.replace('V', '')}`.startsWith(`${row[0]!}.`), `${row[0]} ${id}`).toBe(true)
  }
})
