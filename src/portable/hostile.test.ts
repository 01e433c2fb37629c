/** S-22: archives that mean harm, or are only broken. Each gets its word, and nothing is changed. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { findAll } from '../base/db.ts'
import { exportWorkspace } from './export.jobs.ts'
import { importWorkspace } from './import.jobs.ts'
import { openZip } from './zip-in.ts'
import { makeZip } from './zip-out.ts'

let from: TestDb
let into: TestDb
let folder: string
let good: string
beforeAll(async () => {
  from = await freshDb()
  into = await freshDb()
  folder = mkdtempSync(join(tmpdir(), 'evenhand-hostile-'))
  const { workspaceId } = await aWorkspace(from.db)
  good = join(folder, 'good.zip')
  await exportWorkspace({ db: from.db, now: () => new Date() }, { workspaceId, agentId: null, file: good })
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await from[Symbol.asyncDispose]()
  await into[Symbol.asyncDispose]()
})

let count = 0
const fresh = () => join(folder, `${++count}.zip`)

/** The good one with some of its files exchanged, and others beside. */
async function changed(change: Record<string, string | null>): Promise<string> {
  const file = fresh()
  const zip = makeZip(file)
  await using was = await openZip(good, { files: 100, bytes: 1e9, ratio: 1e5 })
  for (const name of was.names) if (!(name in change)) zip.addText(name, await was.text(name, 1e8))
  for (const [name, text] of Object.entries(change)) if (text !== null) zip.addText(name, text)
  await zip.close()
  return file
}

async function manifestWith(change: (it: Record<string, unknown>) => unknown): Promise<string> {
  await using was = await openZip(good, { files: 100, bytes: 1e9, ratio: 1e5 })
  const manifest = JSON.parse(await was.text('manifest.json', 1e8))
  change(manifest)
  return changed({ 'manifest.json': JSON.stringify(manifest) })
}

/** yazl writes no bad names: they are put over good ones of the same length. */
function renamed(file: string, was: string, is: string): string {
  const bytes = readFileSync(file)
  for (let at = bytes.indexOf(was); at >= 0; at = bytes.indexOf(was, at + 1)) bytes.write(is, at, 'latin1')
  writeFileSync(file, bytes)
  return file
}

function bytesOf(change: (bytes: Buffer) => Buffer): string {
  const file = fresh()
  writeFileSync(file, change(readFileSync(good)))
  return file
}

test.each([
  ['text', 'not-a-zip', () => bytesOf(() => Buffer.from('hello, this is no zip'))],
  ['cut short', 'not-a-zip', () => bytesOf((it) => it.subarray(0, it.length / 2))],
  ['another zip', 'missing', () => changed({ 'manifest.json': null })],
  ['another manifest', 'foreign', () => changed({ 'manifest.json': '{"what":"holiday pictures"}' })],
  ['no JSON', 'foreign', () => changed({ 'manifest.json': '<html>' })],
  ['newer', 'newer', () => manifestWith((it) => Object.assign(it, { format: 2 }))],
  [
    'a column of tomorrow',
    'newer',
    () => manifestWith((it) => (it.kinds as { columns: string[] }[])[0]!.columns.push('mood')),
  ],
  [
    'a table that we never wrote',
    'foreign',
    () => manifestWith((it) => Object.assign((it.kinds as object[])[1]!, { table: 'x', file: 'x.jsonl' })),
  ],
  ['a file that its manifest names', 'missing', () => changed({ 'agents.jsonl': null })],
  ['a changed row', 'damaged', () => changed({ 'agents.jsonl': '{}\n' })],
  ['a stray file', 'foreign', () => changed({ 'more.jsonl': '{}\n' })],
  [
    'a way out',
    'unsafe-name',
    async () => renamed(await changed({ 'xx/xx/evil.txt': 'x' }), 'xx/xx/evil.txt', '../../evil.txt'),
  ],
  [
    'an absolute way',
    'unsafe-name',
    async () => renamed(await changed({ 'x/evil.txt': 'x' }), 'x/evil.txt', '/etc/evil1'),
  ],
  [
    'a backslash',
    'unsafe-name',
    async () => renamed(await changed({ 'xx/xx/evil.txt': 'x' }), 'xx/xx/evil.txt', '..\\..\\evil.txt'),
  ],
  [
    'the same name twice',
    'twice',
    async () => renamed(await changed({ 'agentz.jsonl': 'x' }), 'agentz.jsonl', 'agents.jsonl'),
  ],
  ['the same name in capitals', 'twice', () => changed({ 'Agents.jsonl': 'x' })],
])('%s is %s, and nothing is changed', async (_what, code, make) => {
  const file = await make()

  await expect(importWorkspace({ db: into.db }, file)).rejects.toMatchObject({ name: 'BadArchive', code })
  expect(await findAll(into.owner, sql`select * from workspaces`)).toEqual([])
})

test('a bomb is refused by its size before it is opened, and memory stays small', async () => {
  const file = fresh()
  const zip = makeZip(file)
  const mega = Buffer.alloc(1024 * 1024)
  await zip.add(
    'manifest.json',
    Readable.from(
      (function* () {
        for (let n = 0; n < 300; n++) yield mega
      })(),
    ),
  )
  await zip.close()
  const before = process.memoryUsage().rss

  await expect(importWorkspace({ db: into.db }, file)).rejects.toMatchObject({ code: 'too-big' })
  expect(process.memoryUsage().rss - before).toBeLessThan(100e6)
})

test('a row that breaks a rule of the database undoes the whole import', async () => {
  await using was = await openZip(good, { files: 100, bytes: 1e9, ratio: 1e5 })
  const row = JSON.parse((await was.text('agents.jsonl', 1e6)).trim())
  const bad = `${JSON.stringify({ ...row, role: 'emperor' })}\n`
  const { createHash } = await import('node:crypto')
  const manifest = JSON.parse(await was.text('manifest.json', 1e6))
  const kind = manifest.kinds.find((it: { table: string }) => it.table === 'agents')
  kind.sha256 = createHash('sha256').update(bad).digest('hex')
  kind.bytes = Buffer.byteLength(bad)
  const file = await changed({ 'agents.jsonl': bad, 'manifest.json': JSON.stringify(manifest) })

  await expect(importWorkspace({ db: into.db }, file)).rejects.toMatchObject({
    code: 'damaged',
    message: 'a row of agents breaks a rule (agents_role_check)',
  })
  expect(await findAll(into.owner, sql`select * from workspaces`)).toEqual([])
})

test('nothing was written beside the archives', () => {
  expect(readdirSync(folder).filter((it) => !it.endsWith('.zip'))).toEqual([])
})
