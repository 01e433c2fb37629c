/** Letters to a real mail server: one recipient whatever a name holds, and nothing of a letter anywhere else. */
import { sql } from 'kysely'
import { afterEach, expect, test } from 'vitest'
import { freshDb } from '../../test/db.ts'
import { testKey } from '../../test/key.ts'
import { type MailServer, startMailServer } from '../../test/mail-server.ts'
import { findAll } from './db.ts'
import { type LetterJob, postLetter, sendLetter } from './mail.jobs.ts'
import { makePostOffice, type PostOffice, transportOf } from './mail.ts'
import { readSender } from './mail-sender.ts'
import { startQueue } from './queue.ts'

const from = { name: 'Evenhand', address: 'care@acme.test' }
const at = new Date('2026-11-02T09:00:00Z')
const servers: MailServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]()
})
async function aServer(options: Parameters<typeof startMailServer>[0] = {}) {
  const server = await startMailServer(options)
  servers.push(server)
  return server
}
const officeOf = (url: string, over: object = {}) =>
  makePostOffice({ mail: { url, from, ...over }, rehearse: false, allow: [] })
const letter = {
  letterId: '01',
  to: 'kim@acme.test',
  subject: 'Ana invites you to Acme',
  text: 'Hello Kim',
}
const send = (office: PostOffice, over: object = {}) =>
  office.send({ ...letter, ...over }, { workspaceId: null, at })

test('a letter arrives at one address, from ours', async () => {
  const server = await aServer()

  const sent = await send(officeOf(server.url))
  const arrived = await server.next('kim@acme.test')

  expect(sent).toEqual({ outcome: 'sent' })
  expect(arrived).toMatchObject({ from: 'care@acme.test', to: ['kim@acme.test'], body: 'Hello Kim\r\n' })
  expect(arrived.head).toContain('Subject: Ana invites you to Acme')
  expect(arrived.head).toContain('From: Evenhand <care@acme.test>')
})

test.each([
  'Ana\r\nBcc: eve@evil.test',
  'Ana\nBcc: eve@evil.test\n\nanother body',
  'Ana\rTo: eve@evil.test',
  'Ana\u2028Bcc: eve@evil.test',
  '"Ana" <eve@evil.test>, eve2@evil.test',
  'Ana, eve@evil.test; eve2@evil.test',
  '=?utf-8?Q?Ana=0D=0ABcc:_eve@evil.test?=',
  `Ana ${'long '.repeat(40)}`,
])('S-23: %j in a subject or a name makes no recipient and no header', async (hostile) => {
  const server = await aServer()
  const names = (head: string) => [...head.matchAll(/^([\w-]+):/gm)].map((it) => it[1])
  await send(officeOf(server.url))
  const usual = await server.next('kim@acme.test')

  await send(officeOf(server.url, { from: { ...from, name: hostile } }), { subject: hostile })
  const arrived = await server.next('kim@acme.test')

  expect(arrived.to).toEqual(['kim@acme.test'])
  expect(arrived.from).toBe('care@acme.test')
  expect(names(arrived.head)).toEqual(names(usual.head))
  expect(arrived.head.match(/^To: .*$/m)?.[0]).toBe('To: kim@acme.test')
  expect(arrived.head).not.toMatch(/^(bcc|cc):/im)
  expect(arrived.head.match(/^From: .*(\r\n .*)*$/m)?.[0]).toMatch(/<care@acme\.test>$/)
})

test('S-23: an address that holds more than an address is no recipient', async () => {
  const server = await aServer()

  const hostile = [
    'kim@acme.test\r\nRCPT TO:<eve@evil.test>',
    'kim@acme.test>\nBcc: eve@evil.test',
    'a@b, c@d',
  ]
  const sent = await Promise.all(hostile.map((to) => send(officeOf(server.url), { to })))

  expect(sent.map((it) => it.outcome)).toEqual(['refused', 'refused', 'refused'])
  expect(server.arrived).toEqual([])
})

test('without TLS a letter goes to this machine and to a named server only', () => {
  expect(transportOf('smtp://127.0.0.1:25', [])).toMatchObject({ requireTLS: false, secure: false })
  expect(transportOf('smtp://mail.example.com', [])).toMatchObject({ requireTLS: true, port: 587 })
  expect(transportOf('smtp://10.0.0.5:25', ['10.0.0.5:25'])).toMatchObject({ requireTLS: false })
  expect(transportOf('smtp://10.0.0.5:25', ['10.0.0.5:587'])).toMatchObject({ requireTLS: true })
  expect(transportOf('smtps://a%40b:p%3Aw@mail.example.com', [])).toMatchObject({
    secure: true,
    port: 465,
    auth: { user: 'a@b', pass: 'p:w' },
  })
})

test('a server that shows a certificate of nobody gets no letter and no password', async () => {
  const tried: string[] = []
  const server = await aServer({
    secure: true,
    authOptional: false,
    onAuth: (auth, _session, done) => {
      tried.push(String(auth.password))
      done(null, { user: 'care' })
    },
  })

  const sent = await send(officeOf(server.url.replace('//', '//care:secret@')))

  expect(sent.outcome).toBe('later')
  expect(tried).toEqual([])
  expect(server.arrived).toEqual([])
})

test('what a server says no to is told by its codes alone: its sentence may repeat the letter', async () => {
  const refusing = await aServer({
    onRcptTo: (_to, _session, done) =>
      done(Object.assign(new Error('kim@acme.test is unknown, canary-7Q'), { responseCode: 550 })),
  })
  const busy = await aServer({
    onRcptTo: (_to, _session, done) =>
      done(Object.assign(new Error('kim@acme.test later, canary-7Q'), { responseCode: 451 })),
  })

  const refused = await send(officeOf(refusing.url))
  const later = await send(officeOf(busy.url))
  const gone = await send(officeOf('smtp://127.0.0.1:9'))

  expect(refused).toEqual({ outcome: 'refused', detail: 'EENVELOPE RCPT TO 550' })
  expect(later).toEqual({ outcome: 'later', detail: 'EENVELOPE RCPT TO 451' })
  expect(gone.outcome).toBe('later')
})

test('a rehearsal sends nothing and keeps the last fifty, the newest first', async () => {
  const office = makePostOffice({ mail: { url: 'smtp://127.0.0.1:9', from }, rehearse: true, allow: [] })

  for (let n = 1; n <= 60; n++) await send(office, { letterId: String(n), subject: `Letter ${n}` })
  await send(office, { letterId: '60', subject: 'Letter 60' })

  expect(office.kept()).toHaveLength(50)
  expect(office.kept()[0]!.subject).toBe('Letter 60')
})

test('S-20: a letter that waits is sealed in the database, and its failures say nothing of it', async () => {
  await using it = await freshDb()
  const errors: string[] = []
  const tools = {
    postOffice: officeOf('smtp://127.0.0.1:9'),
    master: testKey,
    now: () => at,
    tellInvitation: async () => {},
  }
  const canary = 'canary-token-Xk29'
  await it.db.transaction().execute((tx) =>
    postLetter(
      tx,
      {
        to: 'kim@acme.test',
        subject: canary,
        text: `https://x/#${canary}`,
        until: new Date(at.getTime() + 1_000),
      },
      { workspaceId: null },
      { master: testKey, at },
    ),
  )
  const queue = await startQueue({
    url: it.url,
    tasks: { 'send-mail': (job: LetterJob, isLastTry) => sendLetter(tools, job, isLastTry) },
    onError: (error) => errors.push(`${error.message} ${error.stack}`),
    pollMs: 50,
  })

  await expect.poll(() => errors.length, { timeout: 10_000 }).toBeGreaterThan(0)
  await queue.stop()
  const rows = await findAll(
    it.owner,
    sql<{ row: string }>`select j::text as row from graphile_worker._private_jobs j`,
  )

  expect(rows).toHaveLength(1)
  for (const said of [...errors, ...rows.map((it) => it.row)]) {
    expect(said).not.toContain(canary)
    expect(said).not.toContain('kim@acme.test')
  }
})

test('a letter whose link has run out is not sent any more', async () => {
  const office = makePostOffice({ mail: null, rehearse: true, allow: [] })
  await using it = await freshDb()
  await it.db
    .transaction()
    .execute((tx) => postLetter(tx, { ...letter, until: at }, { workspaceId: null }, { master: testKey, at }))
  const [{ payload } = { payload: null }] = await findAll(
    it.owner,
    sql<{ payload: LetterJob | null }>`select payload from graphile_worker._private_jobs`,
  )

  await sendLetter(
    { postOffice: office, master: testKey, now: () => at, tellInvitation: async () => {} },
    payload!,
    false,
  )

  expect(office.kept()).toEqual([])
})

test.each([
  ['Evenhand <care@example.com>', { name: 'Evenhand', address: 'care@example.com' }],
  ['"Acme, care" <care@example.com>', { name: 'Acme, care', address: 'care@example.com' }],
  ['care@example.com', { name: 'Evenhand', address: 'care@example.com' }],
  ['care', null],
  ['Evenhand <care@example.com>, eve@evil.test', null],
  ['Evenhand <care@example.com> <eve@evil.test>', null],
  ['Even\r\nBcc: eve@evil.test <care@example.com>', null],
])('the sender %j', (text, sender) => {
  expect(readSender(text)).toEqual(sender)
})
