/** The house rules of ARCHITECTURE.md, as a test. */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const rooms = [
  'base', 'staff', 'connectors', 'people', 'record', 'listen', 'match', 'triage', 'cases', 'reply',
  'publish', 'guard', 'community', 'report',
] // biome-ignore format: a line to read

const files = globSync('src/**/*.{ts,tsx}', { exclude: ['**/*.test.*'] }).map((path) => {
  const code = readFileSync(path, 'utf8')
  const named = [...code.matchAll(/(?:from|import) '([^']+)'|import\('([^']+)'\)/g)].map(
    (it) => it[1] ?? it[2]!,
  )
  const imports = named.map((it) => (it.startsWith('.') ? join(dirname(path), it) : it))
  return { path, code, imports, lines: code.split('\n').length }
})

const placeOf = (path: string) => rooms.indexOf(path.split('/')[1]!)
/** Of the rooms that talk to the world by nature, what the screens read too. */
const sharedWithWeb = [
  'src/base/refusal.ts',
  'src/base/webhook-attempt.ts',
  'src/base/webhook-events.ts',
  'src/staff/webhook-contract.ts',
  'src/staff/agent.ts',
  'src/staff/capacity.ts',
  'src/staff/colleague.ts',
  'src/staff/hours.ts',
  'src/staff/permissions.ts',
  'src/staff/role.ts',
  'src/connectors/bluesky/rich-text.ts',
]
/** Right of the connectors every plain file is a core; left of them, contracts and what is shared with the web. */
const isCore = (path: string) =>
  /-contract\.ts$|base\/contract\.ts$/.test(path) ||
  sharedWithWeb.includes(path) ||
  (placeOf(path) > placeOf('src/connectors') && /\/[\w-]+\.ts$/.test(path))

test('a room imports only from itself and from rooms to its left', () => {
  for (const { path, imports } of files.filter((it) => placeOf(it.path) >= 0)) {
    for (const target of imports.filter((it) => it.startsWith('src/'))) {
      const isLeft = placeOf(target) >= 0 && placeOf(target) <= placeOf(path)
      expect(isLeft, `${path} imports ${target}`).toBe(true)
    }
  }
})

test('every folder of src is a room or stands beside the line', () => {
  const folders = new Set(
    files.filter((it) => it.path.split('/').length > 2).map((it) => it.path.split('/')[1]!),
  )

  expect([...folders].filter((it) => ![...rooms, 'web', 'public', 'portable'].includes(it))).toEqual([])
})

test('a core imports no database, no server, nothing of node', () => {
  const outside = /\.(sql|routes|jobs)\.ts$|^node:|^(fastify|pg|kysely|react|undici)\b/
  for (const { path, imports } of files.filter((it) => isCore(it.path))) {
    expect(
      imports.filter((it) => outside.test(it)),
      path,
    ).toEqual([])
  }
})

test('a core reads no clock', () => {
  const clock = /new Date\(\)|Date\.now\(\)|Math\.random\(\)/
  expect(files.filter((it) => isCore(it.path) && clock.test(it.code)).map((it) => it.path)).toEqual([])
})

test('the web app imports cores and contracts, and nothing else of the house', () => {
  const allowed = (it: string) => it.startsWith('src/web/') || isCore(it)
  for (const { path, imports } of files.filter((it) => it.path.startsWith('src/web/'))) {
    expect(
      imports.filter((it) => it.startsWith('src/') && !allowed(it)),
      path,
    ).toEqual([])
  }
})

test('what tells the story is told once: nothing imports intake, app, jobs or main but main', () => {
  const story = ['src/intake.ts', 'src/app.ts', 'src/jobs.ts', 'src/main.ts']
  for (const { path, imports } of files.filter(
    (it) => placeOf(it.path) >= 0 || it.path.startsWith('src/web/'),
  )) {
    expect(
      imports.filter((it) => story.includes(it)),
      path,
    ).toEqual([])
  }
})

test('no file is longer than one can hold in the head', () => {
  expect(files.filter((it) => it.lines > 301).map((it) => it.path)).toEqual([])
})
