/**
 * Secrets never come out (S-20): planted everywhere, then looked for in every answer, error, export and line of the log,
 * and in every row of the database. What kinds there are stands in canary/secrets.ts.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../src/base/clock.ts'
import { findAll } from '../src/base/db.ts'
import { freePort } from '../src/base/embedded-postgres.ts'
import { makeLog } from '../src/base/log.ts'
import { makePostOffice } from '../src/base/mail.ts'
import { unseal } from '../src/base/secret.ts'
import { makeBackup } from '../src/portable/backup.jobs.ts'
import { exportWorkspace } from '../src/portable/export.jobs.ts'
import { openZip } from '../src/portable/zip-in.ts'
import { sealAll } from '../src/staff/audit-seal.jobs.ts'
import { type Planted, plantSecrets, typed } from './canary/secrets.ts'
import { testKey } from './key.ts'
import { type Ask, entries } from './walls/entries.ts'
import { type Answer, aWalledHouse, type WalledHouse } from './walls/house.ts'

let house: WalledHouse
let planted: Planted
const logged: string[] = []
beforeAll(async () => {
  house = await aWalledHouse({ log: makeLog('trace', { write: (line) => void logged.push(line) }) })
  planted = await plantSecrets(house)
})
afterAll(() => house[Symbol.asyncDispose]())

// First, while everything that its requests name is still there.
test('what is kept for who asks again holds no secret, even when it is opened', async () => {
  const { cookie } = await house.door.signIn(house.ours)
  const shown: string[] = []
  for (const [key, { once = [] }] of house.contracts) {
    // One that is refused here is told of in the test of its room.
    if (once.length === 0 || entries[key]!.answers) continue
    const asked = entries[key]!.ask(house.ours)
    const headers = { cookie, 'idempotency-key': key.replaceAll(' ', '-') }
    const [first, again] = [await house.call(key, asked, headers), await house.call(key, asked, headers)]
    const [before, after] = [first, again].map((it) => JSON.parse(it.text) as Record<string, unknown>)
    expect([first.status, again.headers['idempotent-replayed']], key).toEqual([200, 'true'])
    expect(after, key).toEqual({ ...before, ...Object.fromEntries(once.map((name) => [name, null])) })
    shown.push(...once.map((name) => before![name]).filter((it) => typeof it === 'string'))
  }
  const kept = await findAll(
    house.it.owner,
    sql<{ holderId: string; key: string; sealedAnswer: string }>`select holder_id, key, sealed_answer
      from idempotency_keys where sealed_answer is not null`,
  )
  const opened = kept
    .map((it) => unseal(it.sealedAnswer, testKey, `wish:${it.holderId}:${it.key}`))
    .join('\n')

  expect(shown.length).toBeGreaterThanOrEqual(3)
  expect(kept.length).toBeGreaterThanOrEqual(5)
  for (const secret of shown) expect(opened).not.toContain(secret)
  expect(opened).not.toMatch(/evh_[0-9A-Za-z]{20}|whsec_\w{20}|#[\w-]{43}/)
}, 60_000)

test('a mail server that cannot be reached is told of without its password', async () => {
  const secret = 'canary-of-the-mail-server'
  const url = `smtp://care:${secret}@127.0.0.1:${await freePort()}`
  const from = { name: 'Care', address: 'care@acme.test' }
  const office = makePostOffice({ mail: { url, from }, rehearse: false, allow: [] })
  const letter = { letterId: newId(), to: 'ana@acme.test', subject: 'Hello', text: 'Hello' }

  const sent = await office.send(letter, { workspaceId: null, at: new Date() })

  expect(sent.outcome).toBe('later')
  expect(JSON.stringify(sent)).not.toContain(secret)
})

test('no secret is in any answer, whoever asks and whatever is asked', async () => {
  const { headers, secrets } = planted
  const walks = Object.entries(entries).filter(([, entry]) => !entry.isStream)
  let answers = 0
  let good = 0
  for (const [key, entry] of walks) {
    const asked = entry.ask(house.ours)
    const withSecrets = typing(asked)
    const wrong = {
      ...withSecrets,
      body: { ...withSecrets.body, appPassword: 7, unknown: Object.values(secrets).join(' ') },
    }
    const bearer = { authorization: `Bearer ${secrets['API key']}` }
    for (const [ask, as] of [
      [withSecrets, headers],
      [wrong, headers],
      [withSecrets, {}],
      [withSecrets, bearer],
      [asked, headers],
    ] as const) /* biome-ignore format: who asks for what */ {
      const answer = await house.call(key, ask, as)
      answers += 1
      if (answer.status === 200) good += 1
      expect(found(textOf(answer), secrets), key).toEqual([])
      if (key === 'DELETE /api/session') break
    }
  }

  expect(answers).toBeGreaterThan(300)
  expect(good).toBeGreaterThan(100)
}, 120_000)

test('no secret is in an export, nor in what the log of the program says', async () => {
  const { cookie } = await house.door.signIn(house.ours)
  await sealAll(house.it.db)
  for (const format of ['csv', 'jsonl']) {
    const answer = await house.app.inject({ url: `/api/audit/export?format=${format}`, headers: { cookie } })
    expect(answer.statusCode).toBe(200)
    expect(answer.body.length).toBeGreaterThan(1_000)
    expect(found(answer.body, planted.secrets)).toEqual([])
  }

  expect(logged.length).toBeGreaterThan(0)
  expect(found(logged.join(''), planted.secrets)).toEqual([])
})

test('in the database every secret is sealed or a digest, whole or in part', async () => {
  const tables = await findAll(
    house.it.owner,
    sql<{ schema: string; name: string }>`select table_schema as schema, table_name as name
      from information_schema.tables where table_schema in ('public', 'graphile_worker') and table_type = 'BASE TABLE'`,
  )
  const hits: string[] = []
  for (const { schema, name } of tables) {
    const rows = await findAll(
      house.it.owner,
      sql<{ text: string }>`select t::text as text from ${sql.id(schema, name)} t`,
    )
    const known = planted.known.filter((it) => it.table === name).map((it) => it.secret)
    const text = rows.map((row) => row.text).join('\n')
    hits.push(
      ...found(text, planted.secrets)
        .filter((it) => !known.includes(it))
        .map((it) => `${name}: ${it}`),
    )
  }

  expect(tables.length).toBeGreaterThan(40)
  expect(hits).toEqual([])
})

test('no secret is in a backup, its manifest, or the export of a workspace', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenhand-canary-'))
  const now = () => new Date()
  const { it, ours } = house
  const backup = join(folder, 'backup.zip')
  const carried = join(folder, 'export.zip')
  await makeBackup({ ownerUrl: it.ownerUrl, master: testKey, now }, { file: backup, withKey: false })
  await exportWorkspace({ db: it.db, now }, { ...ours, file: carried })

  for (const file of [backup, carried]) {
    await using zip = await openZip(file, { files: 500, bytes: 1e9, ratio: 1e5 })
    expect(zip.names).toContain('manifest.json')
    const all = await Promise.all(zip.names.map((name) => zip.text(name, 1e9)))
    expect(all.join('\n')).toContain('heron: my parcel never came')
    for (const name of zip.names) {
      // What stands in a table all the same stands there in the backup too.
      const known = planted.known
        .filter(({ table }) => name === `tables/${table}.copy`)
        .map((one) => one.secret)
      const hits = found((await zip.bytes(name, 1e9)).toString('latin1'), planted.secrets)
      expect(
        hits.filter((one) => !known.includes(one)),
        `${file} ${name}`,
      ).toEqual([])
    }
  }
  rmSync(folder, { recursive: true, force: true })
})

test('looking finds what is there: in the plain, in hex and in base64', () => {
  const secrets = { one: 'canary-of-this-test' }
  for (const encoding of ['utf8', 'hex', 'base64'] as const)
    expect(found(`x${Buffer.from(secrets.one).toString(encoding)}x`, secrets)).toEqual(['one'])
})

/** The same request, with a planted secret wherever a form asks for one. */
function typing(asked: Ask): Ask {
  const names = Object.keys(typed) as (keyof typeof typed)[]
  const body = asked.body && { ...asked.body }
  for (const name of names) if (typeof body?.[name] === 'string') body[name] = typed[name]
  return { ...asked, ...(body && { body }) }
}

/** Cookies are how a browser is given its own session; everything else of an answer is looked at. */
function textOf({ text, headers: { 'set-cookie': _, ...headers } }: Answer): string {
  return `${JSON.stringify(headers)}\n${text}`
}

/** The names of those that are in it, also in hex (how a dump shows bytes) or in base64. */
function found(text: string, secrets: Record<string, string>): string[] {
  return Object.entries(secrets)
    .filter(([, secret]) => {
      const bytes = Buffer.from(secret)
      return [secret, bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, '')].some((it) =>
        text.includes(it),
      )
    })
    .map(([name]) => name)
}
