/** `npm start` as a person meets it: the real program, its own data, and a sentence for whatever is in the way. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { sql } from 'kysely'
import { afterAll, expect, test, vi } from 'vitest'
import { openDb } from '../src/base/db.ts'
import { freePort } from '../src/base/embedded-postgres.ts'
import { giveToServer } from '../src/base/server-account.ts'
import { freshDb } from './db.ts'
import { testKey } from './key.ts'
import { freshFolder, runProgram, stopPrograms } from './running-program.ts'

// A start is a second on an idle machine and many on a busy one.
vi.setConfig({ testTimeout: 90_000 })

const folders: string[] = []
afterAll(async () => {
  await stopPrograms()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
const setupLink = /http:\/\/localhost:\d+\/setup#(\S{20,})/

function aFolder(): string {
  const folder = freshFolder()
  folders.push(folder)
  return folder
}

async function aPlace(): Promise<{ EVENHAND_DATA: string; PORT: string }> {
  return { EVENHAND_DATA: join(aFolder(), 'data'), PORT: String(await freePort()) }
}

const door = async (port: string) => (await fetch(`http://localhost:${port}/api/door`)).json()

test('the first start prints the setup link once, and stops in good order', async () => {
  const place = await aPlace()
  const program = runProgram(place)

  await program.until(setupLink)
  const ready = await fetch(`http://localhost:${place.PORT}/readyz`)
  const asked = Date.now()
  const code = await program.stop()

  expect(await ready.json()).toEqual({ status: 'ready', database: 'there', sources: {} })
  expect(program.said().match(new RegExp(setupLink, 'g'))).toHaveLength(1)
  expect(code).toBe(0)
  expect(Date.now() - asked).toBeLessThan(10_000)
  expect(statSync(join(place.EVENHAND_DATA, 'key')).mode & 0o777).toBe(0o600)
  expect(existsSync(join(place.EVENHAND_DATA, 'lock'))).toBe(false)
  expect(existsSync(join(place.EVENHAND_DATA, 'postgres/postmaster.pid'))).toBe(false)
})

test('a program killed without warning starts again on what its database left behind, with a new link', async () => {
  const place = await aPlace()
  const first = runProgram(place)
  const [, oldToken] = await first.until(setupLink)
  const orphan = readFileSync(join(place.EVENHAND_DATA, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]
  await first.stop('SIGKILL')

  const second = runProgram(place)
  const [, newToken] = await second.until(setupLink)

  const postgres = readFileSync(join(place.EVENHAND_DATA, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]
  expect(postgres).not.toBe(orphan)
  expect(newToken).not.toBe(oldToken)
  const setUp = (token: string) =>
    fetch(`http://localhost:${place.PORT}/api/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        token,
        name: 'Ana Ruiz',
        email: 'ana@acme.test',
        password: 'a long enough one',
        brand: 'Acme',
        timeZone: 'Europe/London',
      }),
    })
  expect((await setUp(oldToken!)).status).toBe(410)
  expect((await setUp(newToken!)).status).toBe(200)
  expect(await second.stop()).toBe(0)
})

test('a second program on the same data leaves the first one alone', async () => {
  const place = await aPlace()
  const first = runProgram(place)
  await first.until(setupLink)

  const second = runProgram({ ...place, PORT: String(await freePort()) })

  expect(await second.exitCode).toBe(1)
  expect(second.said()).toBe(
    `Evenhand already runs on ${place.EVENHAND_DATA} (process ${first.pid}): use that one, stop it first, or set EVENHAND_DATA to another folder.\n`,
  )
  expect(await door(place.PORT)).toEqual({ phase: 'setup', blocked: null, rehearsal: false })
  expect(await first.stop()).toBe(0)
})

test('two programs started on the same data at the same moment: one of them runs', async () => {
  const { EVENHAND_DATA } = await aPlace()
  const both = [await freePort(), await freePort()].map((port) =>
    runProgram({ EVENHAND_DATA, PORT: String(port) }),
  )

  const loser = await Promise.race(both.map((it) => it.exitCode.then(() => it)))
  const winner = both.find((it) => it !== loser)!

  await winner.until(setupLink)
  expect(loser.said()).toMatch(/^Evenhand already runs on /)
  expect(await winner.stop()).toBe(0)
})

test('a busy port is one sentence, and no database is made for it', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const { port } = other.address() as { port: number }
  const place = { ...(await aPlace()), PORT: String(port) }

  const program = runProgram(place)

  expect(await program.exitCode).toBe(1)
  expect(program.said()).toBe(
    `Port ${port} is in use by another program: stop that one, or start here with \`PORT=${port + 1} npm start\`.\n`,
  )
  expect(existsSync(join(place.EVENHAND_DATA, 'postgres'))).toBe(false)
  other.close()
})

test('data of a newer PostgreSQL is left as it is', async () => {
  const place = await aPlace()
  mkdirSync(join(place.EVENHAND_DATA, 'postgres'), { recursive: true })
  giveToServer(join(place.EVENHAND_DATA, 'postgres'))
  writeFileSync(join(place.EVENHAND_DATA, 'postgres/PG_VERSION'), '19\n')

  const program = runProgram(place)

  expect(await program.exitCode).toBe(1)
  expect(program.said()).toMatch(
    /^The data in \S+ was written by PostgreSQL 19, newer than the 18 of this release/,
  )
})

test('data of a newer Evenhand is left as it is', async () => {
  await using it = await freshDb()
  await sql`insert into kysely_migration (name, timestamp) values ('0099_of_tomorrow', now()::text)`.execute(
    it.owner,
  )

  const program = runProgram({
    ...(await aPlace()),
    DATABASE_URL: it.ownerUrl,
    EVENHAND_KEY: testKey.toString('hex'),
  })

  expect(await program.exitCode).toBe(1)
  expect(program.said()).toBe(
    'This data was written by a newer release of Evenhand (it knows 0099_of_tomorrow): nothing was changed; install that release again.\n',
  )
})

test('an outside database that gives too few rights gets the SQL that mends it', async () => {
  await using it = await freshDb()
  const admin = openDb(it.ownerUrl, { max: 1 })
  const name = new URL(it.ownerUrl).pathname.slice(1)
  const owner = `owner_of_${name}`
  await sql`create role ${sql.id(owner)} login password 'secret'`.execute(admin.db)
  await sql`create database ${sql.id(`${name}_own`)}`.execute(admin.db)
  const url = Object.assign(new URL(it.ownerUrl), {
    username: owner,
    password: 'secret',
    pathname: `/${name}_own`,
  })
  const superuser = openDb(it.ownerUrl.replace(name, `${name}_own`), { max: 1 })
  const settings = { ...(await aPlace()), DATABASE_URL: url.href, EVENHAND_KEY: testKey.toString('base64') }

  const refused = runProgram(settings)
  expect(await refused.exitCode).toBe(1)
  const [, statements] = refused.said().match(/lacks a right .* run `(.+)` and start again\.\n$/)!
  expect(statements).toContain(`alter role "${owner}" createrole;`)
  await sql.raw(statements!).execute(superuser.db)

  const program = runProgram(settings)
  await program.until(setupLink)
  const second = runProgram({ ...settings, PORT: String(await freePort()) })
  expect(await second.exitCode).toBe(1)
  expect(second.said()).toMatch(/^Evenhand already runs on this database/)
  expect(await program.stop()).toBe(0)

  await superuser.db.destroy()
  await sql`drop database ${sql.id(`${name}_own`)} with (force)`.execute(admin.db)
  await sql`drop owned by ${sql.id(owner)}`.execute(admin.db)
  await sql`drop role ${sql.id(owner)}`.execute(admin.db)
  await admin.db.destroy()
})

test('an outside database of an installation with another key is left as it is', async () => {
  await using it = await freshDb()
  const place = { ...(await aPlace()), DATABASE_URL: it.ownerUrl }

  const without = runProgram(place)
  expect(await without.exitCode).toBe(1)
  expect(without.said()).toMatch(/^This database holds an installation whose key is not in \S+: put its file/)

  const wrong = runProgram({ ...place, EVENHAND_KEY: '08'.repeat(32) })
  expect(await wrong.exitCode).toBe(1)
  expect(wrong.said()).toMatch(
    /^The roles on this PostgreSQL server were made by an installation with another key/,
  )

  const right = runProgram({ ...place, EVENHAND_KEY: '07'.repeat(32) })
  await right.until(setupLink)
  expect(await right.stop()).toBe(0)
})

test('an outside database that is not there, or does not know us, is one sentence', async () => {
  await using it = await freshDb()
  const place = await aPlace()
  const wrong = Object.assign(new URL(it.ownerUrl), { password: 'wrong' })

  for (const url of [`postgres://evenhand:x@127.0.0.1:${await freePort()}/evenhand`, wrong.href]) {
    const program = runProgram({ ...place, DATABASE_URL: url })

    expect(await program.exitCode).toBe(1)
    expect(program.said()).toMatch(
      /^The database \S+ at 127\.0\.0\.1:\d+ does not let us in \(.+\): check DATABASE_URL/,
    )
    expect(program.said()).not.toContain('wrong')
    expect(program.said().trim().split('\n')).toHaveLength(1)
  }
})

test('over plain HTTP on anything but localhost nobody can sign in, and the console says so', async () => {
  const place = await aPlace()
  const program = runProgram({ ...place, HOST: '0.0.0.0' })

  await program.until(/Nobody can sign in there/)

  expect(await door(place.PORT)).toMatchObject({ blocked: 'not-https' })
  expect(program.said()).not.toContain('/setup#')
  expect(await program.stop()).toBe(0)
})

test('with an https address nobody is asked for a password by another way', async () => {
  const place = await aPlace()
  const program = runProgram({
    ...place,
    HOST: '0.0.0.0',
    EVENHAND_URL: 'https://care.example.com',
    EVENHAND_PROXY: '127.0.0.2',
  })
  await program.until(/https:\/\/care\.example\.com\/setup#/)
  const blockedAt = async (host: string) => {
    const answer = await new Promise<IncomingMessage>((resolve) =>
      get({ host: '127.0.0.1', port: place.PORT, path: '/api/door', headers: { host } }, resolve),
    )
    return ((await json(answer)) as { blocked: string | null }).blocked
  }

  expect(await blockedAt('care.example.com')).toBe(null)
  expect(await blockedAt(`localhost:${place.PORT}`)).toBe(null)
  expect(await blockedAt('192.168.1.5')).toBe('not-https')
  expect(await program.stop()).toBe(0)
})

test('a rehearsal has a folder of its own and a link that signs in once', async () => {
  const place = await aPlace()
  const program = runProgram(place, ['--rehearse'])

  const [, token] = await program.until(/\/sign-in#(\S{20,})/)
  const open = () =>
    fetch(`http://localhost:${place.PORT}/api/sign-in-link`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    })

  expect((await open()).status).toBe(200)
  expect((await open()).status).toBe(410)
  expect(existsSync(place.EVENHAND_DATA)).toBe(false)
  expect(existsSync(`${place.EVENHAND_DATA}-rehearsal/key`)).toBe(true)
  expect(await program.stop()).toBe(0)
})
