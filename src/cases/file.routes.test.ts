import { createHash, randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp } from '../../test/app.ts'
import { aCaseThere } from '../../test/cases.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { newId } from '../base/clock.ts'
import { findAll } from '../base/db.ts'
import { fileRoutes } from './file.routes.ts'

let it: TestDb
beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())

async function aDesk() {
  const { app, signIn } = await testApp(it, { rooms: (mount) => fileRoutes(mount) })
  const ours = await aWorkspace(it.db)
  const theirs = await aWorkspace(it.db)
  const { caseId } = await aCaseThere(it.db, ours.workspaceId)
  const cookies = { ours: await signIn(ours), theirs: await signIn(theirs) }
  const add = (bytes: Buffer, name: string, more: { type?: string; fileId?: string } = {}) =>
    app.inject({
      method: 'POST',
      url: `/api/cases/${caseId}/files`,
      query: { fileId: newId(), name, ...more },
      headers: { ...cookies.ours, 'content-type': 'application/octet-stream' },
      payload: bytes,
    })
  const read = (fileId: string, headers: Record<string, string> = cookies.ours) =>
    app.inject({ url: `/api/files/${fileId}`, headers })
  return { app, caseId, cookies, add, read }
}

const fill = (caseId: string) =>
  sql`insert into files (workspace_id, file_id, case_id, name, media_type, size, sha256, content, by_agent_id, added_at)
    select workspace_id, uuidv7(), case_id, 'more', media_type, size, sha256, content, by_agent_id, now()
    from files where case_id = ${caseId} limit 1`.execute(it.owner)

test.each([
  ['page.html', 'text/html', '<script>alert(document.domain)</script>'],
  ['picture.svg', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
  ['both.gif', 'image/gif', 'GIF89a/*<script>alert(1)</script>*/=1;'],
  ['eicar.com', 'application/octet-stream', 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR'],
])('%s comes back as it went in, to be saved and never to be shown (S-21)', async (name, type, words) => {
  const { add, read } = await aDesk()
  const added = (await add(Buffer.from(words), name, { type })).json()

  const answer = await read(added.fileId)

  expect(answer.body).toBe(words)
  expect(answer.headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename*=UTF-8''${name}`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'no-store, private',
  })
})

test('another workspace, a stranger and a guess get nothing', async () => {
  const { add, read, cookies } = await aDesk()
  const { fileId } = (await add(Buffer.from('a receipt'), 'receipt.txt')).json()

  const foreign = await read(fileId, cookies.theirs)
  const guess = await read(newId(), cookies.theirs)

  expect([foreign.statusCode, foreign.body]).toEqual([404, guess.body])
  expect((await read(fileId, {})).statusCode).toBe(401)
})

test('the same file sent again is there once, and another one does not take its place', async () => {
  const { add } = await aDesk()
  const fileId = newId()
  const first = await add(Buffer.from('one'), 'one.txt', { fileId })

  expect((await add(Buffer.from('one'), 'one.txt', { fileId })).json()).toEqual(first.json())
  expect((await add(Buffer.from('two'), 'one.txt', { fileId })).json().code).toBe('changed-meanwhile')
})

test('sent again without a word of its own, it is told once and takes no second place', async () => {
  const { add, caseId } = await aDesk()
  const fileId = newId()
  const events = () =>
    findAll(
      it.owner,
      sql`select type from case_events where case_id = ${caseId} and type = 'file-added'
        and detail ->> 'fileId' = ${fileId}`,
    )
  const both = await Promise.all([1, 2].map(() => add(Buffer.from('one'), 'one.txt', { fileId })))
  for (let n = 1; n < 99; n++) await fill(caseId)

  const last = await Promise.all([1, 2, 3].map((n) => add(Buffer.from(`last ${n}`), 'last.txt')))
  const again = await add(Buffer.from('one'), 'one.txt', { fileId })

  expect(both.map((answer) => answer.statusCode)).toEqual([200, 200])
  expect(last.map((answer) => answer.statusCode).sort()).toEqual([200, 422, 422])
  expect(again.json()).toEqual(both[0]!.json())
  expect(await events()).toHaveLength(1)
})

test('what is too large is refused before it fills the memory', async () => {
  const { add } = await aDesk()

  expect((await add(randomBytes(10 * 1024 * 1024 + 1), 'large.bin')).statusCode).toBe(413)
  expect((await add(randomBytes(10 * 1024 * 1024), 'fits.bin')).statusCode).toBe(200)
})

test('a form is no file', async () => {
  const { app, caseId, cookies } = await aDesk()
  const url = `/api/cases/${caseId}/files`
  const query = { fileId: newId(), name: 'x' }

  const answer = await app.inject({ method: 'POST', url, query, headers: cookies.ours, payload: { a: 1 } })

  expect(answer.json().code).toBe('bad-input')
})

const zeros = Buffer.alloc(50 * 1024 * 1024)
const polyglot = Buffer.concat([
  Buffer.from('GIF89a/*'),
  Buffer.from('%PDF-1.7\n<script>alert(1)</script>'),
  Buffer.from('*/=1;PK\x05\x06'),
  Buffer.alloc(18),
])
test.each<[string, string, () => Buffer]>([
  ['a bomb of fifty megabytes', 'bomb.gz', () => gzipSync(zeros, { level: 9 })],
  ['a bomb in a bomb', 'bomb.tar.gz.gz', () => gzipSync(gzipSync(zeros, { level: 9 }))],
  ['what is a picture, a page, a document and an archive', 'all.gif', () => polyglot],
])('%s is kept as its own few bytes and never opened (S-22)', async (_what, name, make) => {
  const { add, read } = await aDesk()
  const bytes = make()
  const before = process.memoryUsage().rss

  const added = await add(bytes, name, { type: 'image/gif' })
  const answer = await read(added.json().fileId)

  expect(added.json()).toMatchObject({ name, size: bytes.length })
  expect(createHash('sha256').update(answer.rawPayload).digest('hex')).toBe(
    createHash('sha256').update(bytes).digest('hex'),
  )
  expect(answer.headers).toMatchObject({ 'content-type': 'application/octet-stream' })
  expect(process.memoryUsage().rss - before).toBeLessThan(50e6)
})

test('names that lead out of their folder or turn their ending round are names and nothing else (S-22)', async () => {
  const { add, read } = await aDesk()
  for (const [said, kept] of [
    ['../../../../etc/cron.d/evil', 'evil'],
    ['..\\..\\windows\\win.ini', 'win.ini'],
    ['/etc/passwd', 'passwd'],
    ['photo\u202Egpj.exe', 'photogpj.exe'],
    ['a"; filename=evil.html', 'a_; filename=evil.html'],
    ['x\r\nContent-Type: image', 'xContent-Type_ image'],
  ] as const) {
    const added = (await add(Buffer.from('x'), said)).json()
    const disposition = String((await read(added.fileId)).headers['content-disposition'])

    expect(disposition, said).toMatch(/^attachment; filename\*=UTF-8''[\w.!~%-]+$/)
    expect(added.name, said).toBe(kept)
  }
})

test('a body that says it is packed is not unpacked: it is refused, however much it would become (S-22)', async () => {
  const { app, cookies } = await aDesk()
  const packed = gzipSync(zeros, { level: 9 })
  const before = process.memoryUsage().rss
  for (const encoding of ['gzip', 'deflate', 'br', 'zstd', 'gzip, gzip']) {
    const headers = { ...cookies.ours, 'content-type': 'application/json', 'content-encoding': encoding }
    const answer = await app.inject({ method: 'PUT', url: '/api/workspace', headers, payload: packed })

    expect([encoding, answer.statusCode]).toEqual([encoding, 400])
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(50e6)
})

test('a file is removed for good', async () => {
  const { app, add, read, cookies } = await aDesk()
  const { fileId } = (await add(Buffer.from('wrong one'), 'wrong.txt')).json()

  await app.inject({ method: 'DELETE', url: `/api/files/${fileId}`, headers: cookies.ours })

  expect((await read(fileId)).statusCode).toBe(404)
})
