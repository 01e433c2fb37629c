import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp } from '../../test/app.ts'
import { aCaseThere } from '../../test/cases.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { newId } from '../base/clock.ts'
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

test('a file is removed for good', async () => {
  const { app, add, read, cookies } = await aDesk()
  const { fileId } = (await add(Buffer.from('wrong one'), 'wrong.txt')).json()

  await app.inject({ method: 'DELETE', url: `/api/files/${fileId}`, headers: cookies.ours })

  expect((await read(fileId)).statusCode).toBe(404)
})
