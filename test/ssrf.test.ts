/** S-16 and S-17: whoever names an address for us to fetch, nothing inside is connected to. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeOutside, NotAllowed } from '../src/base/outside.ts'
import { postOnce } from '../src/base/webhook-post.ts'
import { makeSecret } from '../src/base/webhook-sign.ts'
import { makeBluesky } from '../src/connectors/bluesky/bluesky.ts'
import { readDocument } from '../src/connectors/bluesky/identity.ts'
import { openStream } from '../src/connectors/bluesky/socket.ts'
import { sourceRoutes } from '../src/listen/source.routes.ts'
import { webhookRoutes } from '../src/staff/webhook.routes.ts'
import { testApp } from './app.ts'
import { aWorkspace, freshDb } from './db.ts'
import { hostileLookup, hostileUrls, leadingTo, setTrap, type Trap } from './hostile-urls.ts'

/** A CID of the right form: images are asked for by one. */
const cid = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'
const did = 'did:plc:ewvi7nxzyoun6zhxrhs64oiz'

let trap: Trap
const outside = makeOutside([], { lookup: hostileLookup(['127.0.0.1', '::1']) })
const ways = { open: outside, own: outside }
const ioOf = (way = outside) => ({ outside: way, signal: AbortSignal.timeout(15_000), now: () => new Date() })
const aimed = (protocols?: string[]) => leadingTo(trap.port, protocols)

beforeAll(async () => {
  trap = await setTrap()
})
afterAll(async () => {
  expect(trap.caught()).toBe(0)
  await trap[Symbol.asyncDispose]()
})

test('the trap would hear of it', async () => {
  const own = await setTrap()
  await fetch(`http://127.0.0.1:${own.port}/`).catch(() => {})
  await fetch(`http://[::1]:${own.port}/`).catch(() => {})

  expect(own.caught()).toBeGreaterThanOrEqual(1)
  expect(hostileUrls().length).toBeGreaterThan(45)
  await own[Symbol.asyncDispose]()
})

test('a webhook is posted to none of them', async () => {
  const secrets = [makeSecret()]
  for (const url of aimed()) {
    for (const ownNetwork of [false, true]) {
      const posting = { eventId: 'e', url, ownNetwork, body: '{}', secrets, at: new Date() }
      const { tried } = await postOnce(posting, ways, AbortSignal.timeout(15_000))
      const isAddress = URL.canParse(url) && /^https?:/.test(url)
      expect(tried, url).toMatchObject({ outcome: 'failed', ...(isAddress && { error: 'private-address' }) })
    }
  }
  expect(trap.caught()).toBe(0)
})

test('forms take none of them: a webhook, a channel, a stream', async () => {
  const it = await freshDb()
  const bluesky = makeBluesky({ appViewUrl: null, plcUrl: 'http://127.0.0.1:1' })
  const house = await testApp(it, {
    rooms: (mount, tools) => {
      webhookRoutes(mount, { ...tools, ways })
      const connectors = { bluesky, rehearsal: bluesky }
      sourceRoutes(mount, {
        ...tools,
        connectors,
        outside,
        jetstreamUrl: null,
        addWatch: async () => ({}) as never,
      })
    },
  })
  const headers = await house.signIn(await aWorkspace(it.db))
  const post = (url: string, payload: object) => house.app.inject({ method: 'POST', url, headers, payload })
  for (const url of aimed()) {
    const hook = await post('/api/webhooks', { name: 'In', url, types: null, ownNetwork: true })
    expect(['webhook-address-private', 'bad-input'], url).toContain(hook.json().code)
    const signedIn = await bluesky.signIn({ serviceUrl: url, handle: 'acme.example', secret: 'x' }, ioOf())
    expect(signedIn, url).toMatchObject({ outcome: 'refused', why: 'address-not-allowed' })
  }
  // A stream's name is asked for when it is listened to: the form refuses what is plainly inside.
  for (const url of aimed(['ws:', 'wss:'])) {
    const host = URL.canParse(url) ? new URL(url).hostname : ''
    const isNumber = /^\[|^[\d.]+$/.test(host) && host !== '8.8.8.8'
    const listened = isNumber ? await post('/api/sources', { address: url, words: ['acme'] }) : null
    if (listened) expect(['address-not-allowed', 'bad-input'], url).toContain(listened.json().code)
  }
  expect(trap.caught()).toBe(0)
  await house.app.close()
  await it[Symbol.asyncDispose]()
})

test('a stream is opened to none of them', async () => {
  for (const url of aimed(['ws:', 'wss:'])) {
    if (!URL.canParse(url)) continue
    const opening = openStream(new URL(url), ioOf())
    await expect(opening, url).rejects.toThrow()
  }
  expect(trap.caught()).toBe(0)
})

test('an image is fetched from none of them, whatever the directory says where its author lives', async () => {
  let pds = ''
  const directory = createServer((_request, reply) => {
    const service = [{ id: '#atproto_pds', type: 'AtprotoPersonalDataServer', serviceEndpoint: pds }]
    reply.end(JSON.stringify({ id: did, alsoKnownAs: [], service }))
  })
  await new Promise<void>((resolve) => directory.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(directory.address() as AddressInfo).port}`
  const way = makeOutside([host], { lookup: hostileLookup(['127.0.0.1']) })
  const bluesky = makeBluesky({ appViewUrl: null, plcUrl: `http://${host}` })
  for (pds of aimed()) expect(await bluesky.readImage(did, cid, ioOf(way)), pds).toBeNull()

  directory.closeAllConnections()
  await new Promise((resolve) => directory.close(resolve))
  expect(trap.caught()).toBe(0)
})

test('a did:web document is fetched from none of them', async () => {
  const settings = { appViewUrl: null, plcUrl: 'http://127.0.0.1:1' }
  const hosts = hostileUrls().flatMap((url) => (URL.canParse(url) ? [new URL(url).hostname] : []))
  for (const host of [...hosts, `127.0.0.1%3A${trap.port}`, `localhost%3A${trap.port}`]) {
    expect(await readDocument(`did:web:${host}`, settings, ioOf()), host).toBeNull()
  }
  expect(trap.caught()).toBe(0)
})

test('a redirect from outside to inside is not followed', async () => {
  let to = ''
  const door = createServer((_request, reply) => reply.writeHead(302, { location: to }).end())
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(door.address() as AddressInfo).port}`
  // Stands for a public server: it alone may be reached.
  const way = makeOutside([host], { lookup: hostileLookup(['127.0.0.1']) })
  for (to of aimed().filter((it) => /^(https?|file|ftp|gopher):/.test(it)))
    await expect(way.fetch(`http://${host}/`), to).rejects.toThrow()

  door.closeAllConnections()
  await new Promise((resolve) => door.close(resolve))
  expect(trap.caught()).toBe(0)
})

test('a name that is public when it is asked for and inside when it is connected to is not reached', async () => {
  const way = makeOutside([], { lookup: hostileLookup(['93.184.215.14'], ['127.0.0.1']) })
  const url = `http://rebinding.example:${trap.port}/`

  expect(await way.whyNotReach(url)).toBeNull()
  const failed = await way.fetch(url).catch((error: Error) => error)
  expect((failed as Error).cause).toBeInstanceOf(NotAllowed)
  expect(trap.caught()).toBe(0)
})

test('the address that was looked at is the one that is connected to: a name is asked for once', async () => {
  const server = await setTrap()
  let asked = 0
  const lookup = hostileLookup(['127.0.0.1'], ['10.0.0.1'])
  const way = makeOutside([`named.example:${server.port}`], {
    lookup: (host, options, answer) => {
      asked += 1
      lookup(host, options, answer)
    },
  })
  await way.fetch(`http://named.example:${server.port}/`).catch(() => {})

  expect([asked, server.caught()]).toEqual([1, 1])
  await server[Symbol.asyncDispose]()
})

test('of several addresses only the public ones are handed to the socket', async () => {
  const mixed = [
    '10.0.0.1',
    '2606:4700::1111',
    '127.0.0.1',
    '::',
    '2002:7f00:1::',
    '64:ff9b::7f00:1',
    '100.64.0.1',
  ]
  const way = makeOutside([], { lookup: hostileLookup(mixed) })
  const found = await new Promise((resolve) =>
    way.lookupFor('https://mixed.example')('mixed.example', { all: true }, (_error, all) => resolve(all)),
  )

  expect(found).toEqual([{ address: '2606:4700::1111', family: 6 }])
})
