/** What servers answer when they are in trouble, from a server of ours that says exactly that. */
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { listenTo } from '../../../test/listening.ts'
import { makeOutside } from '../../base/outside.ts'
import type { Channel, Frozen, Io } from '../connector.ts'
import { makeBluesky } from './bluesky.ts'
import { keepSessions } from './session.ts'

const now = () => new Date('2026-11-22T12:00:00.000Z')
type Say = (answer: ServerResponse, token: string | undefined, body: string) => void

/** Answers by method name; everything else is 501. Counts what was asked. */
async function withServer(
  says: Record<string, Say>,
  run: (it: { channel: Channel; io: Io; asked: string[] }) => Promise<void>,
) {
  const asked: string[] = []
  const server = createServer(async (request, answer) => {
    const method = new URL(request.url!, 'http://x').pathname.replace('/xrpc/', '')
    asked.push(method)
    let body = ''
    for await (const part of request) body += part
    const say = says[method] ?? ((it) => json(it, 501, { error: 'MethodNotImplemented' }))
    say(answer, request.headers.authorization?.replace('Bearer ', ''), body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const channel: Channel = {
    channelId: 'channel',
    workspaceId: 'workspace',
    network: 'bluesky',
    accountId: 'did:plc:acmecare',
    handle: 'acmecare.test',
    serviceUrl: `http://${host}`,
    secret: 'app-password',
  }
  try {
    await run({
      channel,
      asked,
      io: { outside: makeOutside([host]), now, signal: new AbortController().signal },
    })
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

function json(answer: ServerResponse, status: number, body: object, headers: Record<string, string> = {}) {
  answer.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

const create = 'com.atproto.server.createSession'
const refresh = 'com.atproto.server.refreshSession'
const put = 'com.atproto.repo.putRecord'
const notifications = 'app.bsky.notification.listNotifications'
const frozen: Frozen = { key: 'k', uri: 'at://did:plc:acmecare/app.bsky.feed.post/k', record: { text: 'hi' } }
const signedIn: Say = (answer) => json(answer, 200, { accessJwt: 'first', refreshJwt: 'refresh' })
const stored: Say = (answer) => json(answer, 200, { uri: frozen.uri, cid: 'bafyk' })
const bluesky = () => makeBluesky({ appViewUrl: null, plcUrl: 'http://127.0.0.1:1' })

test('ten sendings with an expired token refresh it once', () =>
  withServer(
    {
      [create]: signedIn,
      [refresh]: (answer, token) => json(answer, 200, { accessJwt: `after ${token}`, refreshJwt: 'next' }),
      [put]: (answer, token) =>
        token === 'after refresh' ? stored(answer, token, '') : json(answer, 400, { error: 'ExpiredToken' }),
    },
    async ({ channel, io, asked }) => {
      const connector = bluesky()
      const sent = await Promise.all(Array.from({ length: 10 }, () => connector.send(channel, frozen, io)))

      expect(sent.every((it) => it.outcome === 'sent')).toBe(true)
      expect(asked.filter((it) => it === create)).toHaveLength(1)
      expect(asked.filter((it) => it === refresh)).toHaveLength(1)
    },
  ))

test('a refresh that was revoked signs in anew; a token refused again pauses the channel', () =>
  withServer(
    {
      [create]: signedIn,
      [refresh]: (answer) => json(answer, 400, { error: 'ExpiredToken', message: 'Token has been revoked' }),
      [put]: (answer) => json(answer, 400, { error: 'InvalidToken', message: 'no' }),
    },
    async ({ channel, io, asked }) => {
      await expect(bluesky().send(channel, frozen, io)).rejects.toMatchObject({ reason: 'password-refused' })
      expect(asked).toEqual([create, put, refresh, create, put])
    },
  ))

test.each([
  [
    429,
    { error: 'RateLimitExceeded' },
    { 'ratelimit-reset': '1795349100' },
    { outcome: 'later', retryAfterMs: 300_000 },
  ],
  [429, { error: 'RateLimitExceeded' }, { 'retry-after': '7' }, { outcome: 'later', retryAfterMs: 7_000 }],
  [429, {}, { 'retry-after': 'Sun, 22 Nov 2026 12:01:00 GMT' }, { outcome: 'later', retryAfterMs: 60_000 }],
  [429, {}, {}, { outcome: 'later', retryAfterMs: null }],
  [500, { error: 'InternalServerError', message: 'oops' }, {}, { outcome: 'unknown', detail: 'oops' }],
  [502, {}, {}, { outcome: 'unknown' }],
  [503, {}, {}, { outcome: 'unknown' }],
  [
    400,
    { error: 'InvalidRequest', message: 'Record/text must be a string' },
    {},
    { outcome: 'refused', detail: 'Record/text must be a string' },
  ],
  [413, { error: 'PayloadTooLarge' }, {}, { outcome: 'refused', detail: 'PayloadTooLarge' }],
  [200, { uri: frozen.uri }, {}, { outcome: 'unknown' }],
])('%i %j %j', (status, body, headers, outcome) =>
  withServer(
    { [create]: signedIn, [put]: (answer) => json(answer, status, body, headers) },
    async ({ channel, io }) => {
      expect(await bluesky().send(channel, frozen, io)).toMatchObject(outcome)
    },
  ),
)

test.each<[string, string, Say]>([
  ['hangs up', 'unknown', (answer) => answer.destroy()],
  ['answers something else', 'unknown', (answer) => answer.end('<html>')],
  ['answers without end', 'unknown', (answer) => endless(answer)],
  [
    'sends us elsewhere',
    'refused',
    (answer) => answer.writeHead(307, { location: 'https://elsewhere.example' }).end(),
  ],
])('a server that %s leaves it %s', (_name, outcome, say) =>
  withServer({ [create]: signedIn, [put]: say }, async ({ channel, io }) => {
    expect(await bluesky().send(channel, frozen, io)).toMatchObject({ outcome })
  }),
)

function endless(answer: ServerResponse) {
  answer.writeHead(200)
  const more = () => {
    if (!answer.destroyed) answer.write('x'.repeat(100_000), () => setImmediate(more))
  }
  answer.on('error', () => {})
  more()
}

test('a sign-in that is limited is to be tried later: the reply surely did not leave', () =>
  withServer(
    { [create]: (answer) => json(answer, 429, { error: 'RateLimitExceeded' }, { 'retry-after': '60' }) },
    async ({ channel, io, asked }) => {
      expect(await bluesky().send(channel, frozen, io)).toMatchObject({
        outcome: 'later',
        retryAfterMs: 60_000,
      })
      expect(asked).toEqual([create])
    },
  ))

test('a renewed password is used at once', () =>
  withServer(
    {
      [create]: (answer, _token, body) =>
        body.includes('renewed')
          ? signedIn(answer, '', '')
          : json(answer, 401, { error: 'AuthenticationRequired', message: 'no' }),
      [put]: stored,
    },
    async ({ channel, io }) => {
      const connector = bluesky()
      await expect(connector.send(channel, frozen, io)).rejects.toMatchObject({ reason: 'password-refused' })
      expect(await connector.send({ ...channel, secret: 'renewed' }, frozen, io)).toMatchObject({
        outcome: 'sent',
      })
    },
  ))

test('without an AppView notifications are silent: one question, then a long wait', () =>
  withServer({ [create]: signedIn }, async ({ channel, io, asked }) => {
    const stopping = new AbortController()
    const source = { sourceId: 'notifications channel', kind: 'notifications', address: '', channel } as const
    const heard: unknown[] = []
    const listening = (async () => {
      for await (const it of bluesky().listen(source, null, { ...io, signal: stopping.signal }))
        heard.push(it)
    })()
    await expect.poll(() => asked.length, { interval: 20 }).toBe(2)
    await new Promise((resolve) => setTimeout(resolve, 300))
    stopping.abort()
    await listening

    expect(asked).toEqual([create, 'app.bsky.notification.listNotifications'])
    expect(heard).toEqual([])
  }))

test('a session is kept while it is used, and forgotten when it is not', () =>
  withServer({ [create]: signedIn, [put]: stored }, async ({ channel, io, asked }) => {
    const sessions = keepSessions(300)
    const call = (secret = channel.secret) =>
      sessions.call({ ...channel, secret }, { nsid: put, input: frozen.record }, io)
    const signIns = () => asked.filter((it) => it === create).length
    for (let i = 0; i < 4; i++) {
      await call()
      await sleep(150)
    }
    expect(signIns()).toBe(1)

    await sleep(500)
    await call()
    expect(signIns()).toBe(2)

    await call('another password')
    expect(signIns()).toBe(3)
  }))

test('a server that asks for a thousand years is not asked again at once', () =>
  withServer(
    {
      [create]: signedIn,
      [notifications]: (answer) =>
        json(answer, 429, { error: 'RateLimitExceeded' }, { 'retry-after': '31536000000' }),
    },
    async ({ channel, io, asked }) => {
      const source = { sourceId: 'n', kind: 'notifications', address: '', channel } as const
      const stream = listenTo(bluesky(), source, null, io)
      await expect.poll(() => asked.includes(notifications), { interval: 10 }).toBe(true)
      await sleep(500)
      await stream.stop()

      expect(asked).toEqual([create, notifications])
    },
  ))

test('what a server says in its errors is cleaned and cut', () =>
  withServer(
    {
      [create]: signedIn,
      [put]: (answer) => json(answer, 400, { error: 'InvalidRequest', message: `no\0 ${'x'.repeat(9_000)}` }),
    },
    async ({ channel, io }) => {
      const sent = await bluesky().send(channel, frozen, io)

      expect(sent).toEqual({ outcome: 'refused', detail: `no\ufffd ${'x'.repeat(496)}` })
    },
  ))
