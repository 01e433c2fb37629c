/** S-35, what can be seen without a network of one's own: `test/long/ports.test.ts` scans it from another. */
import { readFileSync, rmSync, statSync } from 'node:fs'
import { platform } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../src/base/embedded-postgres.ts'
import { family, type Listening, listeningOf, nameOf, uidOf } from './listening-sockets.ts'
import { freshFolder, runProgram, stopPrograms } from './running-program.ts'

if (platform() !== 'linux') console.warn('PORTS NOT LOOKED AT: this machine has no /proc.')

describe.runIf(platform() === 'linux')('a fresh installation', { timeout: 90_000 }, () => {
  const folder = freshFolder()
  const data = join(folder, 'data')
  let port: number
  let program: ReturnType<typeof runProgram>
  let sockets: Listening[]
  beforeAll(async () => {
    port = await freePort()
    program = runProgram({ EVENHAND_DATA: data, PORT: String(port) })
    await program.until(/\/setup#/)
    sockets = listeningOf(family(program.pid))
  }, 90_000)
  afterAll(async () => {
    await stopPrograms()
    rmSync(folder, { recursive: true, force: true })
  })

  const databasePort = () =>
    Number(readFileSync(join(data, 'postgres/postmaster.pid'), 'utf8').split('\n')[3])
  const connect = async (user: string, password: string, database: string) => {
    const client = new pg.Client({
      host: '127.0.0.1',
      port: databasePort(),
      user,
      password,
      database,
    })
    return client.connect().then(
      () => client.end().then(() => 'came in'),
      (error: Error) => error.message,
    )
  }

  test('listens on two ports of the loopback: its own and that of its database', () => {
    expect(sockets.map((it) => it.address)).toEqual(['127.0.0.1', '127.0.0.1'])
    expect(sockets.map((it) => it.port).sort()).toEqual([port, databasePort()].sort())
    expect(readFileSync(join(data, 'postgres/postmaster.pid'), 'utf8').split('\n')[4]).toBe('')
  })

  test('runs no process of its database as root', () => {
    const database = family(sockets.find((it) => it.port === databasePort())!.pid)

    expect(database.length).toBeGreaterThan(3)
    expect(database.map(nameOf).filter((name) => name !== 'postgres')).toEqual([])
    expect(database.map(uidOf)).not.toContain(0)
    expect(statSync(join(data, 'postgres')).mode & 0o077).toBe(0)
  })

  test.each(['evenhand', 'evenhand_app', 'evenhand_reach', 'postgres'])(
    'lets nobody into its database as %s without the generated password',
    async (user) => {
      const usual = [' ', user, 'evenhand', 'postgres', 'password', 'admin', 'test', 'changeme']
      for (const password of usual)
        for (const database of ['postgres', 'evenhand'])
          expect(await connect(user, password, database), password).toMatch(/password authentication failed/)
    },
  )

  test('believes nobody for where they come from: each line of pg_hba asks for a password', () => {
    const lines = readFileSync(join(data, 'postgres/pg_hba.conf'), 'utf8').split('\n')
    const methods = lines
      .filter((line) => /^(local|host)/.test(line))
      .map((line) => line.trim().split(/\s+/).at(-1))

    expect(new Set(methods)).toEqual(new Set(['scram-sha-256']))
  })

  test('has nobody in it: no usual name and password signs in, and no setup goes without the link', async () => {
    const ask = (path: string, body: object) =>
      fetch(`http://localhost:${port}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }).then((answer) => answer.status)

    for (const [email, password] of [
      ['admin@example.com', 'admin'],
      ['admin@localhost.test', 'password'],
      ['root@example.com', 'root'],
      ['evenhand@example.com', 'evenhand'],
    ])
      expect(await ask('/api/session', { email, password })).toBe(422)
    const form = {
      name: 'A',
      email: 'a@b.test',
      password: 'long enough to be good',
      brand: 'A',
      timeZone: 'UTC',
    }
    for (const token of ['a'.repeat(43), '0'.repeat(43)])
      expect([404, 410]).toContain(await ask('/api/setup', { ...form, token }))
  })
})
