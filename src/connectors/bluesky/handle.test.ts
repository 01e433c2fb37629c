/** Directory, home server and AppView in trouble, as servers of ours on this machine: what is known stays known. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { makeOutside } from '../../base/outside.ts'
import { makeBluesky } from './bluesky.ts'

type Said = { status: number; body: object }
const did = 'did:plc:kimlee'
const other = 'did:plc:somebody'
const no: Said = { status: 400, body: { error: 'InvalidRequest', message: 'Unable to resolve handle' } }
const yes = (it: string): Said => ({ status: 200, body: { did: it } })
const trouble: [string, Said][] = [500, 502, 503, 429, 403].map((status) => [
  `a ${status}`,
  { status, body: { error: 'Trouble' } },
])

let directory: Said
let resolving: Said
let profile: Said
const server = createServer((request, answer) => {
  const path = request.url!
  const said = path.startsWith('/did')
    ? directory
    : path.includes('resolveHandle')
      ? resolving
      : path.includes('getProfile')
        ? profile
        : { status: 400, body: { error: 'RecordNotFound' } }
  answer.writeHead(said.status, { 'content-type': 'application/json' }).end(JSON.stringify(said.body))
})
let url = ''
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())
beforeEach(() => {
  directory = documentOf('kim.example')
  resolving = yes(did)
  profile = { status: 200, body: { followersCount: 7 } }
})

const documentOf = (handle: string): Said => ({
  status: 200,
  body: {
    id: did,
    alsoKnownAs: [`at://${handle}`],
    service: [{ id: '#atproto_pds', type: 'AtprotoPersonalDataServer', serviceEndpoint: url }],
  },
})
const io = () => ({
  outside: makeOutside([new URL(url).host]),
  signal: new AbortController().signal,
  now: () => new Date('2026-11-22T12:00:00.000Z'),
})
const readAuthor = (appViewUrl: string | null = url) =>
  makeBluesky({ appViewUrl, plcUrl: url }).readAuthor(did, io())
const readReach = () => makeBluesky({ appViewUrl: url, plcUrl: url }).readReach(did, io())
const nobody = { name: 'NobodyAnswered' }

// Under .example the AppView is asked, under .test the home server is believed.
test.each(['kim.example', 'kim.test'])('the handle %s is confirmed, or contradicted', async (handle) => {
  directory = documentOf(handle)
  expect(await readAuthor()).toEqual({ handle, displayName: null })

  resolving = yes(other)
  expect(await readAuthor()).toEqual({ handle: 'handle.invalid', displayName: null })

  resolving = no
  expect(await readAuthor()).toEqual({ handle: 'handle.invalid', displayName: null })
})

test.each(trouble)('%s says nothing about a handle: it is asked again later', async (_, said) => {
  resolving = said
  await expect(readAuthor()).rejects.toMatchObject(nobody)

  directory = documentOf('kim.test')
  await expect(readAuthor()).rejects.toMatchObject(nobody)
})

test('without an AppView, and with a name that nobody answers for, nothing is concluded', async () => {
  await expect(readAuthor(null)).rejects.toMatchObject(nobody)
})

test('a directory in trouble is not an account that is gone', async () => {
  for (const [, said] of trouble) {
    directory = said
    await expect(readAuthor()).rejects.toMatchObject(nobody)
  }
  for (const status of [404, 410]) {
    directory = { status, body: {} }
    expect(await readAuthor()).toBeNull()
  }
})

test.each(trouble)('%s is no reach: it is asked again later', async (_, said) => {
  profile = said
  await expect(readReach()).rejects.toMatchObject(nobody)
})

test('reach is read, and unknown of whom the AppView does not know', async () => {
  expect(await readReach()).toEqual({ followers: 7, badges: [], verified: false })

  profile = { status: 400, body: { error: 'InvalidRequest', message: 'Profile not found' } }
  expect(await readReach()).toBe('unknown')

  profile = { status: 200, body: { followersCount: 'many' } }
  await expect(readReach()).rejects.toMatchObject(nobody)
})
